/** The frames of a stream of chat completion chunks, to who passes them on. */
import type { StreamDialect } from "../../bytes/StreamDialect.ts"
import * as StreamDialects from "../../bytes/StreamDialect.ts"
import { isDoneFrame } from "./Wire.ts"

/** Bytes of the last frame, whatever white space is around it. */
const longestEnd = 32

export const dialect: StreamDialect = {
  ...StreamDialects.plain,
  isLastFrame: (chunk) => chunk.length <= longestEnd && isDoneFrame(Buffer.from(chunk).toString("latin1"))
}
