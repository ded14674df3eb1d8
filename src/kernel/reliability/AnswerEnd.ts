/** When an answer has ended, for who holds something as long as it lasts. */
import { Effect } from "effect"
import type { Bytes } from "../bytes/Bytes.ts"
import { isStreamed } from "../bytes/Bytes.ts"
import * as ByteSource from "../bytes/ByteSource.ts"

/** Calls `ended` once: of a value at once, with the reason why it did not come whole where it did not. */
export type OnEnd<A> = (answer: A, ended: (isWhole: boolean) => void) => Effect.Effect<A>

export const ofValue = <A>(answer: A, ended: (isWhole: boolean) => void): Effect.Effect<A> =>
  Effect.sync(() => {
    ended(true)
    return answer
  })

/** A stream ends with its last chunk, or when nobody reads it; one that nobody opens ends with the fiber it came to. */
export const ofBytes = <E>(answer: Bytes<E>, ended: (isWhole: boolean) => void): Effect.Effect<Bytes<E>> =>
  Effect.withFiber((fiber) => {
    if (!isStreamed(answer)) return ofValue(answer, ended)
    let isOpen = false
    const body = ByteSource.through<E, E>(answer.body, (sink) => {
      isOpen = true
      return {
        chunk: sink.chunk,
        end: () => {
          ended(true)
          sink.end()
        },
        fail: (cause) => {
          ended(false)
          sink.fail(cause)
        },
        cancelled: (left) => ended(left)
      }
    })
    fiber.addObserver(() => {
      if (!isOpen) ended(false)
    })
    return Effect.succeed({ ...answer, body })
  })
