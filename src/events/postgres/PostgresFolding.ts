/**
 * Folds the log into the tables of the projections behind the writers: no append waits for it. Of several processes one
 * folds at a time. What this one has appended is folded from memory where nobody else appended between.
 */
import { Effect, Semaphore } from "effect"
import type { SqlError } from "effect/sql/SqlError"
import { expand } from "../facts/Expansion.ts"
import * as FactEvents from "../facts/FactEvents.ts"
import type { EventLogUnavailable } from "../log/EventLog.ts"
import type { Row as StoredRow } from "../projections/Projection.ts"
import { byType, ProjectionFold } from "../projections/ProjectionFold.ts"
import type { Slice } from "../projections/UnfoldedEvents.ts"
import { UnfoldedEvents } from "../projections/UnfoldedEvents.ts"
import type { Lift } from "../types/Upcasting.ts"
import type { Placed } from "./AppendPlan.ts"
import type { Database, Queries, Row, Statement } from "./PostgresDatabase.ts"
import { attempt, onOtherConnections } from "./PostgresFailure.ts"
import { texts } from "./PostgresParameters.ts"
import type { PostgresProjectionTable, RowKey, Standing } from "./PostgresProjections.ts"
import { changesOf, together, writeAll } from "./PostgresProjections.ts"
import * as PostgresReader from "./PostgresReader.ts"

/** Events of one transaction. */
const sliceSize = 500

export interface PostgresFolding {
  /** Remembers, of what is committed, the events that are folded. */
  written(placed: ReadonlyArray<Placed>, after: number, through: number): void
  /** True while what this process has written may not be folded. */
  readonly isBehind: boolean
  /** A row as it becomes by what is not folded yet behind one position, up to another; undefined: that has to be read. */
  foldedRow(
    table: PostgresProjectionTable,
    key: RowKey,
    stored: { readonly row: StoredRow<unknown> | undefined; readonly foldedTo: number; readonly head: number }
  ): { readonly row: StoredRow<unknown> | undefined } | undefined
  /** Until the tables hold all up to here; waits for another process that folds. */
  foldTo(head: number): Effect.Effect<void, SqlError | EventLogUnavailable>
  /** Until the tables hold all there is, or another process folds. */
  readonly foldWhatIsFree: Effect.Effect<void, SqlError | EventLogUnavailable>
}

/** Locks what is folded into, and tells how far it is. What was committed up to `head` can be read from here on. */
const lock = (tables: ReadonlyArray<PostgresProjectionTable>, isPatient: boolean): Statement => ({
  sql: `SELECT name, version, folded_through, (SELECT last_position FROM log_state) AS head FROM projections
    WHERE name = ANY($1::text[]) ORDER BY name FOR UPDATE${isPatient ? "" : " SKIP LOCKED"}`,
  parameters: [texts(tables.map(({ projection }) => projection.name))]
})

const write = (
  standings: ReadonlyArray<Standing>,
  changes: Effect.Success<ReturnType<typeof changesOf>>,
  to: number
) => {
  const parameters: Array<unknown> = []
  const add = (parameter: unknown) => `$${parameters.push(parameter)}`
  const tables = standings.map(({ table }) => table)
  const names = add(texts(tables.map(({ projection }) => projection.name)))
  const moved = `UPDATE projections SET folded_through = greatest(folded_through, ${
    add(BigInt(to))
  }) WHERE name = ANY(${names}::text[])`
  return { sql: together([...writeAll(tables, changes, add), moved], "SELECT 1"), parameters } satisfies Statement
}

export const make = (
  database: Database,
  tables: ReadonlyArray<PostgresProjectionTable>,
  lift: Lift
): PostgresFolding => {
  const types = byType(tables.map(({ projection }) => projection))
  const expanded = FactEvents.typesOf(types.keys())
  const unfolded = new UnfoldedEvents()
  let session: object | undefined
  /** All tables of this Strata hold what stands up to the first; this process has written up to the second. */
  let [folded, written] = [0, 0]

  const forgetLost = (current: object) => {
    if (session !== current) unfolded.clear()
    session = current
  }

  /** A table of another version belongs to another Strata. */
  const standingsIn = (rows: ReadonlyArray<Row>): ReadonlyArray<Standing> =>
    tables.flatMap((table) => {
      const { name, version } = table.projection
      const row = rows.find((each) => each["name"] === name)
      return row === undefined || Number(row["version"]) !== version
        ? []
        : [{ table, foldedTo: Number(row["folded_through"]) }]
    })

  const readSlice = Effect.fnUntraced(function*(queries: Queries, after: number, head: number) {
    const events = yield* PostgresReader.read(queries, { after, types: [...types.keys()], limit: sliceSize })
    const last = events.at(-1)?.position ?? after
    return { events, through: events.length < sliceSize ? Math.max(last, head) : last } satisfies Slice
  })

  /** Gives up to where the tables that are free are folded, of what stands in the log. */
  const foldSlice = (isPatient: boolean) =>
    database.fold(
      lock(tables, isPatient),
      Effect.fnUntraced(function*(rows, queries, session) {
        forgetLost(session)
        const standings = standingsIn(rows)
        const head = Number(rows[0]?.["head"] ?? 0)
        // The others of this Strata are being folded, or made anew.
        const isWhole = rows.length === tables.length
        const after = standings.length === 0 ? head : Math.min(...standings.map(({ foldedTo }) => foldedTo))
        if (after >= head) return { result: { foldedTo: after, head, isWhole } }
        const slice = unfolded.take(after, sliceSize) ?? (yield* readSlice(queries, after, head))
        const events = yield* attempt("be written", () => slice.events.map(lift))
        const last = write(standings, yield* changesOf(queries, standings, events), slice.through)
        return { last, result: { foldedTo: slice.through, head, isWhole } }
      })
    )

  const oneByOne = Semaphore.makeUnsafe(1)

  const fold = Effect.fnUntraced(function*(isPatient: boolean, head: number) {
    if (tables.length === 0) return
    while (folded < head) {
      const slice = yield* Effect.retry(foldSlice(isPatient), onOtherConnections)
      if (slice.isWhole) folded = Math.max(folded, slice.foldedTo)
      if (slice.foldedTo >= Math.min(head, slice.head)) return
    }
  }, oneByOne.withPermit)

  return {
    written(placed, after, through) {
      written = through
      if (tables.length === 0) return
      unfolded.add(placed.flatMap(({ appended, place }) => expand([appended], place, expanded)), after, through)
    },
    foldedRow({ projection }, { key, tenant }, { foldedTo, head, row }) {
      const events = unfolded.between(foldedTo, head)
      if (events === undefined) return undefined
      const fold = new ProjectionFold()
      for (const event of events) {
        if (event.tenant !== tenant || !projection.types.has(event.type)) continue
        const lifted = lift(event)
        if (projection.key(lifted) === key) fold.apply(projection, lifted, () => row)
      }
      const [change] = fold.changes
      return change === undefined ? { row } : { row: change.row }
    },
    get isBehind() {
      return folded < written
    },
    foldTo: (head) => fold(true, head),
    foldWhatIsFree: fold(false, Infinity)
  }
}
