/** Collects the chunks of a streamed answer as they pass, and splits them into frames when it has ended. */
import { isUtf8 } from "node:buffer"
import * as SseCutter from "./SseCutter.ts"
import type { Frame, ResponseTraffic } from "./Traffic.ts"

/** A streamed answer: its frames joined, the length of each, and when it came. */
export class CapturedStream {
  readonly text: string
  readonly encoding: ResponseTraffic["encoding"]
  readonly lengths: ReadonlyArray<number>
  /** Milliseconds since the request was sent. */
  readonly times: ReadonlyArray<number>
  /** As they came; they are what `text` says. */
  readonly bytes: Buffer
  #frames: ReadonlyArray<Frame> | undefined

  constructor(
    content: Pick<CapturedStream, "text" | "encoding" | "lengths" | "times">,
    bytes: Buffer
  ) {
    this.text = content.text
    this.encoding = content.encoding
    this.lengths = content.lengths
    this.times = content.times
    this.bytes = bytes
  }

  get frames(): ReadonlyArray<Frame> {
    if (this.#frames === undefined) {
      const frames: Array<Frame> = []
      let end = 0
      for (const [index, length] of this.lengths.entries()) {
        frames.push([this.times[index]!, this.text.slice(end, end += length)])
      }
      this.#frames = frames
    }
    return this.#frames
  }
}

export class StreamCapture {
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

  /**
   * `passed`: what the provider gave. Where the client gets the same bytes it is the same capture, its times as the
   * provider's frames came.
   */
  finish(passed?: CapturedStream): CapturedStream {
    const bytes = Buffer.concat(this.#chunks)
    if (passed !== undefined && bytes.equals(passed.bytes)) return passed
    return isUtf8(bytes) ? this.#timed(bytes) : this.#inBase64(bytes)
  }

  #inBase64(bytes: Buffer): CapturedStream {
    const frames = this.#chunks.map((chunk) => Buffer.from(chunk).toString("base64"))
    const lengths = frames.map(({ length }) => length)
    return new CapturedStream({ text: frames.join(""), encoding: "base64", lengths, times: this.#offsets }, bytes)
  }

  /** Each frame with the time of the chunk its last byte came in. */
  #timed(bytes: Buffer): CapturedStream {
    const text = bytes.toString("utf8")
    const isAscii = text.length === bytes.length
    const lengths: Array<number> = []
    const times: Array<number> = []
    let chunk = 0
    let received = this.#chunks[0]?.length ?? 0
    let start = 0
    for (const end of SseCutter.ends(bytes)) {
      while (received < end && chunk < this.#chunks.length - 1) received += this.#chunks[++chunk]!.length
      lengths.push(isAscii ? end - start : bytes.toString("utf8", start, end).length)
      times.push(this.#offsets[chunk]!)
      start = end
    }
    return new CapturedStream({ text, encoding: "utf-8", lengths, times }, bytes)
  }
}
