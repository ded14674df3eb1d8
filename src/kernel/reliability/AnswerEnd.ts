/** When an answer has ended, for who holds something as long as it lasts. */
import { Effect } from "effect"
import type { Bytes } from "../bytes/Bytes.ts"
import { isStreamed } from "../bytes/Bytes.ts"
import * as ByteSource from "../bytes/ByteSource.ts"

/** whole: all of it has come; broken: its vendor broke off, or said that it failed; left: nobody reads it any more. */
export type Ending = "whole" | "broken" | "left"

/** Calls `ended` once: of a value at once. */
export type OnEnd<A> = (answer: A, ended: (how: Ending) => void) => Effect.Effect<A>

export const ofValue = <A>(answer: A, ended: (how: Ending) => void): Effect.Effect<A> =>
  Effect.sync(() => {
    ended("whole")
    return answer
  })

/**
 * A stream ends with its last chunk, or when nobody reads it; one that nobody opens ends with the fiber it came to.
 * `isFailure`: whether bytes of it say that it failed.
 */
export const ofBytes = <E>(
  answer: Bytes<E>,
  ended: (how: Ending) => void,
  isFailure: (bytes: Uint8Array) => boolean = () => false
): Effect.Effect<Bytes<E>> =>
  Effect.withFiber((fiber) => {
    if (!isStreamed(answer)) return ofValue(answer, ended)
    let isOpen = false
    let whole: Ending = "whole"
    const body = ByteSource.through<E, E>(answer.body, (sink) => {
      isOpen = true
      return {
        chunk: (bytes) => {
          if (isFailure(bytes)) whole = "broken"
          sink.chunk(bytes)
        },
        end: () => {
          ended(whole)
          sink.end()
        },
        fail: (cause) => {
          ended("broken")
          sink.fail(cause)
        },
        cancelled: (isLeft) => ended(isLeft ? whole : "left")
      }
    })
    fiber.addObserver(() => {
      if (!isOpen) ended("left")
    })
    return Effect.succeed({ ...answer, body })
  })
