/** Holds back the frame that ends a stream until the vendor's stream has ended, and adds it where a vendor leaves it out. */
import { Cause, Effect, Stream } from "effect"
import type { Pull } from "effect"

type Chunks = readonly [Uint8Array, ...Array<Uint8Array>]

/** How a dialect ends its streams. */
export interface StreamEnd {
  /** The last frame, as Strata sends it. */
  readonly lastFrame: Uint8Array
  /** Whether a frame's text is the last frame, in whatever form a vendor writes it. */
  readonly isLastFrame: (frame: string) => boolean
}

/** Bytes of the longest last frame, with the line ends around it: nothing longer is looked at for one. */
export const longestLastFrame = 96

const nothing: Uint8Array = Buffer.alloc(0)

/** Bytes of an empty line. */
const lineEnds = 4
const emptyLine = /(\r\n|\n|\r(?!\n)){2}$/

/** A character a byte, so that both are counted alike. */
const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1")

/** True for bytes after which a frame begins. */
const endsFrame = (bytes: Uint8Array): boolean => {
  const text = textOf(bytes.subarray(-lineEnds))
  return text === "" || emptyLine.test(text)
}

/** Line ends and comments before a frame: they pass at once, for a comment alone keeps a connection open. */
const before = /^(?:[\r\n]+|:[^\r\n]*[\r\n])+/

interface Cut {
  /** Where what is held back begins: the last frame, or one that is not whole and may become it. */
  readonly at: number
  /** Whether a frame begins there; undefined: what passes must tell. */
  readonly begins: true | undefined
  /** Whether what is held back is the last frame, and whole. */
  readonly isLast: boolean
}

/** `passed` is what went before, in which an empty line may have begun. */
const cutOf = (chunk: Uint8Array, passed: Uint8Array, begins: boolean, { isLastFrame }: StreamEnd): Cut => {
  const start = Math.max(0, chunk.length - longestLastFrame)
  const tail = textOf(chunk.subarray(start))
  const earlier = start === 0 ? textOf(passed.subarray(-lineEnds)) : ""
  const text = (earlier + tail).trimEnd()
  // Behind the last empty line that text follows; or the beginning, where a frame begins there.
  const gap = Math.max(text.lastIndexOf("\n\n"), text.lastIndexOf("\n\r\n"), text.lastIndexOf("\r\r"))
  if (gap === -1 && !(begins && start === 0)) return { at: chunk.length, begins: undefined, isLast: false }
  const behind = gap === -1 ? 0 : gap + (text.startsWith("\n\r\n", gap) ? 3 : 2)
  const frame = tail.slice(Math.max(0, behind - earlier.length)).replace(before, "")
  const isWhole = emptyLine.test(frame)
  const isLast = isWhole && isLastFrame(frame)
  const held = frame !== "" && (!isWhole || isLast)
  return { at: held ? chunk.length - frame.length : chunk.length, begins: true, isLast }
}

/** What must stand behind bytes so that a frame may follow. */
const gapBehind = (bytes: Uint8Array): string => {
  if (endsFrame(bytes)) return ""
  const last = String.fromCharCode(bytes.at(-1) ?? 0)
  return last === "\n" || last === "\r" ? last : "\n\n"
}

/**
 * Passes the chunks through and gives the last frame, once and alone, when the vendor's stream has ended: so that it can
 * wait until all that came before is recorded.
 */
export const lastFrameAtEnd = <E, E2>(
  stream: Stream.Stream<Uint8Array, E>,
  end: StreamEnd,
  toFailure: (error: E) => E2
): Stream.Stream<Uint8Array, E2> =>
  Stream.transformPull(stream, (pull) => {
    let held = nothing
    let passed = nothing
    let begins = true
    let heldIsLast = false
    let ended = false

    const take = (chunk: Uint8Array): Uint8Array => {
      const whole = held.length === 0 ? chunk : Buffer.concat([held, chunk])
      const cut = cutOf(whole, passed, begins, end)
      held = whole.subarray(cut.at)
      const passing = whole.subarray(0, cut.at)
      passed = cut.at < lineEnds ? Buffer.concat([passed.subarray(-lineEnds), passing]) : passing
      begins = cut.begins ?? endsFrame(passed)
      heldIsLast = cut.isLast
      return passing
    }

    const finish = Effect.sync((): Chunks => {
      ended = true
      if (heldIsLast || end.isLastFrame(textOf(held))) return [end.lastFrame]
      const gap = gapBehind(held.length === 0 ? passed : held)
      return held.length === 0 && gap === ""
        ? [end.lastFrame]
        : [Buffer.concat([held, Buffer.from(gap)]), end.lastFrame]
    })

    const loop: Pull.Pull<Chunks, E2> = Effect.suspend(() => {
      if (ended) return Cause.done()
      return Effect.matchEffect(pull, {
        onSuccess: (chunks): Pull.Pull<Chunks, E2> => {
          const passing: Array<Uint8Array> = []
          for (const chunk of chunks) {
            const taken = take(chunk)
            if (taken.length > 0) passing.push(taken)
          }
          const [first, ...rest] = passing
          return first === undefined ? loop : Effect.succeed([first, ...rest])
        },
        onFailure: (error): Pull.Pull<Chunks, E2> => Cause.isDone(error) ? finish : Effect.fail(toFailure(error))
      })
    })
    return Effect.succeed(loop)
  })
