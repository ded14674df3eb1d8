/** Which turns run in this process: one of a session at a time. */
import { Deferred, Effect, Semaphore } from "effect"

interface Running {
  readonly ended: Deferred.Deferred<void>
}

export class RunningTurns {
  readonly #running = new Map<string, Running>()
  readonly #locks = new Map<string, { readonly lock: Semaphore.Semaphore; users: number }>()

  /** True where nothing ran in the session: it is taken until it is released. */
  claim(session: string): boolean {
    if (this.#running.has(session)) return false
    this.#running.set(session, { ended: Deferred.makeUnsafe() })
    return true
  }

  release(session: string): void {
    const running = this.#running.get(session)
    this.#running.delete(session)
    if (running !== undefined) Deferred.doneUnsafe(running.ended, Effect.void)
  }

  isRunning(session: string): boolean {
    return this.#running.has(session)
  }

  /** Waits until what runs in the session has ended. */
  ended(session: string): Effect.Effect<void> {
    return Effect.suspend(() => {
      const running = this.#running.get(session)
      return running === undefined ? Effect.void : Deferred.await(running.ended)
    })
  }

  /** One at a time looks at a session and says what follows. */
  alone<A, E, R>(session: string, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> {
    return Effect.suspend(() => {
      const held = this.#locks.get(session) ?? { lock: Semaphore.makeUnsafe(1), users: 0 }
      held.users += 1
      this.#locks.set(session, held)
      return Effect.ensuring(
        held.lock.withPermit(effect),
        Effect.sync(() => {
          held.users -= 1
          if (held.users === 0) this.#locks.delete(session)
        })
      )
    })
  }
}
