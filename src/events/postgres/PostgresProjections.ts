/** The tables of the projections in PostgreSQL: one each, written in the transaction of the append. */
import { Effect } from "effect"
import { createHash } from "node:crypto"
import type { Query } from "../log/ProjectionTables.ts"
import type { AnyProjection, IndexValue, Row } from "../projections/Projection.ts"
import type { Change } from "../projections/ProjectionFold.ts"
import { byType, ProjectionFold } from "../projections/ProjectionFold.ts"
import * as RowFilter from "../projections/RowFilter.ts"
import * as RowFilterSql from "../projections/RowFilterSql.ts"
import type { RecordedEvent } from "../types/Envelope.ts"
import type { Queries, Row as DatabaseRow } from "./PostgresDatabase.ts"
import { attempt } from "./PostgresFailure.ts"
import { bigints, texts } from "./PostgresParameters.ts"

/** Longer values would not fit into an index of PostgreSQL. */
const longestIndexed = 500

/** A value as it stands in an index column: JSON text, or its digest. It is only ever compared for equality. */
const indexed = (value: IndexValue | undefined): string => {
  const json = JSON.stringify(value ?? null)
  return json.length <= longestIndexed ? json : createHash("sha256").update(json).digest("hex")
}

export const toRow = (row: DatabaseRow): Row<unknown> => ({
  key: String(row["key"]),
  position: Number(row["position"]),
  document: JSON.parse(String(row["document"]))
})

export interface List {
  readonly sql: string
  readonly parameters: ReadonlyArray<unknown>
  /** False: more rows come than should, and each has to be tested. */
  readonly exact: boolean
}

/** An index column holds JSON text, or its digest: it can be asked only what it equals. */
const dialect: RowFilterSql.Dialect = {
  equals: (column, value, add) => column === "key" ? `key = ${add(value)}` : `ix_${column} = ${add(indexed(value))}`,
  startsWith: (column, prefix, add) => column === "key" ? `starts_with(key, ${add(prefix)})` : undefined,
  includes: () => undefined
}

/** One projection's table. `suffix` names the copy that a rebuild writes. */
export class PostgresProjectionTable {
  readonly projection: AnyProjection
  readonly name: string
  readonly #columns: ReadonlyArray<string>

  constructor(projection: AnyProjection, suffix = "") {
    this.projection = projection
    this.name = `projection_${projection.name}${suffix}`
    this.#columns = Object.keys(projection.index)
  }

  /** Statements that make an empty table. */
  get create(): ReadonlyArray<string> {
    const columns = this.#columns.map((column) => `, ix_${column} text COLLATE "C" NOT NULL`)
    return [
      `DROP TABLE IF EXISTS ${this.name}`,
      `CREATE TABLE ${this.name} (
        key text COLLATE "C" PRIMARY KEY, position bigint NOT NULL, document text NOT NULL${columns.join("")}
      )`
    ]
  }

  /** Statements that make it fit to be searched: a copy that is being filled does without. */
  get createIndexes(): ReadonlyArray<string> {
    return [[], ...this.#columns.map((column) => [`ix_${column}`])].map((columns) =>
      `CREATE INDEX ON ${this.name} (${[...columns, "position", "key"].join(", ")})`
    )
  }

  /** Statements that put this table in the place of another. */
  replace(table: PostgresProjectionTable): ReadonlyArray<string> {
    return [`DROP TABLE IF EXISTS ${table.name}`, `ALTER TABLE ${this.name} RENAME TO ${table.name}`]
  }

  list({ after = 0, filter = RowFilter.all, limit, where = {} }: Query): List {
    const parameters: Array<unknown> = []
    const add = (parameter: unknown) => `$${parameters.push(parameter)}`
    const clauses = [`position > ${add(BigInt(after))}`]
    for (const name in where) clauses.push(`ix_${name} = ${add(indexed(where[name]))}`)
    const condition = RowFilterSql.make(filter, dialect, add)
    clauses.push(condition.sql)
    const sql = `SELECT key, position, document FROM ${this.name} WHERE ${clauses.join(" AND ")} ` +
      `ORDER BY position, key LIMIT ${add(BigInt(limit))}`
    return { sql, parameters, exact: condition.exact }
  }

