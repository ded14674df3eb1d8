/** A stream of another framing as server-sent events: what is no frame is the last one, and its sender is left. */
import type { Framing } from "../../../events/types/Framing.ts"
import { isBrokenFrame, tornFrame } from "../../../events/types/Framing.ts"
import * as ByteSource from "../../bytes/ByteSource.ts"

class Texts {
  readonly #framing: Framing
  readonly #cutter: ReturnType<Framing["cutter"]>
  /** Of a frame that is not whole yet. */
  #open: Array<Uint8Array> = []
  isBroken = false

  constructor(framing: Framing) {
    this.#framing = framing
    this.#cutter = framing.cutter()
  }

  /** What the frames say that are whole now. */
  take(bytes: Uint8Array): string {
    let text = ""
    let start = 0
    for (const end of this.#cutter.ends(bytes)) {
      text += this.#close(bytes.subarray(start, end))
      if (this.isBroken) return text
      start = end
    }
    if (start < bytes.length) this.#open.push(bytes.subarray(start))
    return this.#cutter.isBroken === true ? text + this.#close(new Uint8Array()) : text
  }

  /** What is left, where it is a frame. */
  end(): string {
    const text = this.#open.length === 0 ? tornFrame : this.#close(new Uint8Array())
    return text === tornFrame ? "" : text
  }

  #close(rest: Uint8Array): string {
    const frame = this.#open.length === 0 ? rest : Buffer.concat([...this.#open, rest])
    this.#open = []
    const text = this.#framing.textOf(frame)
    this.isBroken = isBrokenFrame(text)
    return text
  }
}

export const of = <E>(source: ByteSource.ByteSource<E>, framing: Framing): ByteSource.ByteSource<E> =>
  ByteSource.through(source, (sink, { leave }) => {
    const texts = new Texts(framing)
    const pass = (text: string) => {
      if (text !== "") sink.chunk(Buffer.from(text))
    }
    return {
      chunk: (bytes) => {
        if (texts.isBroken) return
        pass(texts.take(bytes))
        if (texts.isBroken) leave(() => sink.end())
      },
      end: () => {
        if (texts.isBroken) return
        pass(texts.end())
        sink.end()
      },
      fail: (cause) => {
        if (!texts.isBroken) sink.fail(cause)
      }
    }
  })
