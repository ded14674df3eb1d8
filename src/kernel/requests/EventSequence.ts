/**
 * Counts the events of a request, or of one of its calls: each has a sequence of its own, so that calls side by side
 * give their events the same ids whichever is faster.
 */
import type { FactCall } from "../../events/facts/Fact.ts"
import * as EventIds from "../../events/types/EventIds.ts"

export class EventSequence {
  /** Null: the events of the request itself. */
  readonly call: FactCall | null
  readonly #base: string
  #count = 0

  constructor(requestId: string, call: FactCall | null = null) {
    this.call = call
    this.#base = call === null ? requestId : EventIds.ofCall(requestId, call.path)
  }

  /** Id the next event will have. */
  get nextId(): string {
    return EventIds.nth(this.#base, this.#count + 1)
  }

  idOf(counter: number): string {
    return EventIds.nth(this.#base, counter)
  }

  /** The counter of the first of so many events that are added now. */
  take(events: number): number {
    const first = this.#count + 1
    this.#count += events
    return first
  }
}
