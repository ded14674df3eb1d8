/** OpenAI's dialect ends a stream with `data: [DONE]`; some vendors leave it out. */
import { Cause, Effect, Stream } from "effect"
import type { Pull } from "effect"
import type { ProviderFailed } from "../../http/ProviderErrors.ts"
import { isDoneFrame } from "./Wire.ts"

type Chunks = readonly [Uint8Array, ...Array<Uint8Array>]

/** As the dialect has it, and as some vendors write it. */
const forms = ["data: [DONE]", "data:[DONE]"]
const done = Buffer.from(`${forms[0]}\n\n`)

/** Bytes of a chunk's end that can hold the frame. */
const tailLength = 32

/** Where the frame, or what may become it, begins in a chunk; its length where there is none. */
const cutAt = (chunk: Uint8Array): number => {
  const tail = Buffer.from(chunk.subarray(-tailLength)).toString("latin1")
  const line = tail.trimEnd().lastIndexOf("\n") + 1
  const last = tail.slice(line)
  return isDoneFrame(last) || (last !== "" && forms.some((form) => form.startsWith(last)))
    ? chunk.length - tail.length + line
    : chunk.length
}

/** Bytes of an empty line, with what is before it. */
const lineEnds = 4

/** What must stand before the frame so that it is one of its own. */
const gapBehind = (passed: Uint8Array): string => {
  const text = Buffer.from(passed.subarray(-lineEnds)).toString("latin1")
  return text === "" || /\n\r?\n$/.test(text) ? "" : text.endsWith("\n") ? "\n" : "\n\n"
}

/**
 * Passes the chunks through and gives the frame, once, when the vendor's stream has ended: so that it can wait until
 * all that came before is recorded.
 */
export const doneAtEnd = <E>(
  stream: Stream.Stream<Uint8Array, E>,
  toFailure: (error: E) => ProviderFailed
): Stream.Stream<Uint8Array, ProviderFailed> =>
  Stream.transformPull(stream, (pull) => {
    let held: Uint8Array = Buffer.alloc(0)
    let passed: Uint8Array = held
    let ended = false

    const take = (chunk: Uint8Array): Uint8Array => {
      const whole = held.length === 0 ? chunk : Buffer.concat([held, chunk])
      const cut = cutAt(whole)
      held = whole.subarray(cut)
      const passing = whole.subarray(0, cut)
      passed = cut < lineEnds ? Buffer.concat([passed.subarray(-lineEnds), passing]) : passing
      return passing
    }

    const end = Effect.sync((): Chunks => {
      ended = true
      const rest = Buffer.from(held).toString("latin1")
      if (isDoneFrame(rest)) return [done]
      const gap = rest === "" ? gapBehind(passed) : "\n\n"
      return gap === "" ? [done] : [Buffer.concat([held, Buffer.from(gap)]), done]
    })

    const loop: Pull.Pull<Chunks, ProviderFailed> = Effect.suspend(() => {
      if (ended) return Cause.done()
      return Effect.matchEffect(pull, {
        onSuccess: (chunks): Pull.Pull<Chunks, ProviderFailed> => {
          const [first, ...rest] = chunks.map(take).filter((chunk) => chunk.length > 0)
          return first === undefined ? loop : Effect.succeed([first, ...rest])
        },
        onFailure: (error): Pull.Pull<Chunks, ProviderFailed> =>
          Cause.isDone(error) ? end : Effect.fail(toFailure(error))
      })
    })
    return Effect.succeed(loop)
  })
