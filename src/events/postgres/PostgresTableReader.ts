/** Reads the tables of the projections in PostgreSQL as the log stands when the reader comes. */
import { Effect } from "effect"
import type { SqlError } from "effect/sql/SqlError"
import type { EventLogUnavailable } from "../log/EventLog.ts"
import { notUpToDate, untilFolded } from "../log/ProjectionTables.ts"
import * as DocumentText from "../projections/DocumentText.ts"
import type { Row } from "../projections/Projection.ts"
import type { Database, Row as DatabaseRow, Statement } from "./PostgresDatabase.ts"
import { attempt } from "./PostgresFailure.ts"
import type { PostgresFolding } from "./PostgresFolding.ts"
import type { Order, PostgresProjectionTable, RowKey } from "./PostgresProjections.ts"
import { orderBy } from "./PostgresProjections.ts"

/** The rows, and beside each of them, in the same moment, how far the log and the table are: one row at least. */
const withStanding = (
  { projection }: PostgresProjectionTable,
  { order = "ascending", parameters = [], sql }: Statement & { readonly order?: Order }
): Statement => ({
  sql: `SELECT log_state.last_position AS head, kept.version AS version, kept.folded_through AS folded_through, found.*
    FROM log_state LEFT JOIN projections AS kept ON kept.name = $${
    parameters.length + 1
  } LEFT JOIN (${sql}) AS found ON true
    ORDER BY ${orderBy[order].replace("position", "found.$&")}`,
  parameters: [...parameters, projection.name]
})

const headOf = (rows: ReadonlyArray<DatabaseRow>): number => Number(rows[0]?.["head"])

/** A table that another Strata made, of another version, is not waited for. */
const isBehind = ({ projection }: PostgresProjectionTable, rows: ReadonlyArray<DatabaseRow>, head: number): boolean =>
  Number(rows[0]?.["version"]) === projection.version && Number(rows[0]?.["folded_through"]) < head

const toRows = ({ projection }: PostgresProjectionTable, rows: ReadonlyArray<DatabaseRow>) =>
  attempt(
    "be read",
    () => rows.filter((row) => row["key"] !== null).map((row) => DocumentText.readRow(projection, row))
  )

/** PostgreSQL holds no text with this character, and refuses a statement that asks for one: no row has such a key. */
const neverInText = "\u0000"

export const isNeverThere = (key: string): boolean => key.includes(neverInText)

/** Reads once the table holds all that stands in the log now. */
export interface PostgresTableReader {
  row(
    table: PostgresProjectionTable,
    key: RowKey
  ): Effect.Effect<Row<unknown> | undefined, SqlError | EventLogUnavailable>
  /** Of tenant, key, position and document. */
  rows(
    table: PostgresProjectionTable,
    statement: Statement & { readonly order?: Order }
  ): Effect.Effect<ReadonlyArray<Row<unknown>>, SqlError | EventLogUnavailable>
}

export const make = (database: Database, folding: PostgresFolding): PostgresTableReader => {
  /** Who can only read looks until who writes has folded. */
  const waited = (table: PostgresProjectionTable, { parameters, sql }: Statement, head: number) =>
    database.query(sql, parameters).pipe(
      Effect.repeat({
        until: (rows) => !isBehind(table, rows, head),
        ...untilFolded
      }),
      Effect.andThen(database.query(sql, parameters)),
      Effect.filterOrFail((rows) => !isBehind(table, rows, head), () => notUpToDate([table.projection.name]))
    )

  const current = Effect.fnUntraced(function*(table: PostgresProjectionTable, statement: Statement) {
    const { parameters, sql } = statement
    const rows = yield* database.query(sql, parameters)
    const head = headOf(rows)
    if (!isBehind(table, rows, head)) return rows
    if (database.access === "read") return yield* waited(table, statement, head)
    yield* folding.foldTo(head)
    return yield* database.query(sql, parameters)
  })

  /** What this process has written itself needs no folding first: most rows are asked for just behind a commit. */
  const row = Effect.fnUntraced(function*(table: PostgresProjectionTable, { key, tenant }: RowKey) {
    if (isNeverThere(key)) return undefined
    const statement = withStanding(table, {
      sql: `SELECT tenant, key, position, document FROM ${table.name} WHERE tenant = $1 AND key = $2`,
      parameters: [tenant, key]
    })
    const rows = yield* database.query(statement.sql, statement.parameters)
    const head = headOf(rows)
    const stored = yield* toRows(table, rows)
    if (!isBehind(table, rows, head)) return stored[0]
    // What was committed in this moment is told here in the next.
    yield* Effect.yieldNow
    const foldedTo = Number(rows[0]?.["folded_through"])
    const folded = yield* attempt(
      "be read",
      () => folding.foldedRow(table, { tenant, key }, { row: stored[0], foldedTo, head })
    )
    if (folded !== undefined) return folded.row
    const [again] = yield* toRows(table, yield* current(table, statement))
    return again
  })

  return {
    row,
    rows: (table, statement) =>
      Effect.flatMap(current(table, withStanding(table, statement)), (rows) => toRows(table, rows))
  }
}
