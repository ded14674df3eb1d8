/** The frames of a stream: two line ends in a row end one, and a line ends in LF, CR or CRLF. */
import { isUtf8 } from "node:buffer"
import type { RowStream } from "./RowWriter.ts"

const lineEnd = String.raw`(?:\r\n|\r(?!\n)|\n)`
const frame = new RegExp(String.raw`[^]*?${lineEnd}${lineEnd}|[^]+$`, "g")

/** Bytes that are no text stand as they came, in base64. */
export const of = ({ bytes, chunks }: RowStream) =>
  isUtf8(bytes)
    ? { encoding: "utf-8" as const, frames: bytes.toString("utf8").match(frame) ?? [] }
    : { encoding: "base64" as const, frames: chunks }
