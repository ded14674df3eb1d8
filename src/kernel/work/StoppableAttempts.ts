/** The attempts of a server: when it stops, they are left, and the next server goes on with them. */
import { Clock, Deferred, Effect, Fiber } from "effect"
import type { AttemptEnd } from "./WorkAttempt.ts"

/** Another server, or this one begun anew, has it after so long, milliseconds. */
const handover = 1000

/** What does not end when it is interrupted is not waited for longer. */
const stopTime = "3 seconds"

export class StoppableAttempts {
  readonly #stopping = Deferred.makeUnsafe<void>()
  readonly #fibers = new Set<Fiber.Fiber<unknown, unknown>>()

  /** Ends at once where the server stops: with nothing in the log, as if the server had been lost. */
  run<E>(attempt: Effect.Effect<AttemptEnd, E>): Effect.Effect<AttemptEnd, E> {
    const left = Effect.andThen(
      Deferred.await(this.#stopping),
      Effect.map(Clock.currentTimeMillis, (now): AttemptEnd => ({ retryAt: now + handover }))
    )
    return Effect.gen({ self: this }, function*() {
      const fiber = yield* Effect.forkChild(Effect.raceFirst(left, attempt))
      this.#fibers.add(fiber)
      return yield* Effect.ensuring(Fiber.join(fiber), Effect.sync(() => this.#fibers.delete(fiber)))
    })
  }

  get stop(): Effect.Effect<void> {
    return Effect.suspend(() => {
      Deferred.doneUnsafe(this.#stopping, Effect.void)
      return Effect.ignore(Effect.timeout(Fiber.awaitAll(this.#fibers), stopTime))
    })
  }
}
