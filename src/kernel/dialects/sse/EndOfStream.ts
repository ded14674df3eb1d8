/**
 * Passes whole frames, and gives the frame that ends a stream once and alone, whether or not a vendor sends it: so that it
 * can wait until all that came before is recorded.
 */
import { Cause } from "effect"
import { SseCutter } from "../../../events/types/SseCutter.ts"
import * as ByteSource from "../../bytes/ByteSource.ts"
import { bufferOf } from "../../bytes/WholeBody.ts"

/** How the frames of a stream leave it that has ended without its last one. */
export type Ending = "finished" | "failed" | "cut off"

/** How a dialect ends its streams. */
export interface StreamEnd {
  /** The last frame, as Strata sends it; empty: there is none, and the end of the bytes is the stream's. */
  readonly lastFrame: Uint8Array
  /** Stands in each form of the last frame: bytes without it are not looked at. */
  readonly mark: string
  /** Whether a frame's text is the last frame, in whatever form a vendor writes it. */
  readonly isLastFrame: (frame: string) => boolean
  /** What the last frames say where no last one came; absent: it may always be left out. */
  readonly endingOf?: (frames: string) => Ending
  /**
   * Whether the beginning of the last frame, a character a byte, says that the stream is finished: what came before it is not
   * read then. Absent: it never does.
   */
  readonly isFinished?: (head: string) => boolean
}

/** Bytes of the longest last frame, with the line ends around it: nothing longer is looked at for one. */
export const longestLastFrame = 96

/** Bytes of the longest frame that is waited for: a picture fits, and a stream without frames fills no memory. */
export const longestFrame = 32 * 1024 * 1024

/** Bytes of the last frame that may say that the stream is finished. */
const headBytes = 128

/** So many bytes of the last frames are kept, to see how they leave the stream. */
const mostKept = 65_536

/** A character a byte, so that both are counted alike. */
const textOf = (bytes: Uint8Array): string => bufferOf(bytes).toString("latin1")

const lineFeed = 10

const endOfFrame = "\n\n"

/** Where the last of whole frames begins whose lines end in LF: behind the empty line before the one that ends it. */
export const lastFrameAt = (frames: Buffer): number => {
  const before = frames.subarray(0, -endOfFrame.length).lastIndexOf(endOfFrame)
  return before === -1 ? 0 : before + endOfFrame.length
}

const emptyLine = /(\r\n|\n|\r(?!\n)){2}$/

/** Line ends and comments: they pass at once, for a comment alone keeps a connection open. */
const before = /^(?:[\r\n]+|:[^\r\n]*[\r\n])+/
const onlyBefore = /^(?:[\r\n]+|:[^\r\n]*[\r\n])+$/

/** What must stand behind bytes so that a frame may follow. */
const gapBehind = (bytes: Uint8Array): string => {
  const text = textOf(bytes.subarray(-4))
  if (text === "" || emptyLine.test(text)) return ""
  const last = text.at(-1)
  return last === "\n" || last === "\r" ? last : "\n\n"
}

/** What becomes of whole frames as they pass. */
type Change = (frames: Uint8Array) => Uint8Array

const unchanged: Change = (frames) => frames

class Frames {
  readonly #end: StreamEnd
  readonly #change: Change
  readonly #cutter = new SseCutter()
  /** Of a frame that is not whole yet. */
  #open: Array<Uint8Array> = []
  #openBytes = 0
  #passed: Array<Uint8Array> = []
  #passedBytes = 0
  /** True once the last frame has come: what comes behind it is ignored. */
  isAtEnd = false

  constructor(end: StreamEnd, change: Change) {
    this.#end = end
    this.#change = change
  }

  /** What may pass of the next bytes; undefined: nothing so far. */
  take(chunk: Uint8Array): Uint8Array | undefined {
    let start = 0
    let isFirst = true
    const marked = bufferOf(chunk).indexOf(this.#end.mark)
    for (const end of this.#cutter.ends(chunk)) {
      const open = isFirst ? this.#open : []
      const mayBeLast = open.length > 0 || (marked >= 0 && marked < end)
      const frame = mayBeLast ? this.#lastFrameIn(open, chunk.subarray(start, end)) : undefined
      if (frame !== undefined) {
        this.isAtEnd = true
        if (isFirst) this.#open = []
        return this.#pass(chunk.subarray(0, start), frame)
      }
      isFirst = false
      start = end
    }
    const passing = isFirst ? undefined : this.#pass(chunk.subarray(0, start))
    if (start < chunk.length) {
      this.#open.push(chunk.subarray(start))
      this.#openBytes += chunk.length - start
    }
    return passing ?? this.#comment()
  }

  /** Whether the frame that is not whole yet is longer than any. */
  get isTooLong(): boolean {
    return this.#openBytes > longestFrame
  }

  /** What goes before the last frame within its own; undefined: it is another frame. */
  #lastFrameIn(open: ReadonlyArray<Uint8Array>, rest: Uint8Array): Uint8Array | undefined {
    const length = open.reduce((sum, bytes) => sum + bytes.length, rest.length)
    if (length > longestLastFrame) return undefined
    const bytes = open.length === 0 ? rest : Buffer.concat([...open, rest])
    const text = textOf(bytes)
    return this.#end.isLastFrame(text) ? bytes.subarray(0, before.exec(text)?.[0].length ?? 0) : undefined
  }

