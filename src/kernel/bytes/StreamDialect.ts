/** What a dialect says of an answer to who passes its bytes on. */
import type { Frame } from "../../events/types/Traffic.ts"

export interface StreamDialect {
  /** True for a chunk that ends the stream for the client, whatever comes behind it. */
  readonly isLastFrame: (chunk: Uint8Array) => boolean
  /** The frame that tells the client of a failure in mid-stream. */
  readonly errorFrame: (error: unknown) => Uint8Array
  /** No frame can tell it: the connection breaks. Absent: `errorFrame` tells it. */
  readonly breaks?: boolean
  /** The JSON value by which a whole answer says that it is a failure, whatever its status; undefined: it is none. */
  readonly failureIn?: (answer: {
    readonly json: unknown
    readonly frames: ReadonlyArray<Frame> | undefined
  }) => unknown
}

/** Server-sent events of no dialect: nothing ends them but their end. */
export const plain: StreamDialect = {
  isLastFrame: () => false,
  errorFrame: (error) => Buffer.from(`data: ${JSON.stringify(error)}\n\n`)
}
