/** A large input is worked on in stages, between which others are served. */
import { Effect } from "effect"

/** An input of no more takes a few milliseconds in all. */
export const fewCharacters = 100_000
export const fewMessages = 1_000

/** The next stage of what is done with a text so long. */
export const ofCharacters = <A, E, R>(length: number, next: () => Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  length > fewCharacters ? Effect.flatMap(Effect.yieldNow, next) : next()

/** Between two stages of what is done with so many messages, or items. */
export const ofMessages = (count: number): Effect.Effect<void> => count > fewMessages ? Effect.yieldNow : Effect.void
