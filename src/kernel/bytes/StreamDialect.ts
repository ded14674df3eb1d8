/** What a stream's dialect says of its frames to who passes its bytes on. */
export interface StreamDialect {
  /** True for a chunk that ends the stream for the client, whatever comes behind it. */
  readonly isLastFrame: (chunk: Uint8Array) => boolean
  /** The frame that tells the client of a failure in mid-stream. */
  readonly errorFrame: (error: unknown) => Uint8Array
}

/** Server-sent events of no dialect: nothing ends them but their end. */
export const plain: StreamDialect = {
  isLastFrame: () => false,
  errorFrame: (error) => Buffer.from(`data: ${JSON.stringify(error)}\n\n`)
}
