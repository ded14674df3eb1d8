/** Reads and rebuilds the tables of the projections in SQLite. */
import { Effect } from "effect"
import type { DatabaseSync } from "node:sqlite"
import type { EventLogUnavailable } from "../log/EventLog.ts"
import type { Lineage, Rebuilt } from "../log/ProjectionTables.ts"
import { notUpToDate, ProjectionTables, untilFolded } from "../log/ProjectionTables.ts"
import type { AnyProjection, Projection, Row } from "../projections/Projection.ts"
import { TableDigest } from "../projections/TableDigest.ts"
import { EventUpcasting } from "../types/Upcasting.ts"
import { attempt } from "./SqliteAttempt.ts"
import type { SqliteFolding } from "./SqliteFolding.ts"
import { SqliteProjections, SqliteProjectionTable } from "./SqliteProjections.ts"
import type { SqliteReader } from "./SqliteReader.ts"

/** Events read at once; the server goes on between. */
const pageSize = 1000

/** The projections of this Strata that the file does not hold, or holds in another version. */
const outdated = (database: DatabaseSync, projections: SqliteProjections): ReadonlyArray<SqliteProjectionTable> => {
  const versions = new Map(
    database.prepare("SELECT name, version FROM projections").all().map((row) => [String(row["name"]), row["version"]])
  )
  return [...projections.tables.values()].filter((table) =>
    !table.exists || versions.get(table.projection.name) !== table.projection.version
  )
}

/** Makes a table that holds all rows one of this Strata's. */
const complete = (database: DatabaseSync, table: SqliteProjectionTable): void => {
  table.createIndexes()
  database.prepare("INSERT OR REPLACE INTO projections VALUES (?, ?)")
    .run(table.projection.name, table.projection.version)
}

/** The tables of a log without events, which nobody reads yet: each renamed copy would go through the whole schema. */
const createEmpty = (database: DatabaseSync, tables: ReadonlyArray<SqliteProjectionTable>): void => {
  database.exec("BEGIN IMMEDIATE")
  try {
    for (const table of tables) {
      table.create()
      complete(database, table)
    }
    database.exec("COMMIT")
  } catch (cause) {
    if (database.isTransaction) database.exec("ROLLBACK")
    throw cause
  }
}

/** The tables, and what keeps them behind the log. */
export interface Folded {
  readonly projections: SqliteProjections
  readonly reader: SqliteReader
  readonly folding: SqliteFolding
}

/** Folds until the tables hold what stands in the log now, slice by slice. */
export const foldToHead = ({ folding, reader }: Folded): Effect.Effect<void, EventLogUnavailable> =>
  Effect.flatMap(
    attempt("be read", () => reader.head),
    (head) =>
      Effect.whileLoop({
        while: () => folding.position < head,
        body: () => Effect.andThen(attempt("be written", () => folding.fold(head)), Effect.yieldNow),
        step: () => {}
      })
  )

const namesOf = (tables: Iterable<SqliteProjectionTable>): ReadonlyArray<string> =>
  [...tables].map(({ projection }) => projection.name)

/** Looks until who writes has folded what stands in the log now. */
const waitForHead = ({ folding, projections, reader }: Folded): Effect.Effect<void, EventLogUnavailable> =>
  Effect.flatMap(attempt("be read", () => reader.head), (head) => {
    const reached = attempt("be read", () => projections.tables.size === 0 || folding.position >= head)
    return reached.pipe(
      Effect.repeat({ until: (reached) => reached, ...untilFolded }),
      Effect.andThen(reached),
      Effect.flatMap((reached) =>
        reached ? Effect.void : Effect.fail(notUpToDate(namesOf(projections.tables.values())))
      )
    )
  })

