/** So many at once, and no tenant waits for all that another one has submitted: those that wait are let in turn by turn. */
import { Effect } from "effect"

interface Waiting {
  readonly enter: () => void
}

export class FairPermits {
  #free: number
  /** By tenant, the one whose turn it is first. */
  readonly #queues = new Map<string, Set<Waiting>>()

  constructor(most: number) {
    this.#free = most
  }

  run<A, E, R>(tenant: string, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> {
    return Effect.uninterruptibleMask((restore) =>
      Effect.andThen(
        restore(this.#enter(tenant)),
        Effect.ensuring(restore(effect), Effect.sync(() => this.#leave()))
      )
    )
  }

  #enter(tenant: string): Effect.Effect<void> {
    return Effect.callback<void>((resume) => {
      if (this.#free > 0) {
        this.#free--
        return resume(Effect.void)
      }
      let entered = false
      const waiting = {
        enter: () => {
          entered = true
          resume(Effect.void)
        }
      }
      const queue = this.#queues.get(tenant) ?? new Set()
      this.#queues.set(tenant, queue.add(waiting))
      return Effect.sync(() => {
        // Its turn came while it was given up: it goes to the next.
        if (entered) return this.#leave()
        queue.delete(waiting)
        if (queue.size === 0 && this.#queues.get(tenant) === queue) this.#queues.delete(tenant)
      })
    })
  }

  #leave(): void {
    const [turn] = this.#queues
    if (turn === undefined) {
      this.#free++
      return
    }
    const [tenant, queue] = turn
    const [first] = queue
    queue.delete(first!)
    this.#queues.delete(tenant)
    // Behind the others.
    if (queue.size > 0) this.#queues.set(tenant, queue)
    first!.enter()
  }
}