  #comment(): Uint8Array | undefined {
    const [first, ...others] = this.#open
    if (first === undefined || others.length > 0 || first.length > longestLastFrame) return undefined
    return onlyBefore.test(textOf(first)) ? this.#pass(new Uint8Array()) : undefined
  }

  #pass(...pieces: ReadonlyArray<Uint8Array>): Uint8Array | undefined {
    const all = [...this.#open, ...pieces].filter(({ length }) => length > 0)
    this.#open = []
    this.#openBytes = 0
    const [first, ...others] = all
    if (first === undefined) return undefined
    const bytes = this.#change(others.length === 0 ? first : Buffer.concat(all))
    this.#passedBytes += bytes.length
    this.#passed.push(bytes)
    while (this.#passed.length > 1 && this.#passedBytes - this.#passed[0]!.length > mostKept) {
      this.#passedBytes -= this.#passed.shift()!.length
    }
    return bytes
  }

  /** Where all that came are whole frames whose lines end in LF, as nearly all do. */
  get #isFinished(): boolean {
    const { isFinished } = this.#end
    const last = this.#passed.at(-1)
    if (isFinished === undefined || last === undefined || this.#open.length > 0) return false
    const bytes = bufferOf(last)
    if (bytes.length < 2 || bytes.at(-1) !== lineFeed || bytes.at(-2) !== lineFeed) return false
    const start = lastFrameAt(bytes)
    return isFinished(textOf(bytes.subarray(start, start + headBytes)))
  }

  /** The end, where the vendor has ended; undefined: the stream is cut off, and what is left of a torn frame with it. */
  finish(): ReadonlyArray<Uint8Array> | undefined {
    const { endingOf, isLastFrame, lastFrame } = this.#end
    const end = lastFrame.length === 0 ? [] : [lastFrame]
    if (this.isAtEnd || this.#isFinished) return end
    const open = this.#change(Buffer.concat(this.#open))
    if (isLastFrame(textOf(open))) return end
    const frames = Buffer.concat([...this.#passed, open])
    const ending = endingOf?.(frames.toString("utf8")) ?? "finished"
    if (ending === "cut off") return undefined
    const rest = Buffer.concat([open, Buffer.from(gapBehind(frames))])
    const last = ending === "failed" ? [] : end
    return rest.length === 0 ? last : [rest, ...last]
  }
}

/** How a stream fails that its vendor does not end as it should. */
export interface Broken<E> {
  /** It ends before its dialect says so. */
  readonly cutOff: () => E
  /** It has a frame longer than `longestFrame`. */
  readonly tooLong: () => E
}

/** `broken`: absent, what is there of the answer ends it; `change` gets whole frames. */
export const lastFrameAtEnd = <E, E2>(
  source: ByteSource.ByteSource<E>,
  end: StreamEnd,
  toFailure: (error: E) => E2,
  broken?: Broken<E2>,
  change = unchanged
): ByteSource.ByteSource<E2> =>
  ByteSource.through(source, (sink, { leave }) => {
    const frames = new Frames(end, change)

    const finish = () => {
      const last = frames.finish()
      if (last === undefined && broken !== undefined) return sink.fail(Cause.fail(broken.cutOff()))
      for (const bytes of last ?? (end.lastFrame.length === 0 ? [] : [end.lastFrame])) sink.chunk(bytes)
      return sink.end()
    }

    let isLeft = false
    const tooLong = () => broken === undefined ? sink.end() : sink.fail(Cause.fail(broken.tooLong()))

    return {
      chunk: (bytes) => {
        if (frames.isAtEnd || isLeft) return
        const passing = frames.take(bytes)
        if (passing !== undefined) sink.chunk(passing)
        // What comes behind the last frame is nobody's: the wire is left before the end is given.
        if (frames.isAtEnd) return leave(finish)
        if (!frames.isTooLong) return
        isLeft = true
        leave(tooLong)
      },
      end: () => {
        if (!frames.isAtEnd && !isLeft) finish()
      },
      fail: (cause) => {
        if (!frames.isAtEnd && !isLeft) sink.fail(Cause.map(cause, toFailure))
      }
    }
  })