  /** Parts of a statement that write changes; `add` takes a parameter and gives its name. */
  write(changes: ReadonlyArray<Change>, add: (parameter: unknown) => string): ReadonlyArray<string> {
    const rows = changes.flatMap(({ row }) => row === undefined ? [] : [row])
    const removed = changes.flatMap(({ key, row }) => row === undefined ? [key] : [])
    const parts: Array<string> = []
    if (rows.length > 0) {
      const { index } = this.projection
      const own = this.#columns.map((column) => `ix_${column}`)
      const values = [
        `${add(texts(rows.map(({ key }) => key)))}::text[]`,
        `${add(bigints(rows.map(({ position }) => position)))}::bigint[]`,
        `${add(texts(rows.map(({ document }) => JSON.stringify(document))))}::text[]`,
        ...this.#columns.map((column) =>
          `${add(texts(rows.map(({ document }) => indexed(index[column]!(document)))))}::text[]`
        )
      ]
      const updated = ["position", "document", ...own].map((column) => `${column} = excluded.${column}`)
      parts.push(
        `INSERT INTO ${this.name} (${["key", "position", "document", ...own].join(", ")})
         SELECT * FROM unnest(${values.join(", ")}) ON CONFLICT (key) DO UPDATE SET ${updated.join(", ")}`
      )
    }
    if (removed.length > 0) parts.push(`DELETE FROM ${this.name} WHERE key = ANY(${add(texts(removed))}::text[])`)
    return parts
  }
}

/** Rows as they are stored, by their projection's name. */
export type StoredRows = ReadonlyMap<string, ReadonlyMap<string, Row<unknown>>>

/** The keys of the documents that events touch, by their projection's name. */
export const keysOf = (
  tables: ReadonlyArray<PostgresProjectionTable>,
  events: ReadonlyArray<RecordedEvent>
): ReadonlyMap<string, ReadonlySet<string>> => {
  const interested = byType(tables.map(({ projection }) => projection))
  const keys = new Map<string, Set<string>>()
  for (const event of events) {
    for (const projection of interested.get(event.type) ?? []) {
      const key = projection.key(event)
      if (key === undefined) continue
      const touched = keys.get(projection.name) ?? new Set()
      keys.set(projection.name, touched.add(key))
    }
  }
  return keys
}

/** What events change in tables whose rows they touch are given. */
export const fold = (
  tables: ReadonlyArray<PostgresProjectionTable>,
  events: ReadonlyArray<RecordedEvent>,
  stored: StoredRows
): ReadonlyArray<Change> => {
  const interested = byType(tables.map(({ projection }) => projection))
  const fold = new ProjectionFold()
  const load = ({ name }: AnyProjection, key: string) => stored.get(name)?.get(key)
  for (const event of events) {
    for (const projection of interested.get(event.type) ?? []) fold.apply(projection, event, load)
  }
  return [...fold.changes]
}

/** Folds events into tables, with the documents they touch loaded first: another process may have changed them. */
export const foldInto = Effect.fnUntraced(function*(
  queries: Queries,
  tables: ReadonlyArray<PostgresProjectionTable>,
  events: ReadonlyArray<RecordedEvent>
) {
  const keys = yield* attempt("be written", () => keysOf(tables, events))
  const stored = new Map<string, ReadonlyMap<string, Row<unknown>>>()
  for (const table of tables) {
    const wanted = keys.get(table.projection.name)
    if (wanted === undefined) continue
    const sql = `SELECT key, position, document FROM ${table.name} WHERE key = ANY($1::text[])`
    const rows = yield* queries.query(sql, [texts([...wanted])])
    const decoded = yield* attempt("be written", () => rows.map((row) => [String(row["key"]), toRow(row)] as const))
    stored.set(table.projection.name, new Map(decoded))
  }
  return yield* attempt("be written", () => fold(tables, events, stored))
})

/** Parts of a statement that write the changes of all tables. */
export const writeAll = (
  tables: ReadonlyArray<PostgresProjectionTable>,
  changes: ReadonlyArray<Change>,
  add: (parameter: unknown) => string
): ReadonlyArray<string> =>
  tables.flatMap((table) => {
    const own = changes.filter(({ projection }) => projection.name === table.projection.name)
    return own.length === 0 ? [] : table.write(own, add)
  })

/** One statement out of several that change something. */
export const together = (parts: ReadonlyArray<string>, last: string): string =>
  parts.length === 0 ? last : `WITH ${parts.map((part, index) => `part_${index} AS (${part})`).join(", ")} ${last}`
