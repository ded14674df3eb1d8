/** Commits groups of appends in one transaction: events, projections and the state of the log. */
import { Effect } from "effect"
import type { Result } from "effect"
import type { SqlError } from "effect/sql/SqlError"
import * as FactEvents from "../facts/FactEvents.ts"
import type { Append, Appended, AppendRefused, EventLogUnavailable } from "../log/EventLog.ts"
import type { RecordedEvent } from "../types/Envelope.ts"
import type { Place, Standing } from "./AppendPlan.ts"
import { AppendPlan } from "./AppendPlan.ts"
import type { PostgresCatchUp } from "./PostgresCatchUp.ts"
import type { Database, Queries } from "./PostgresDatabase.ts"
import { channelOf } from "./PostgresDatabase.ts"
import { texts } from "./PostgresParameters.ts"
import type { PostgresProjectionTable } from "./PostgresProjections.ts"
import { foldInto, together, writeAll } from "./PostgresProjections.ts"
import * as PostgresRows from "./PostgresRows.ts"

type AppendResult = Result.Result<Appended, AppendRefused>

/** Waits for the other writers, of this process and of others: from here to the commit there is only this one. */
export const lockLog = (queries: Queries): Effect.Effect<number, SqlError> =>
  Effect.map(queries.query("SELECT head FROM log_state FOR UPDATE"), ([row]) => Number(row?.["head"]))

/** Streams at their version, known events at their place, projections up to their position: all in one round trip. */
const look = `
  SELECT 'stream' AS kind, name, NULL AS stream,
    (SELECT version FROM events WHERE stream = name ORDER BY version DESC LIMIT 1) AS version, NULL::bigint AS position
    FROM unnest($1::text[]) AS name
  UNION ALL SELECT 'event', id, stream, version, position FROM events WHERE id = ANY($2::text[])
  UNION ALL SELECT 'projection', name, NULL, version, position FROM projections`

interface Seen extends Standing {
  /** By name: version, and position up to which events are folded. */
  readonly projections: ReadonlyMap<string, { readonly version: number; readonly position: number }>
}

const lookAt = Effect.fnUntraced(function*(queries: Queries, group: ReadonlyArray<Append>, head: number) {
  const streams = new Set(group.map(({ stream }) => stream))
  const ids = new Set(group.flatMap(({ events }) => events.flatMap(FactEvents.idsOf)))
  const versions = new Map<string, number>()
  const known = new Map<string, Place>()
  const projections = new Map<string, { readonly version: number; readonly position: number }>()
  for (const row of yield* queries.query(look, [texts([...streams]), texts([...ids])])) {
    const name = String(row["name"])
    const [version, position] = [Number(row["version"] ?? 0), Number(row["position"] ?? 0)]
    if (row["kind"] === "stream") versions.set(name, version)
    else if (row["kind"] === "event") known.set(name, { stream: String(row["stream"]), version, position })
    else projections.set(name, { version, position })
  }
  const seen: Seen = { head, versions, known, projections }
  return seen
})

const bytesOf = (events: ReadonlyArray<RecordedEvent>, level: "debug" | "raw"): number =>
  events.reduce((sum, event) => event.level === level ? sum + Buffer.byteLength(event.payload) : sum, 0)

export interface PostgresWriter {
  commit(group: ReadonlyArray<Append>): Effect.Effect<ReadonlyArray<AppendResult>, SqlError | EventLogUnavailable>
  /** The highest position that this process has committed: its readers know of it already. */
  readonly committed: number
}

export const make = (
  database: Database,
  tables: ReadonlyArray<PostgresProjectionTable>,
  catchUp: PostgresCatchUp
): PostgresWriter => {
  let committed = 0

  /** Tables that hold what this process makes of the events; one of another version belongs to another Strata. */
  const currentTables = Effect.fnUntraced(function*(queries: Queries, { head, projections }: Seen) {
    const current = tables.filter(({ projection }) => projections.get(projection.name)?.version === projection.version)
    for (const table of current) {
      const { position } = projections.get(table.projection.name)!
      // A process that does not keep this table has appended.
      if (position < head) yield* catchUp(queries, [table], position)
    }
    return current
  })

  const write = Effect.fnUntraced(function*(queries: Queries, { events, head }: AppendPlan, seen: Seen) {
    const current = yield* currentTables(queries, seen)
    const changes = yield* foldInto(queries, current, events)
    const parameters: Array<unknown> = [...PostgresRows.toColumns(events)]
    const add = (parameter: unknown) => `$${parameters.push(parameter)}`
    const parts = [
      PostgresRows.insert,
      `UPDATE log_state SET head = ${add(BigInt(head))}, debug_bytes = debug_bytes + ${
        add(BigInt(bytesOf(events, "debug")))
      }, raw_bytes = raw_bytes + ${add(BigInt(bytesOf(events, "raw")))}`
    ]
    if (current.length > 0) {
      const names = current.map(({ projection }) => projection.name)
      parts.push(
        `UPDATE projections SET position = ${add(BigInt(head))} WHERE name = ANY(${add(texts(names))}::text[])`
      )
    }
    parts.push(...writeAll(current, changes, add))
    const notify = `SELECT 1 FROM pg_notify(${add(channelOf(database.schema))}, ${add(String(head))})`
    yield* queries.query(together(parts, notify), parameters)
  })

  const commit = Effect.fnUntraced(function*(group: ReadonlyArray<Append>) {
    const plan = yield* database.transaction(Effect.fnUntraced(function*(queries) {
      const head = yield* lockLog(queries)
      const seen = yield* lookAt(queries, group, head)
      const plan = new AppendPlan(group, seen)
      if (plan.events.length > 0) yield* write(queries, plan, seen)
      return plan
    }))
    if (plan.events.length > 0) committed = Math.max(committed, plan.head)
    return plan.results
  })

  return {
    commit,
    get committed() {
      return committed
    }
  }
}
