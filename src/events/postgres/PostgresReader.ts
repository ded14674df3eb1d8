/** Reads the events of the log one by one, in order: rows of their own, and those that facts stand for. */
import { Effect } from "effect"
import type { SqlError } from "effect/sql/SqlError"
import { countOf, mostEvents } from "../facts/Fact.ts"
import * as FactEvents from "../facts/FactEvents.ts"
import type { Sources } from "../facts/FactReader.ts"
import type { EventLogUnavailable, Read } from "../log/EventLog.ts"
import { matches } from "../log/EventLog.ts"
import { addAll } from "../types/AddAll.ts"
import type { RecordedEvent } from "../types/Envelope.ts"
import type { Queries, Row } from "./PostgresDatabase.ts"
import * as PostgresFacts from "./PostgresFacts.ts"
import { attempt } from "./PostgresFailure.ts"
import * as PostgresRows from "./PostgresRows.ts"

/** False where no event that is let through shows a body. */
const mayShowBodies = ({ level, types }: Read): boolean =>
  level !== "default" &&
  (types === undefined || types.some((type) => type.endsWith("*") || type.endsWith(":raw") || type.endsWith(":debug")))

/** With what those of the page refer to, as it is in that moment: rows without a place. */
const withSources = (page: string, showsBodies: boolean): string => {
  const passages = showsBodies
    ? "SELECT position, passages FROM page UNION ALL SELECT position, body_passages FROM page"
    : "SELECT position, passages FROM page"
  const bases = showsBodies ? "SELECT base FROM page WHERE base IS NOT NULL" : undefined
  return `WITH RECURSIVE page AS (${page}), ${PostgresFacts.sources(bases, passages)}
   SELECT page.*, sources.* FROM page FULL JOIN sources ON false ORDER BY page.position`
}

/**
 * Both in order, not many more than hold the events that are asked for: a page may begin within a fact. Filters of the
 * same kind always give the same text, so that it is prepared once.
 */
const select = (read: Read): { readonly sql: string; readonly parameters: ReadonlyArray<unknown> } => {
  const parameters: Array<unknown> = []
  const add = (parameter: unknown) => `$${parameters.push(parameter)}`
  const limit = `${add(BigInt(read.limit))}::bigint`
  const both = [PostgresRows.select(read, limit, add), PostgresFacts.select(read, limit, add)]
  const merged = both.flatMap((each) => each === undefined ? [] : [`(${each})`]).join(" UNION ALL ")
  const page = `SELECT * FROM (
      SELECT *, sum(events) OVER (ORDER BY position) - events AS events_before FROM (${merged}) AS merged
    ) AS counted WHERE events_before < ${limit} + ${mostEvents} ORDER BY position`
  return { sql: withSources(page, mayShowBodies(read)), parameters }
}

interface Page {
  readonly rows: ReadonlyArray<Row>
  readonly sources: Sources
}

const pageOf = (rows: ReadonlyArray<Row>): Page => {
  const sources = rows.filter((row) => row["source_position"] !== null)
  return {
    rows: sources.length === 0 ? rows : rows.filter((row) => row["position"] !== null),
    sources: PostgresFacts.sourcesOf(sources)
  }
}

/** What the rows stand for, as far as it is wanted, and the position of the last that they tell of. */
const eventsOf = ({ rows, sources }: Page, read: Read) => {
  const events: Array<RecordedEvent> = []
  let through = read.after
  for (const row of rows) {
    if (events.length >= read.limit) break
    if (row["fact"] === null) {
      const event = PostgresRows.toEvent(row, sources.payloadOf)
      events.push(event)
      through = event.position
    } else {
      const { fact, place } = PostgresFacts.toFact(row, sources)
      addAll(events, FactEvents.derive(fact, place, (head) => head.position > read.after && matches(read, head)))
      through = place.position + countOf(fact) - 1
    }
  }
  return { events, through }
}

/** True where nothing was left out. */
const areAll = (rows: ReadonlyArray<Row>, { limit }: Read): boolean =>
  rows.length < limit && rows.reduce((sum, row) => sum + Number(row["events"]), 0) < limit + mostEvents

export const read = Effect.fnUntraced(function*(
  queries: Queries,
  options: Read
): Effect.fn.Return<ReadonlyArray<RecordedEvent>, SqlError | EventLogUnavailable> {
  const matching: Array<RecordedEvent> = []
  let rest = options
  while (true) {
    const { parameters, sql } = select(rest)
    const page = pageOf(yield* queries.query(sql, parameters))
    const { events, through } = yield* attempt("be read", () => eventsOf(page, rest))
    addAll(matching, events)
    if (matching.length >= options.limit || areAll(page.rows, rest)) return matching.slice(0, options.limit)
    // Some facts hold fewer than they might.
    rest = { ...options, after: through, limit: options.limit - matching.length }
  }
})
