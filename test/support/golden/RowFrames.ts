/** The frames of a stream: two line ends in a row end one, and a line ends in LF, CR or CRLF. */
import { isUtf8 } from "node:buffer"
import type { RowStream } from "./RowWriter.ts"

const lineEnd = String.raw`(?:\r\n|\r(?!\n)|\n)`
const frame = new RegExp(String.raw`[^]*?${lineEnd}${lineEnd}|[^]+$`, "g")

const emptyLine = new RegExp(lineEnd + lineEnd)

/** Bytes that are no text stand in base64: frame by frame since these are cut, where there are any, else as they came. */
export const of = ({ bytes, chunks }: RowStream) => {
  if (isUtf8(bytes)) return { encoding: "utf-8" as const, frames: bytes.toString("utf8").match(frame) ?? [] }
  const characters = bytes.toString("latin1")
  const frames = emptyLine.test(characters)
    ? characters.match(frame)!.map((each) => Buffer.from(each, "latin1").toString("base64"))
    : chunks
  return { encoding: "base64" as const, frames }
}
