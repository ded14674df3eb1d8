/** Reads server-sent events as their bytes come: fed with chunks cut anywhere, it gives whole frames. */
import { SseCutter } from "../../../events/types/SseCutter.ts"
import { SseFrame } from "./SseFrame.ts"

export class SseReader {
  readonly #cutter = new SseCutter()
  /** The chunks of the frame that is not whole yet. */
  #open: Array<Uint8Array> = []

  /** The frames that are whole now. Their bytes joined are the bytes that were fed. */
  feed(bytes: Uint8Array): ReadonlyArray<SseFrame> {
    let start = 0
    const frames = this.#cutter.ends(bytes).map((end) => {
      const frame = this.#close(bytes.subarray(start, end))
      start = end
      return frame
    })
    if (start < bytes.length) this.#open.push(bytes.subarray(start))
    return frames
  }

  /** What is left at the end of the stream: a last frame without its empty line. */
  end(): ReadonlyArray<SseFrame> {
    return this.#open.length === 0 ? [] : [this.#close(new Uint8Array())]
  }

  #close(rest: Uint8Array): SseFrame {
    if (this.#open.length === 0) return new SseFrame(rest)
    const bytes = Buffer.concat([...this.#open, rest])
    this.#open = []
    return new SseFrame(bytes)
  }
}
