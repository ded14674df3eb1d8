/** Collects the chunks of a streamed answer as they pass, and splits them into frames when it has ended. */
import { isUtf8 } from "node:buffer"
import { StringDecoder } from "node:string_decoder"
import type { Frame, ResponseTraffic } from "./Traffic.ts"
import { sha256 } from "./Traffic.ts"

/** An SSE frame ends with an empty line. */
const frameEnd = /\r?\n\r?\n/g

export class FrameCapture {
  readonly #chunks: Array<Uint8Array> = []
  readonly #offsets: Array<number> = []

  /** `offset`: milliseconds since the request was sent. */
  add(chunk: Uint8Array, offset: number): void {
    this.#chunks.push(chunk)
    this.#offsets.push(offset)
  }

  /** Milliseconds until the first chunk; null when none came. */
  get firstOffset(): number | null {
    return this.#offsets[0] ?? null
  }

  finish(): Pick<ResponseTraffic, "encoding" | "sha256"> & { readonly frames: Array<Frame> } {
    const whole = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks)
    const encoding = isUtf8(whole) ? "utf-8" : "base64"
    const frames = encoding === "utf-8" ? this.#textFrames() : this.#binaryFrames()
    return { frames, encoding, sha256: sha256(frames.map(([, frame]) => frame).join("")) }
  }

  #textFrames(): Array<Frame> {
    const decoder = new StringDecoder("utf8")
    const frames: Array<Frame> = []
    let rest = ""
    for (const [index, chunk] of this.#chunks.entries()) {
      const text = rest + decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))
      let start = 0
      for (const end of text.matchAll(frameEnd)) {
        const next = end.index + end[0].length
        frames.push([this.#offsets[index]!, text.slice(start, next)])
        start = next
      }
      rest = text.slice(start)
    }
    if (rest !== "") frames.push([this.#offsets.at(-1)!, rest])
    return frames
  }

  #binaryFrames(): Array<Frame> {
    return this.#chunks.map((chunk, index) => [this.#offsets[index]!, Buffer.from(chunk).toString("base64")])
  }
}
