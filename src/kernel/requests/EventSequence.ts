/**
 * Counts the events of a request, or of one of its calls: each has a sequence of its own, so that calls side by side
 * give their events the same ids whichever is faster.
 */
import type { FactCall } from "../../events/facts/Fact.ts"
import type { Level } from "../../events/types/Event.ts"
import * as EventIds from "../../events/types/EventIds.ts"

/** Within what calls are counted: a request, or a branch of it. */
export const lineOf = (requestId: string, branchPath: string | undefined): string =>
  branchPath === undefined ? requestId : `${requestId}/${branchPath}`

/** That of a recorded call, by its path. */
export const lineOfCall = (requestId: string, path: string): string => {
  const end = path.lastIndexOf("/")
  return lineOf(requestId, end === -1 ? undefined : path.slice(0, end))
}

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

  /** How many events it has counted. */
  get count(): number {
    return this.#count
  }

  /** As if what was counted behind so many had not been: it is nowhere. */
  rewind(count: number): void {
    this.#count = count
  }

  /** The counter of the first of so many events that are added now. */
  take(events: number): number {
    const first = this.#count + 1
    this.#count += events
    return first
  }
}
