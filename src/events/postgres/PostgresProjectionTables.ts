/** Reads and rebuilds the tables of the projections in PostgreSQL. */
import { Effect } from "effect"
import type { EventLogUnavailable } from "../log/EventLog.ts"
import type { Lineage, Query, Rebuilt } from "../log/ProjectionTables.ts"
import { notUpToDate, ProjectionTables } from "../log/ProjectionTables.ts"
import type { AnyProjection, Projection, Row } from "../projections/Projection.ts"
import { columnsOf } from "../projections/Projection.ts"
import * as RowFilter from "../projections/RowFilter.ts"
import { TableDigest } from "../projections/TableDigest.ts"
import type { PostgresCatchUp } from "./PostgresCatchUp.ts"
import type { Database, Queries, Row as DatabaseRow } from "./PostgresDatabase.ts"
import { attempt, unavailable } from "./PostgresFailure.ts"
import type { PostgresFolding } from "./PostgresFolding.ts"
import { readHead } from "./PostgresHead.ts"
import { texts } from "./PostgresParameters.ts"
import type { List } from "./PostgresProjections.ts"
import { PostgresProjectionTable } from "./PostgresProjections.ts"
import { lockTables } from "./PostgresSchema.ts"
import * as PostgresTableReader from "./PostgresTableReader.ts"
import { isNeverThere } from "./PostgresTableReader.ts"

/** Rows read at once. */
const pageSize = 1000

type Tables = ReadonlyArray<PostgresProjectionTable>

const count = (queries: Queries, table: PostgresProjectionTable) =>
  Effect.map(queries.query(`SELECT count(*) AS rows FROM ${table.name}`), ([row]) => Number(row?.["rows"]))

const statusOf = Effect.fnUntraced(function*(queries: Queries, table: PostgresProjectionTable) {
  const digest = new TableDigest()
  let [rows, last] = [0, { tenant: "", key: "" }]
  while (true) {
    const page: ReadonlyArray<DatabaseRow> = yield* queries.query(
      `SELECT tenant, key, position, document FROM ${table.name} WHERE $1 OR (tenant, key) > ($2, $3)
       ORDER BY tenant, key LIMIT ${pageSize}`,
      [rows === 0, last.tenant, last.key]
    )
    for (const { document, key, position, tenant } of page) {
      last = { tenant: String(tenant), key: String(key) }
      digest.add(last, Number(position), String(document))
    }
    rows += page.length
    if (page.length < pageSize) return { projection: table.projection, rows, digest: digest.hex() }
  }
})

/** Tables made anew in one transaction: nobody sees them before they are whole, and nothing is left of a failed one. */
export const build = Effect.fnUntraced(function*(
  database: Database,
  catchUp: PostgresCatchUp,
  choose: (queries: Queries) => Effect.Effect<Tables, EventLogUnavailable>,
  onProgress: Parameters<ProjectionTables["Service"]["rebuild"]>[1]
) {
  return yield* database.transaction(Effect.fnUntraced(function*(queries) {
    const all = (statements: ReadonlyArray<string>) =>
      Effect.forEach(statements, (statement) => queries.query(statement), { discard: true })
    yield* queries.query("SET LOCAL statement_timeout = 0")
    yield* lockTables(queries, database.schema)
    const tables = yield* choose(queries)
    if (tables.length === 0) return { events: 0, rows: 0 } satisfies Rebuilt
    const copies = tables.map(({ projection }) => new PostgresProjectionTable(projection, "_rebuilt"))
    for (const copy of copies) yield* all(copy.create)
    const past = yield* catchUp(
      queries,
      copies,
      0,
      (position) => Effect.flatMap(Effect.orDie(readHead(queries)), (head) => onProgress({ position, head }))
    )
    for (const copy of copies) yield* all(copy.createIndexes)
    // Only what was appended meanwhile is left: for that, who folds waits.
    const names = texts(copies.map(({ projection }) => projection.name))
    yield* queries.query("SELECT 1 FROM projections WHERE name = ANY($1::text[]) ORDER BY name FOR UPDATE", [names])
    const head = yield* readHead(queries)
    const rest = yield* catchUp(queries, copies, past.position)
    const foldedTo = Math.max(head, rest.position)
    for (const [index, copy] of copies.entries()) {
      const { name, version } = copy.projection
      yield* all(copy.replace(tables[index]!))
      yield* queries.query(
        `INSERT INTO projections (name, version, folded_through) VALUES ($1, $2, $3)
         ON CONFLICT (name) DO UPDATE SET version = $2, folded_through = $3`,
        [name, version, BigInt(foldedTo)]
      )
    }
    const rows = yield* Effect.forEach(tables, (table) => count(queries, table))
    yield* onProgress({ position: foldedTo, head: foldedTo })
    return {
      events: past.events + rest.events,
      rows: rows.reduce((sum, each) => sum + each, 0)
    } satisfies Rebuilt
  }))
})

