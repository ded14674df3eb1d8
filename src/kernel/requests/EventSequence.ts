/**
 * Numbers the events of a request, or of one of its calls: each has a sequence of its own, so that calls side by side
 * give their events the same ids whichever is faster.
 */
import * as EventIds from "../../events/types/EventIds.ts"

export class EventSequence {
  readonly #base: string
  #count = 0

  /** `path`: of the call within its request, `1`, `2`, `2.1` …; empty: the request itself. */
  constructor(requestId: string, path = "") {
    this.#base = path === "" ? requestId : EventIds.ofCall(requestId, path)
  }

  /** Id the next event will have. */
  get nextId(): string {
    return EventIds.nth(this.#base, this.#count + 1)
  }

  /** The id of an event that is added now. */
  take(): string {
    return EventIds.nth(this.#base, ++this.#count)
  }
}
