/** Collects the chunks of a streamed answer as they pass, and splits them into frames when it has ended. */
import { isUtf8 } from "node:buffer"
import type { Framing } from "./Framing.ts"
import { endsIn, serverSentEvents } from "./Framing.ts"
import type { Frame, ResponseTraffic } from "./Traffic.ts"

const sum = (lengths: ReadonlyArray<number>): number => lengths.reduce((all, length) => all + length, 0)

const nodeEncoding = { "utf-8": "utf8", base64: "base64" } as const

/** A streamed answer: its frames joined, the length of each, and when it came. */
export class CapturedStream {
  readonly text: string
  readonly encoding: ResponseTraffic["encoding"]
  readonly lengths: ReadonlyArray<number>
  /** Milliseconds since the request was sent. */
  readonly times: ReadonlyArray<number>
  /** As they came; they are what `text` says. */
  readonly bytes: Buffer
  /** Bytes behind these that were not kept. */
  readonly omitted: number
  /** The last of what was not kept. */
  readonly #last: ReadonlyArray<Frame>
  readonly #framing: Framing
  #frames: ReadonlyArray<Frame> | undefined
  #texts: ReadonlyArray<Frame> | undefined

  constructor(
    content: Pick<CapturedStream, "text" | "encoding" | "lengths" | "times">,
    bytes: Buffer,
    omitted = 0,
    last: ReadonlyArray<Frame> = [],
    framing = serverSentEvents
  ) {
    this.text = content.text
    this.encoding = content.encoding
    this.lengths = content.lengths
    this.times = content.times
    this.bytes = bytes
    this.omitted = omitted
    this.#last = last
    this.#framing = framing
  }

  /** Bytes of all that came. */
  get length(): number {
    return this.bytes.length + this.omitted
  }

  /** What each frame says, with a sign for what is no text; of a stream that was not kept whole its last ones, too. */
  get texts(): ReadonlyArray<Frame> {
    return this.#texts ??= this.#read()
  }

  #read(): ReadonlyArray<Frame> {
    const { textOf } = this.#framing
    const texts = this.encoding === "utf-8" && this.#framing === serverSentEvents
      ? this.frames
      : this.frames.map(([time, frame]): Frame => [time, textOf(Buffer.from(frame, nodeEncoding[this.encoding]))])
    return this.omitted === 0 ? texts : [...texts, ...this.#last]
  }

