/**
 * What waits for the writer. What somebody waits for is taken at the end of the turn in which it came, with all that
 * came until then; what nobody waits for goes with it, or a little later alone.
 *
 * It keeps nothing that was taken: in a linked queue each entry, and all that hangs on it, would survive the collections
 * of young garbage.
 */
import { Effect, Fiber } from "effect"
import type { Scope } from "effect"
import { clearTimeout, setTimeout } from "node:timers"

/** What nobody waits for waits so long for company, milliseconds. */
const longestWait = 10

export class WriteQueue<A> {
  readonly #mostTaken: number
  #waiting: Array<A> = []
  #isEnded = false
  #isUrgent = false
  #timer: NodeJS.Timeout | undefined
  #wake: (() => void) | undefined
  /** Who waits for what is taken next. */
  #readers: Array<() => void> = []

  constructor(mostTaken: number) {
    this.#mostTaken = mostTaken
  }

  /** False where it has ended. `isAwaited`: somebody waits for it. */
  offer(entry: A, isAwaited: boolean): boolean {
    if (this.#isEnded) return false
    this.#waiting.push(entry)
    if (isAwaited) this.#hurry()
    // A clock of its own: it is about commits, not about what is recorded.
    // @effect-diagnostics-next-line globalTimers:off
    else if (!this.#isUrgent) this.#timer ??= setTimeout(this.#hurry, longestWait)
    return true
  }

  /** Asked by who reads, before: what waits is written first, so that a reader sees what was handed over. */
  readonly hurried: Effect.Effect<void> = Effect.suspend(() => {
    if (this.#waiting.length === 0) return Effect.void
    this.#hurry()
    return Effect.callback<void>((resume) => void this.#readers.push(() => resume(Effect.void)))
  })

  readonly #hurry = (): void => {
    if (this.#timer !== undefined) clearTimeout(this.#timer)
    this.#timer = undefined
    this.#isUrgent = true
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
  }

  readonly #urgent: Effect.Effect<void> = Effect.suspend(() => {
    if (this.#isUrgent || this.#isEnded) return Effect.void
    return Effect.callback((resume) => {
      this.#wake = () => resume(Effect.void)
    })
  })

  #take(): ReadonlyArray<A> {
    if (this.#waiting.length > this.#mostTaken) return this.#waiting.splice(0, this.#mostTaken)
    const taken = this.#waiting
    this.#waiting = []
    this.#isUrgent = false
    return taken
  }

  /** Takes groups until the scope closes, and then all that is left. */
  drain(write: (group: ReadonlyArray<A>) => Effect.Effect<void>): Effect.Effect<void, never, Scope.Scope> {
    // What comes in one turn of the event loop is one group.
    const next = Effect.andThen(this.#urgent, Effect.yieldNow)
    const group = Effect.suspend(() => {
      const taken = this.#take()
      if (taken.length === 0) return Effect.void
      const readers = this.#readers
      if (readers.length === 0) return write(taken)
      this.#readers = []
      return Effect.andThen(write(taken), Effect.sync(() => readers.forEach((resume) => resume())))
    })
    const body = Effect.andThen(next, group)
    const writing = Effect.whileLoop({
      while: () => !this.#isEnded || this.#waiting.length > 0,
      body: () => body,
      step: () => {}
    })
    const end = (writer: Fiber.Fiber<unknown>) =>
      Effect.suspend(() => {
        this.#isEnded = true
        this.#hurry()
        return Fiber.join(writer)
      })
    return Effect.asVoid(Effect.acquireRelease(Effect.forkDetach(writing), end))
  }
}
