/** How a streamed answer is cut into frames, and what each of them says: of server-sent events, where nothing else is. */
import { SseCutter } from "./SseCutter.ts"

/** Cuts bytes that come in pieces, wherever they are torn. */
export interface FrameCutter {
  /** Where frames end in the next bytes; 0: the frame before had its end already. */
  readonly ends: (bytes: Uint8Array) => Array<number>
  /** True once no frame can end any more: what is left says why. */
  readonly isBroken?: boolean
}

export interface Framing {
  /** What its answers are called; undefined: `text/event-stream`. */
  readonly contentType?: RegExp
  /** Whether its bytes are no text, whatever stands in them. */
  readonly isBinary: boolean
  readonly cutter: () => FrameCutter
  /** What a frame says, as the text of a server-sent event: all who read answers read these. */
  readonly textOf: (frame: Uint8Array) => string
  /** The frame that says an event's text. */
  readonly frameOf: (text: string) => Uint8Array
  /** Where the first whole frame begins in bytes that begin anywhere; their length: nowhere. */
  readonly beginningIn: (bytes: Uint8Array) => number
}

export const serverSentEvents: Framing = {
  isBinary: false,
  cutter: () => new SseCutter(),
  textOf: ({ buffer, byteLength, byteOffset }) => Buffer.from(buffer, byteOffset, byteLength).toString("utf8"),
  frameOf: (text) => Buffer.from(text),
  beginningIn: (bytes) => new SseCutter().ends(bytes)[0] ?? bytes.length
}

/** Where each frame in all bytes of a stream ends, the last one whether or not it is whole. */
export const endsIn = ({ cutter }: Framing, bytes: Uint8Array): ReadonlyArray<number> => {
  const ends = cutter().ends(bytes)
  if ((ends.at(-1) ?? 0) < bytes.length) ends.push(bytes.length)
  return ends
}

/** Stands before what is no frame: the bytes behind it are nobody's. */
const broken = "event: broken_frame\n"

export const brokenFrame = (message: string): string =>
  `${broken}data: ${JSON.stringify({ error: { type: "broken_frame", message } })}\n\n`

export const isBrokenFrame = (text: string): boolean => text.startsWith(broken)

/** Of a frame that is not whole: it says nothing. */
export const tornFrame = ": torn\n\n"

/** The longest frame that is read: a stream with a longer one is broken. */
export const longestFrame = 4 * 1024 * 1024