export const make = (
  database: Database,
  tables: Tables,
  catchUp: PostgresCatchUp,
  folding: PostgresFolding
): ProjectionTables["Service"] => {
  const reader = PostgresTableReader.make(database, folding)

  const tableOf = (projection: AnyProjection) =>
    attempt("be read", () => {
      const table = tables.find((each) => each.projection.name === projection.name)
      if (table === undefined) throw new Error(`the projection ${projection.name} is not kept here`)
      return table
    })

  const rowsOf = <D>(table: PostgresProjectionTable, statement: Pick<List, "sql"> & Partial<List>) =>
    Effect.map(unavailable("be read")(reader.rows(table, statement)), (rows) => rows as ReadonlyArray<Row<D>>)

  /** Where the database gives more than should be shown, it is asked until there is enough. */
  const listed = Effect.fnUntraced(function*<D>(table: PostgresProjectionTable, query: Query) {
    const { filter = RowFilter.all, limit } = query
    const first = table.list(query)
    if (first.exact) return yield* rowsOf<D>(table, first)
    const matching: Array<Row<D>> = []
    let rest = query
    while (true) {
      const page = yield* rowsOf<D>(table, table.list({ ...rest, limit: pageSize }))
      for (const row of page) if (RowFilter.test(filter, columnsOf(table.projection, row))) matching.push(row)
      if (matching.length >= limit || page.length < pageSize) return matching.slice(0, limit)
      const { position } = page.at(-1)!
      rest = query.order === "descending" ? { ...rest, before: position } : { ...rest, after: position }
    }
  })

  return ProjectionTables.of({
    get: <D>(projection: Projection<D>, tenant: string, key: string) =>
      Effect.flatMap(
        tableOf(projection),
        (table) =>
          Effect.map(unavailable("be read")(reader.row(table, { tenant, key })), (row) => row as Row<D> | undefined)
      ),
    list: <D>(projection: Projection<D>, query: Query) =>
      Effect.flatMap(tableOf(projection), (table) => listed<D>(table, query)),
    lineage: <D>(projection: Projection<D>, lineage: Lineage) =>
      isNeverThere(lineage.key)
        ? Effect.succeed([])
        : Effect.flatMap(tableOf(projection), (table) => rowsOf<D>(table, table.lineage(lineage))),
    status: (projection) =>
      Effect.flatMap(
        tableOf(projection),
        (table) =>
          rowsOf(table, { sql: `SELECT tenant, key, position, document FROM ${table.name} LIMIT 0` }).pipe(
            Effect.andThen(
              unavailable("be read")(
                database.transaction((queries) => statusOf(queries, table), "snapshot")
              )
            )
          )
      ),
    rebuild: (wanted, onProgress) =>
      unavailable("be rebuilt")(build(database, catchUp, () => Effect.forEach(wanted, tableOf), onProgress))
  })
}

/** The tables that are missing, or of another version. */
const outdated = (tables: Tables) => (queries: Queries) =>
  Effect.map(
    queries.query("SELECT name, version FROM projections"),
    (rows) => {
      const versions = new Map(rows.map((row) => [String(row["name"]), Number(row["version"])]))
      return tables.filter(({ projection }) => versions.get(projection.name) !== projection.version)
    }
  ).pipe(unavailable("be read"))

/** Makes the tables fit this Strata; of several processes that open the log, one does it. */
export const bringUpToDate = Effect.fnUntraced(function*(
  database: Database,
  tables: Tables,
  catchUp: PostgresCatchUp,
  folding: PostgresFolding
) {
  const old = yield* outdated(tables)(database)
  const names = old.map(({ projection }) => projection.name)
  if (database.access === "read") return old.length > 0 ? yield* notUpToDate(names) : undefined
  if (old.length > 0) {
    yield* Effect.logInfo(`Building the tables of ${names.join(", ")} from the log`)
    yield* unavailable("be rebuilt")(build(database, catchUp, outdated(tables), () => Effect.void))
  }
  yield* unavailable("be written")(folding.foldWhatIsFree)
})
