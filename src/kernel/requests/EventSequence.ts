/**
 * Counts the events of a request, or of one of its calls: each has a sequence of its own, so that calls side by side
 * give their events the same ids whichever is faster.
 */
import type { FactCall } from "../../events/facts/Fact.ts"
import type { Level } from "../../events/types/Event.ts"
import * as EventIds from "../../events/types/EventIds.ts"

export class EventSequence {
  /** Null: the events of the request itself. */
  readonly call: FactCall | null
  /** Observations above it are not recorded. */
  readonly level: Level
  readonly #id: string
  #count = 0

  /** `id`: of the request; a call has its own. */
  constructor(id: string, level: Level, call: FactCall | null = null) {
    this.call = call
    this.level = level
    this.#id = call?.id ?? id
  }

  /** Id the next event will have. */
  get nextId(): string {
    return EventIds.nth(this.#id, this.#count + 1)
  }

  idOf(counter: number): string {
    return EventIds.nth(this.#id, counter)
  }

  /** The counter of the first of so many events that are added now. */
  take(events: number): number {
    const first = this.#count + 1
    this.#count += events
    return first
  }
}
