/** Executions of turns that this process runs. */
import { Deferred, Effect, Option } from "effect"

export class RunningTurns {
  readonly #running = new Map<string, Deferred.Deferred<void>>()

  /** `run` is the execution, until its end. */
  during<A, E, R>(execution: string, run: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> {
    return Effect.acquireUseRelease(
      Effect.sync(() => {
        const ended = Deferred.makeUnsafe<void>()
        this.#running.set(execution, ended)
        return ended
      }),
      () => run,
      (ended) =>
        Effect.sync(() => {
          this.#running.delete(execution)
          Deferred.doneUnsafe(ended, Effect.void)
        })
    )
  }

  /** Waits until it has ended; none where another process runs it, or nobody does. */
  ended(execution: string): Option.Option<Effect.Effect<void>> {
    return Option.map(Option.fromNullishOr(this.#running.get(execution)), Deferred.await)
  }
}