  /** The first of them: text, where it is what comes behind that is none. */
  first(count: number): CapturedStream {
    if (count > this.lengths.length) return this
    const frames = this.frames.slice(0, count)
    const times = this.times.slice(0, count)
    const bytes = this.bytes.subarray(
      0,
      sum(frames.map(([, frame]) => Buffer.byteLength(frame, nodeEncoding[this.encoding])))
    )
    if (this.encoding === "utf-8" || this.#framing.isBinary || !isUtf8(bytes)) {
      const lengths = this.lengths.slice(0, count)
      const text = this.text.slice(0, sum(lengths))
      return new CapturedStream({ text, encoding: this.encoding, lengths, times }, bytes, 0, [], this.#framing)
    }
    const texts = frames.map(([, frame]) => Buffer.from(frame, "base64").toString("utf8"))
    const lengths = texts.map(({ length }) => length)
    const content = { text: texts.join(""), encoding: "utf-8" as const, lengths, times }
    return new CapturedStream(content, bytes, 0, [], this.#framing)
  }

  /** With a frame behind it; `bytes`: all of them. */
  with(text: string, time: number, bytes: Buffer): CapturedStream {
    const content = {
      text: this.text + text,
      encoding: this.encoding,
      lengths: [...this.lengths, text.length],
      times: [...this.times, time]
    }
    const whole = new CapturedStream(content, bytes)
    whole.#frames = [...this.frames, [time, text]]
    return whole
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

/** Bytes of a frame that is added behind what a provider gave. */
const longestLast = 64

/** Bytes of what is not kept of which the last are known: they say how the stream ended, and what it used. */
const tailBytes = 65_536

export class StreamCapture {
  readonly #mostBytes: number
  readonly #chunks: Array<Uint8Array> = []
  readonly #offsets: Array<number> = []
  #kept = 0
  #omitted = 0
  #last: Array<Uint8Array> = []
  #lastBytes = 0
  #lastOffset = 0

  /** `mostBytes`: what is kept of a stream. */
  constructor(mostBytes: number = Infinity) {
    this.#mostBytes = mostBytes
  }

  /** `offset`: milliseconds since the request was sent. */
  add(chunk: Uint8Array, offset: number): void {
    if (this.#omitted > 0 || this.#kept + chunk.length > this.#mostBytes) return this.#omit(chunk, offset)
    this.#kept += chunk.length
    this.#chunks.push(chunk)
    this.#offsets.push(offset)
  }

  #omit(chunk: Uint8Array, offset: number): void {
    this.#omitted += chunk.length
    this.#lastOffset = offset
    this.#last.push(chunk)
    this.#lastBytes += chunk.length
    while (this.#last.length > 1 && this.#lastBytes - this.#last[0]!.length > tailBytes) {
      this.#lastBytes -= this.#last.shift()!.length
    }
  }

  /** The last frames of what was not kept, but for the one that is torn at its beginning. */
  #lastFrames(framing: Framing): ReadonlyArray<Frame> {
    const all = Buffer.concat(this.#last)
    const bytes = all.subarray(framing.beginningIn(all))
    let start = 0
    return endsIn(framing, bytes).map((end): Frame => {
      const text = framing.textOf(bytes.subarray(start, end))
      start = end
      return [this.#lastOffset, text]
    })
  }

  /** Milliseconds until the first chunk; null when none came. */
  get firstOffset(): number | null {
    return this.#offsets[0] ?? null
  }

  /**
   * `passed`: what the provider gave. Where the client gets the same bytes it is the same capture, its times as the
   * provider's frames came.
   */
  finish(passed?: CapturedStream, framing = serverSentEvents): CapturedStream {
    const all = Buffer.concat(this.#chunks)
    // Of a stream that is not kept whole, whole frames: nothing of a secret that is torn.
    const end = this.#omitted === 0 ? all.length : framing.cutter().ends(all).at(-1) ?? all.length
    const bytes = all.subarray(0, end)
    const omitted = this.#omitted + all.length - end
    if (passed !== undefined && omitted === passed.omitted && bytes.equals(passed.bytes)) return passed
    return this.#more(passed, bytes, omitted, framing) ?? this.#timed(bytes, omitted, framing)
  }

  /** The provider's frames and one behind them, as the one that ends a stream; undefined: it is more, or not the same. */
  #more(passed: CapturedStream | undefined, bytes: Buffer, omitted: number, framing: Framing) {
    if (passed?.encoding !== "utf-8" || passed.omitted > 0 || omitted > 0 || framing !== serverSentEvents) {
      return undefined
    }
    const last = bytes.subarray(passed.bytes.length)
    if (last.length === 0 || last.length > longestLast || !isUtf8(last)) return undefined
    if (!bytes.subarray(0, passed.bytes.length).equals(passed.bytes)) return undefined
    return passed.with(last.toString("utf8"), this.#offsets.at(-1)!, bytes)
  }

  /** Bytes that are no text are cut into frames where there are any; else as they came. */
  #ends(bytes: Buffer, isText: boolean, framing: Framing): ReadonlyArray<number> {
    if (isText || framing !== serverSentEvents || framing.cutter().ends(bytes).length > 0) {
      return endsIn(framing, bytes)
    }
    let end = 0
    return this.#chunks.map(({ length }) => end += length)
  }

  /** Each frame with the time of the chunk its last byte came in. */
  #timed(bytes: Buffer, omitted: number, framing: Framing): CapturedStream {
    const isText = !framing.isBinary && isUtf8(bytes)
    const whole = isText ? bytes.toString("utf8") : ""
    const isAscii = isText && whole.length === bytes.length
    let text = whole
    const lengths: Array<number> = []
    const times: Array<number> = []
    let chunk = 0
    let received = this.#chunks[0]?.length ?? 0
    let start = 0
    for (const end of this.#ends(bytes, isText, framing)) {
      while (received < end && chunk < this.#chunks.length - 1) received += this.#chunks[++chunk]!.length
      if (isText) lengths.push(isAscii ? end - start : bytes.toString("utf8", start, end).length)
      else {
        const frame = bytes.toString("base64", start, end)
        text += frame
        lengths.push(frame.length)
      }
      times.push(this.#offsets[chunk]!)
      start = end
    }
    const content = { text, encoding: isText ? "utf-8" as const : "base64" as const, lengths, times }
    return new CapturedStream(content, bytes, omitted, omitted === 0 ? [] : this.#lastFrames(framing), framing)
  }
}
