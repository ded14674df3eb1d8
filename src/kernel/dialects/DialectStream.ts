/** The frames of a stream in a dialect, to who passes its bytes on. */
import type { StreamDialect } from "../bytes/StreamDialect.ts"
import type { Dialect } from "./Dialect.ts"

/** Bytes of the longest last frame, with the white space around it: a longer chunk is not looked at. */
const longest = 96

export const of = ({ errors, isLastFrame }: Dialect): StreamDialect => ({
  isLastFrame: (chunk) => chunk.length <= longest && isLastFrame(Buffer.from(chunk).toString("latin1")),
  errorFrame: errors.frame
})
