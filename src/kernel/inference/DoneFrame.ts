/** OpenAI's dialect ends a stream with `data: [DONE]`; some vendors leave it out. */
import { Cause, Effect, Pull, Stream } from "effect"
import type { ProviderFailed } from "../../apis/inference/Inference.ts"
import { isDoneFrame } from "../../apis/inference/InferenceModels.ts"

type Chunks = readonly [Uint8Array, ...Array<Uint8Array>]

const wanted = "data: [DONE]"
const done = Buffer.from(`${wanted}\n\n`)

/** Bytes of a chunk's end that can hold the frame. */
const tailLength = 32

/** Where the frame, or what may become it, begins in a chunk; its length where there is none. */
const cutAt = (chunk: Uint8Array): number => {
  const tail = Buffer.from(chunk.subarray(-tailLength)).toString("latin1")
  const line = tail.trimEnd().lastIndexOf("\n") + 1
  const last = tail.slice(line)
  return isDoneFrame(last) || (last !== "" && wanted.startsWith(last))
    ? chunk.length - tail.length + line
    : chunk.length
}

/**
 * Passes the chunks through and gives the frame, once, when the vendor's stream has ended: so that it can wait until
 * all that came before is recorded.
 */
export const doneAtEnd = (
  stream: Stream.Stream<Uint8Array, ProviderFailed>
): Stream.Stream<Uint8Array, ProviderFailed> =>
  Stream.transformPull(stream, (pull) => {
    let held: Uint8Array = Buffer.alloc(0)
    let ended = false

    const take = (chunk: Uint8Array): Uint8Array => {
      const whole = held.length === 0 ? chunk : Buffer.concat([held, chunk])
      const cut = cutAt(whole)
      held = whole.subarray(cut)
      return whole.subarray(0, cut)
    }

    const end = Effect.sync((): Chunks => {
      ended = true
      const rest = Buffer.from(held).toString("latin1")
      return [rest === "" || isDoneFrame(rest) ? done : Buffer.concat([held, Buffer.from("\n\n"), done])]
    })

    const loop: Pull.Pull<Chunks, ProviderFailed> = Effect.suspend(() => {
      if (ended) return Cause.done()
      return pull.pipe(
        Effect.flatMap((chunks): Pull.Pull<Chunks, ProviderFailed> => {
          const [first, ...rest] = chunks.map(take).filter((chunk) => chunk.length > 0)
          return first === undefined ? loop : Effect.succeed([first, ...rest])
        }),
        Effect.catchIf(Cause.isDone, () => end)
      )
    })
    return Effect.succeed(loop)
  })
