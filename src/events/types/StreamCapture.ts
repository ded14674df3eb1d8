/** Collects the chunks of a streamed answer as they pass, and splits them into frames when it has ended. */
import { isUtf8 } from "node:buffer"
import * as SseCutter from "./SseCutter.ts"
import type { Frame, ResponseTraffic } from "./Traffic.ts"
import { sha256, textOf } from "./Traffic.ts"

/** A streamed answer, split into frames. */
export class CapturedStream {
  readonly frames: ReadonlyArray<Frame>
  readonly bytes: Buffer
  readonly encoding: ResponseTraffic["encoding"]
  #json: string | undefined

  constructor(frames: ReadonlyArray<Frame>, bytes: Buffer, encoding: ResponseTraffic["encoding"]) {
    this.frames = frames
    this.bytes = bytes
    this.encoding = encoding
  }

  /**
   * The raw event's fields as JSON text: made where raw is recorded, and once for the provider's answer and for the
   * client's.
   */
  get json(): string {
    return this.#json ??= this.#encode()
  }

  /** Of all frames joined. */
  get sha256(): string {
    return sha256(this.encoding === "utf-8" ? this.bytes : textOf(this))
  }

  #encode(): string {
    return `"frames":${JSON.stringify(this.frames)},"encoding":"${this.encoding}","sha256":"${this.sha256}"`
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
    if (isUtf8(bytes)) return new CapturedStream(this.#timed(bytes), bytes, "utf-8")
    const frames = this.#chunks.map((
      chunk,
      index
    ): Frame => [this.#offsets[index]!, Buffer.from(chunk).toString("base64")])
    return new CapturedStream(frames, bytes, "base64")
  }

  /** Each frame with the time of the chunk its last byte came in. */
  #timed(bytes: Buffer): Array<Frame> {
    let chunk = 0
    let received = this.#chunks[0]?.length ?? 0
    let start = 0
    return SseCutter.ends(bytes).map((end) => {
      while (received < end && chunk < this.#chunks.length - 1) received += this.#chunks[++chunk]!.length
      const frame = bytes.toString("utf8", start, end)
      start = end
      return [this.#offsets[chunk]!, frame]
    })
  }
}
