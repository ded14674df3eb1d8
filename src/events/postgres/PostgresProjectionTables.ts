/** Reads and rebuilds the tables of the projections in PostgreSQL. */
import { Effect } from "effect"
import { EventLogUnavailable } from "../log/EventLog.ts"
import type { Query, Rebuilt } from "../log/ProjectionTables.ts"
import { ProjectionTables } from "../log/ProjectionTables.ts"
import type { AnyProjection, Projection, Row } from "../projections/Projection.ts"
import { columnsOf } from "../projections/Projection.ts"
import * as RowFilter from "../projections/RowFilter.ts"
import { TableDigest } from "../projections/TableDigest.ts"
import type { PostgresCatchUp } from "./PostgresCatchUp.ts"
import type { Database, Queries, Row as DatabaseRow } from "./PostgresDatabase.ts"
import { attempt, unavailable } from "./PostgresFailure.ts"
import { lockLog, readHead } from "./PostgresHead.ts"
import type { List } from "./PostgresProjections.ts"
import { PostgresProjectionTable, toRow } from "./PostgresProjections.ts"
import { lockTables } from "./PostgresSchema.ts"

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
    // Only what was appended meanwhile is left: for that, appends wait.
    const head = yield* lockLog(queries)
    const rest = yield* catchUp(queries, copies, past.position)
    for (const [index, copy] of copies.entries()) {
      const { name, version } = copy.projection
      yield* all(copy.replace(tables[index]!))
      yield* queries.query(
        `INSERT INTO projections (name, version, position) VALUES ($1, $2, $3)
         ON CONFLICT (name) DO UPDATE SET version = $2, position = $3`,
        [name, version, BigInt(head)]
      )
    }
    const rows = yield* Effect.forEach(tables, (table) => count(queries, table))
    yield* onProgress({ position: head, head })
    return {
      events: past.events + rest.events,
      rows: rows.reduce((sum, each) => sum + each, 0)
    } satisfies Rebuilt
  }))
})

export const make = (database: Database, tables: Tables, catchUp: PostgresCatchUp): ProjectionTables["Service"] => {
  const tableOf = (projection: AnyProjection) =>
    attempt("be read", () => {
      const table = tables.find((each) => each.projection.name === projection.name)
      if (table === undefined) throw new Error(`the projection ${projection.name} is not kept here`)
      return table
    })

  const rowsOf = <D>({ parameters, sql }: Pick<List, "sql" | "parameters">) =>
    Effect.flatMap(
      unavailable("be read")(database.query(sql, parameters)),
      (rows) => attempt("be read", () => rows.map(toRow) as ReadonlyArray<Row<D>>)
    )

  /** Where the database gives more than should be shown, it is asked until there is enough. */
  const listed = Effect.fnUntraced(function*<D>(table: PostgresProjectionTable, query: Query) {
    const { filter = RowFilter.all, limit } = query
    const first = table.list(query)
    if (first.exact) return yield* rowsOf<D>(first)
    const matching: Array<Row<D>> = []
    let after = query.after ?? 0
    while (true) {
      const page = yield* rowsOf<D>(table.list({ ...query, after, limit: pageSize }))
      for (const row of page) if (RowFilter.test(filter, columnsOf(table.projection, row))) matching.push(row)
      if (matching.length >= limit || page.length < pageSize) return matching.slice(0, limit)
      after = page.at(-1)!.position
    }
  })

  return ProjectionTables.of({
    get: <D>(projection: Projection<D>, tenant: string, key: string) =>
      Effect.flatMap(tableOf(projection), (table) =>
        Effect.map(
          rowsOf<D>({
            sql: `SELECT tenant, key, position, document FROM ${table.name} WHERE tenant = $1 AND key = $2`,
            parameters: [tenant, key]
          }),
          ([row]) => row
        )),
    list: <D>(projection: Projection<D>, query: Query) =>
      Effect.flatMap(tableOf(projection), (table) => listed<D>(table, query)),
    status: (projection) =>
      Effect.flatMap(
        tableOf(projection),
        (table) => unavailable("be read")(database.transaction((queries) => statusOf(queries, table), "snapshot"))
      ),
    rebuild: (wanted, onProgress) =>
      unavailable("be rebuilt")(build(database, catchUp, () => Effect.forEach(wanted, tableOf), onProgress))
  })
}

/** The tables that are missing, of another version, or behind the log. */
const behind = (tables: Tables) => (queries: Queries) =>
  Effect.map(
    queries.query("SELECT name, version FROM projections WHERE position = (SELECT last_position FROM log_state)"),
    (rows) => {
      const versions = new Map(rows.map((row) => [String(row["name"]), Number(row["version"])]))
      return tables.filter(({ projection }) => versions.get(projection.name) !== projection.version)
    }
  ).pipe(unavailable("be read"))

/** Makes the tables fit this Strata; of several processes that open the log, one does it. */
export const bringUpToDate = Effect.fnUntraced(function*(database: Database, tables: Tables, catchUp: PostgresCatchUp) {
  const outdated = yield* behind(tables)(database)
  if (outdated.length === 0) return
  const names = outdated.map(({ projection }) => projection.name).join(", ")
  if (database.access === "read") {
    return yield* new EventLogUnavailable({
      operation: "be read",
      reason: `the tables of ${names} are not up to date. Start the server once, or run: strata projections rebuild`
    })
  }
  yield* Effect.logInfo(`Building the tables of ${names} from the log`)
  yield* unavailable("be rebuilt")(build(database, catchUp, behind(tables), () => Effect.void))
})
