/** An answer in a dialect, to who passes its bytes on. */
import type { StreamDialect } from "../bytes/StreamDialect.ts"
import type { Dialect } from "./Dialect.ts"
import { longestLastFrame } from "./sse/EndOfStream.ts"

export const of = ({ errors, failureIn, isLastFrame }: Dialect): StreamDialect => ({
  isLastFrame: (chunk) => chunk.length <= longestLastFrame && isLastFrame(Buffer.from(chunk).toString("latin1")),
  errorFrame: errors.frame,
  failureIn
})
