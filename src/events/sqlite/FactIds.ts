/**
 * Keeps event ids unique where facts hold many in one row: no two facts of a request overlap, and no event of its own
 * has an id within one. What this process has written of a request is remembered; the rest is looked up.
 */
import { Data } from "effect"
import type { DatabaseSync, StatementSync } from "node:sqlite"
import type { Fact } from "../facts/Fact.ts"
import * as FactEvents from "../facts/FactEvents.ts"
import type { IdRange } from "../facts/IdRanges.ts"
import * as IdRanges from "../facts/IdRanges.ts"
import * as EventIds from "../types/EventIds.ts"
import { RecentMap } from "../types/RecentMap.ts"
import type { SqliteReader } from "./SqliteReader.ts"

/** Requests on their way whose ids are remembered; the rest is looked up. */
const mostRemembered = 5000

/** An event of an append has an id that stands in the log already. */
export class IdTaken extends Data.TaggedError("IdTaken") {}

export class FactIds {
  readonly #reader: SqliteReader
  readonly #ofEvents: StatementSync
  readonly #anyFact: StatementSync
  /** By what the ids of a request have in common: the ranges of ids that are taken. */
  readonly #taken = new RecentMap<string, Array<IdRange>>(mostRemembered)

  constructor(database: DatabaseSync, reader: SqliteReader) {
    this.#reader = reader
    this.#ofEvents = database.prepare("SELECT id FROM events WHERE id >= ? AND id < ? || '~'")
    this.#anyFact = database.prepare("SELECT 1 FROM facts WHERE id >= ? AND id < ? || '~' LIMIT 1")
  }

  /** Takes the ids of a fact. */
  take(fact: Fact): void {
    const common = EventIds.commonOf(fact.requestId)
    const taken = this.#taken.get(common) ??
      this.#remember(common, FactEvents.beginsStream(fact) ? [] : this.#stored(common))
    for (const range of IdRanges.ofFact(fact)) {
      for (const other of taken) if (IdRanges.overlap(range, other)) throw new IdTaken()
      taken.push(range)
    }
    if (FactEvents.endsRequest(fact)) this.#taken.delete(common)
  }

  /** Takes the id of an event with a row of its own: among those of events the table holds it unique. */
  takeOne(id: string): void {
    const common = EventIds.commonOf(id)
    const remembered = this.#taken.get(common)
    const ranges = remembered ?? this.#ofFacts(common)
    const range = IdRanges.ofId(id)
    if (ranges.some((other) => IdRanges.overlap(range, other))) throw new IdTaken()
    remembered?.push(range)
  }

  rolledBack(): void {
    this.#taken.clear()
  }

  #remember(common: string, taken: Array<IdRange>): Array<IdRange> {
    this.#taken.set(common, taken)
    return taken
  }

  #stored(common: string): Array<IdRange> {
    const ofEvents = this.#ofEvents.all(common, common).map(({ id }) => IdRanges.ofId(String(id)))
    return [...this.#ofFacts(common), ...ofEvents]
  }

  #ofFacts(common: string): Array<IdRange> {
    // Mostly there is none: the id is new.
    if (this.#anyFact.get(common, common) === undefined) return []
    return [...this.#reader.facts({ after: 0, id: common })].flatMap(({ fact }) => IdRanges.ofFact(fact))
  }
}
