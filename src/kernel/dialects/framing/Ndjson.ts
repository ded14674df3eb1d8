/** Streams of JSON objects, one a line, as Ollama sends them. */
import { isUtf8 } from "node:buffer"
import type { FrameCutter, Framing } from "../../../events/types/Framing.ts"
import { brokenFrame, longestFrame, tornFrame } from "../../../events/types/Framing.ts"
import { isFields, parse } from "../../../events/types/JsonAccess.ts"
import { bufferOf } from "../../bytes/WholeBody.ts"
import { dataOf } from "../sse/SseFrame.ts"

const LF = 10

class LineCutter implements FrameCutter {
  /** Bytes of the line that has no end yet. */
  #open = 0

  ends(bytes: Uint8Array): Array<number> {
    const ends: Array<number> = []
    let start = 0
    for (let at = bytes.indexOf(LF); at !== -1; at = bytes.indexOf(LF, start)) {
      start = at + 1
      ends.push(start)
      this.#open = 0
    }
    this.#open += bytes.length - start
    return ends
  }

  get isBroken(): boolean {
    return this.#open > longestFrame
  }
}

const textOf = (line: Uint8Array): string => {
  if (line.length > longestFrame) return brokenFrame(`a line is longer than ${longestFrame} bytes`)
  const isWhole = line.at(-1) === LF
  if (!isUtf8(line)) return isWhole ? brokenFrame("a line is no UTF-8") : tornFrame
  const text = bufferOf(line).toString("utf8").trim()
  if (text === "") return ": empty\n\n"
  if (isFields(parse(text))) return `data: ${text.replaceAll("\r", " ")}\n\n`
  return isWhole ? brokenFrame(`a line is no JSON object: ${text.slice(0, 200)}`) : tornFrame
}

export const ndjson: Framing = {
  contentType: /^application\/(x-)?(ndjson|jsonl|json-?lines)/,
  isBinary: false,
  cutter: () => new LineCutter(),
  textOf,
  frameOf: (text) => Buffer.from(`${dataOf(text) ?? ""}\n`),
  beginningIn: (bytes) => {
    const end = bytes.indexOf(LF)
    return end === -1 ? bytes.length : end + 1
  }
}