export const make = Effect.fnUntraced(function*(
  database: DatabaseSync,
  folded: Folded,
  access: "read" | "write"
) {
  const lift = yield* EventUpcasting
  const { folding, projections, reader } = folded
  const upToDate = access === "write" ? foldToHead(folded) : waitForHead(folded)

  const tableOf = (projection: AnyProjection) => {
    const table = projections.tables.get(projection.name)
    if (table === undefined) throw new Error(`the projection ${projection.name} is not kept here`)
    return table
  }

  const rebuild: ProjectionTables["Service"]["rebuild"] = Effect.fnUntraced(function*(named, onProgress) {
    // As they are kept here, whoever names them.
    const wanted = named.map((projection) => tableOf(projection).projection)
    const copies = wanted.map((projection) => new SqliteProjectionTable(database, projection, "_rebuilt"))
    const fold = new SqliteProjections(copies)
    const types = [...new Set(wanted.flatMap((projection) => [...projection.types]))]
    let [after, events] = [0, 0]

    const finish = () => {
      for (const copy of copies) {
        const table = tableOf(copy.projection)
        copy.renameTo(table)
        complete(database, table)
      }
      if (outdated(database, projections).length === 0) {
        database.prepare("UPDATE log_state SET projected = ?").run(reader.head)
      }
    }

    /** The last page and the change of tables are one transaction: no append comes between. */
    const step = () => {
      const { head } = reader
      // Tables that are not made anew must not be behind those that are.
      if (wanted.length < projections.tables.size) { while (folding.fold(head)); }
      const page = reader.read({ after, types, limit: pageSize })
      const done = page.length < pageSize
      database.exec("BEGIN IMMEDIATE")
      try {
        for (const event of page) fold.apply(lift(event))
        fold.store()
        if (done) finish()
        database.exec("COMMIT")
        fold.committed()
        if (done) folding.forget()
      } catch (cause) {
        if (database.isTransaction) database.exec("ROLLBACK")
        throw cause
      }
      events += page.length
      after = done ? head : page.at(-1)!.position
      return { position: after, head, done }
    }

    yield* attempt("be rebuilt", () => copies.forEach((copy) => copy.create()))
    while (true) {
      const { done, ...progress } = yield* attempt("be rebuilt", step)
      yield* onProgress(progress)
      if (done) break
      yield* Effect.yieldNow
    }
    const rows = yield* attempt("be read", () => copies.map(({ projection }) => count(tableOf(projection))))
    return { events, rows: rows.reduce((sum, each) => sum + each, 0) } satisfies Rebuilt
  })

  const count = (table: SqliteProjectionTable) =>
    Number(database.prepare(`SELECT count(*) AS rows FROM ${table.name}`).get()?.["rows"] ?? 0)

  const digest = (table: SqliteProjectionTable) => {
    const digest = new TableDigest()
    for (const { document, key, position, tenant } of table.rows()) {
      digest.add({ tenant: String(tenant), key: String(key) }, Number(position), String(document))
    }
    return digest.hex()
  }

  const current = <A>(projection: AnyProjection, work: (table: SqliteProjectionTable) => A) =>
    Effect.andThen(upToDate, attempt("be read", () => work(tableOf(projection))))

  return ProjectionTables.of({
    get: <D>(projection: Projection<D>, tenant: string, key: string) =>
      current(projection, (table) => table.get(tenant, key) as Row<D> | undefined),
    list: <D>(projection: Projection<D>, query: Parameters<SqliteProjectionTable["list"]>[0]) =>
      current(projection, (table) => table.list(query) as ReadonlyArray<Row<D>>),
    lineage: <D>(projection: Projection<D>, lineage: Lineage) =>
      current(projection, (table) => table.lineage(lineage) as ReadonlyArray<Row<D>>),
    status: (projection) => current(projection, (table) => ({ projection, rows: count(table), digest: digest(table) })),
    rebuild
  })
})

/** Tables that are not kept any more fall behind: should they be wanted again, they are built anew. */
const forgetOthers = (database: DatabaseSync, projections: SqliteProjections): void => {
  for (const { name } of database.prepare("SELECT name FROM projections").all()) {
    if (!projections.tables.has(String(name))) {
      database.prepare("DELETE FROM projections WHERE name = ?").run(String(name))
    }
  }
}

/** Makes the tables fit this Strata: those that are new or of another version anew, the others by what they lack. */
export const bringUpToDate = Effect.fnUntraced(function*(
  database: DatabaseSync,
  folded: Folded,
  tables: ProjectionTables["Service"],
  access: "read" | "write"
) {
  const { folding, projections, reader } = folded
  if (access === "write") yield* attempt("be written", () => forgetOthers(database, projections))
  const old = yield* attempt("be read", () => outdated(database, projections))
  if (access === "read") return yield* old.length > 0 ? notUpToDate(namesOf(old)) : waitForHead(folded)
  if (old.length === 0) return yield* foldToHead(folded)
  if (reader.head === 0) return yield* attempt("be written", () => createEmpty(database, old))
  const isBehind = yield* attempt("be read", () => folding.position < reader.head)
  const anew = isBehind ? [...projections.tables.values()] : old
  yield* Effect.logInfo(`Building the tables of ${namesOf(anew).join(", ")} from the log`)
  yield* tables.rebuild(anew.map(({ projection }) => projection), () => Effect.void)
})
