/**
 * Keeps event ids unique where facts hold many in one row: no two facts of a request overlap, and no event of its own
 * has an id within one. What this process has written of a request is remembered; the rest is looked up.
 */
import type { DatabaseSync, StatementSync } from "node:sqlite"
import type { Fact } from "../facts/Fact.ts"
import * as FactEvents from "../facts/FactEvents.ts"
import * as EventIds from "../types/EventIds.ts"
import { RecentMap } from "../types/RecentMap.ts"
import type { SqliteReader } from "./SqliteReader.ts"

/** Requests whose ids are remembered; the rest is looked up. */
const mostRemembered = 10_000

/** An event of an append has an id that stands in the log already. */
export class IdTaken extends Error {}

export class FactIds {
  readonly #reader: SqliteReader
  readonly #ofEvents: StatementSync
  /** By what the ids of a request have in common: the ranges of ids that are taken. */
  readonly #taken = new RecentMap<string, Array<FactEvents.IdRange>>(mostRemembered)

  constructor(database: DatabaseSync, reader: SqliteReader) {
    this.#reader = reader
    this.#ofEvents = database.prepare("SELECT id FROM events WHERE id >= ? AND id < ? || '~'")
  }

  /** Takes the ids of a fact. */
  take(fact: Fact): void {
    const common = EventIds.commonOf(fact.requestId)
    const taken = this.#taken.get(common) ??
      this.#remember(common, FactEvents.beginsStream(fact) ? [] : this.#stored(common))
    for (const range of FactEvents.idRanges(fact)) {
      for (const { base, first, last } of taken) {
        if (range.base === base && range.first <= last && first <= range.last) throw new IdTaken()
      }
      taken.push(range)
    }
  }

  /** Takes the id of an event with a row of its own: among those of events the table holds it unique. */
  takeOne(id: string): void {
    const common = EventIds.commonOf(id)
    const remembered = this.#taken.get(common)
    const one = rangeOf(id)
    for (const { base, first, last } of remembered ?? this.#ofFacts(common)) {
      if (EventIds.nth(base, one.first) === id && first <= one.first && one.last <= last) throw new IdTaken()
    }
    remembered?.push(one)
  }

  rolledBack(): void {
    this.#taken.clear()
  }

  #remember(common: string, taken: Array<FactEvents.IdRange>): Array<FactEvents.IdRange> {
    this.#taken.set(common, taken)
    return taken
  }

  #stored(common: string): Array<FactEvents.IdRange> {
    const ofEvents = this.#ofEvents.all(common, common).map(({ id }) => rangeOf(String(id)))
    return [...this.#ofFacts(common), ...ofEvents]
  }

  #ofFacts(common: string): Array<FactEvents.IdRange> {
    return [...this.#reader.facts({ after: 0, id: common })].flatMap(({ fact }) => FactEvents.idRanges(fact))
  }
}

/** An id as what it is counted under, and its counter. */
const rangeOf = (id: string): FactEvents.IdRange => {
  const counter = EventIds.counterOf(id)
  return { base: EventIds.nth(id, 0), first: counter, last: counter }
}
