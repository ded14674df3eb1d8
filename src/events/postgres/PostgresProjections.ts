/** The tables of the projections in PostgreSQL: one each, folded behind the writer. */
import { Effect } from "effect"
import { createHash } from "node:crypto"
import type { Lineage, Query } from "../log/ProjectionTables.ts"
import * as DocumentText from "../projections/DocumentText.ts"
import type { AnyProjection, IndexValue, Row } from "../projections/Projection.ts"
import type { Change } from "../projections/ProjectionFold.ts"
import { byType, ProjectionFold } from "../projections/ProjectionFold.ts"
import * as RowFilter from "../projections/RowFilter.ts"
import * as RowFilterSql from "../projections/RowFilterSql.ts"
import type { RecordedEvent } from "../types/Envelope.ts"
import * as Tenant from "../types/Tenant.ts"
import type { Queries } from "./PostgresDatabase.ts"
import { attempt } from "./PostgresFailure.ts"
import { bigints, texts } from "./PostgresParameters.ts"
import * as PostgresTenant from "./PostgresTenant.ts"

/** Longer values would not fit into an index of PostgreSQL. */
const longestIndexed = 500

/** A value as it stands in an index column: JSON text, or its digest. It is only ever compared for equality. */
const indexed = (value: IndexValue | undefined): string => {
  const json = JSON.stringify(value ?? null)
  return json.length <= longestIndexed ? json : createHash("sha256").update(json).digest("hex")
}

const noValue = indexed(null)

export interface List {
  readonly sql: string
  readonly parameters: ReadonlyArray<unknown>
  /** False: more rows come than should, and each has to be tested. */
  readonly exact: boolean
  readonly order: Order
}

/** `lineage`: by the place in one. */
export type Order = "ascending" | "descending" | "lineage"

/** A row's position among all of its table, or of its tenant; among those that have a value it is `position`. */
const inAll = "position + 0"

/** An event makes one document at most: each position is one row's. */
export const orderBy: Readonly<Record<Order, string>> = {
  ascending: "position",
  descending: "position DESC",
  lineage: "place"
}

/** A column that is what a value is, said so that the planner sees whether its index has such rows. */
const equals = (column: string, value: IndexValue | undefined, add: (parameter: string) => string): string =>
  value == null
    ? `${column} = '${noValue}'`
    : `(${column} <> '${noValue}' AND ${column} = ${add(indexed(value))})`

/** An index column holds JSON text, or its digest: it can be asked only what it equals. */
const dialect: RowFilterSql.Dialect = {
  equals: (column, value, add) => column === "key" ? `key = ${add(value)}` : equals(`ix_${column}`, value, add),
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
        tenant text COLLATE "C" NOT NULL, key text COLLATE "C" NOT NULL, position bigint NOT NULL,
        document text NOT NULL${columns.join("")}, PRIMARY KEY (tenant, key)
      )`
    ]
  }

  /**
   * Statements that make it fit to be searched: a copy that is being filled does without. Rows without a value stand in no
   * index of it. That of positions has another name for them (`inAll`): the planner would take it for a page of what has a
   * value, and pass over all that has another.
   */
  get createIndexes(): ReadonlyArray<string> {
    const own = this.#columns.map((column) => `(tenant, ix_${column}, position) WHERE ix_${column} <> '${noValue}'`)
    return [...own, `((${inAll}))`, `(tenant, (${inAll})) WHERE tenant <> ''`].map((index) =>
      `CREATE INDEX ON ${this.name} ${index}`
    )
  }

  /** Statements that put this table in the place of another. */
  replace(table: PostgresProjectionTable): ReadonlyArray<string> {
    return [`DROP TABLE IF EXISTS ${table.name}`, `ALTER TABLE ${this.name} RENAME TO ${table.name}`]
  }

  list({ after = 0, before, filter = RowFilter.all, limit, order = "ascending", tenant, where = {} }: Query): List {
    const parameters: Array<unknown> = []
    const add = (parameter: unknown) => `$${parameters.push(parameter)}`
    const place = Object.values(where).some((value) => value != null) ? "position" : inAll
    const clauses = [`${place} > ${add(BigInt(after))}`]
    if (before !== undefined) clauses.push(`${place} < ${add(BigInt(before))}`)
    if (tenant !== undefined) {
      const whose = add(tenant)
      const isIndexed = Object.keys(where).length > 0
      clauses.push(isIndexed ? `tenant = ${whose}` : PostgresTenant.byPosition(tenant, whose))
    }
    for (const name in where) clauses.push(equals(`ix_${name}`, where[name], add))
    const condition = RowFilterSql.make(filter, dialect, add)
    clauses.push(condition.sql)
    const sql = `SELECT tenant, key, position, document FROM ${this.name} WHERE ${clauses.join(" AND ")} ` +
      `ORDER BY ${orderBy[order].replace("position", place)} LIMIT ${add(BigInt(limit))}`
    return { sql, parameters, exact: condition.exact, order }
  }

  lineage({ key, limit, path, tenant }: Lineage): Pick<List, "sql" | "parameters" | "order"> {
    return {
      sql: `WITH RECURSIVE lineage AS (
          SELECT 1 AS place, tenant, key, position, document FROM ${this.name} WHERE tenant = $1 AND key = $2
          UNION ALL
          SELECT lineage.place + 1, next.tenant, next.key, next.position, next.document
          FROM lineage JOIN ${this.name} AS next
          ON next.tenant = $1 AND next.key = lineage.document::json #>> $3::text[] WHERE lineage.place < $4::integer
        ) SELECT tenant, key, position, document, place FROM lineage`,
      parameters: [tenant, key, texts(path), limit],
      order: "lineage"
    }
  }

  /** Parts of a statement that write changes; `add` takes a parameter and gives its name. */
  write(changes: ReadonlyArray<Change>, add: (parameter: unknown) => string): ReadonlyArray<string> {
    const rows = changes.flatMap(({ row }) => row === undefined ? [] : [row])
    const removed = changes.filter(({ row }) => row === undefined)
    const parts: Array<string> = []
    if (rows.length > 0) {
      const { index } = this.projection
      const own = this.#columns.map((column) => `ix_${column}`)
      const values = [
        `${add(texts(rows.map(({ tenant }) => tenant)))}::text[]`,
        `${add(texts(rows.map(({ key }) => key)))}::text[]`,
        `${add(bigints(rows.map(({ position }) => position)))}::bigint[]`,
        `${add(texts(rows.map((row) => DocumentText.of(this.projection, row))))}::text[]`,
        ...this.#columns.map((column) =>
          `${add(texts(rows.map(({ document }) => indexed(index[column]!(document)))))}::text[]`
        )
      ]
      const updated = ["position", "document", ...own].map((column) => `${column} = excluded.${column}`)
      parts.push(
        `INSERT INTO ${this.name} (${["tenant", "key", "position", "document", ...own].join(", ")})
         SELECT * FROM unnest(${values.join(", ")}) ON CONFLICT (tenant, key) DO UPDATE SET ${updated.join(", ")}`
      )
    }
    if (removed.length > 0) {
      parts.push(
        `DELETE FROM ${this.name} WHERE ctid = ANY(ARRAY(SELECT found.ctid FROM ${
          oneByOne(this.name, "ctid", removed, add)
        }))`
      )
    }
    return parts
  }
}

/** Rows of a table, each looked for by itself: a plan for all, made while the table was small, would read it whole later. */
const oneByOne = (
  table: string,
  columns: string,
  keys: Iterable<RowKey>,
  add: (parameter: unknown) => string
): string => {
  const all = [...keys]
  const lists = [texts(all.map(({ tenant }) => tenant)), texts(all.map(({ key }) => key))]
  return `unnest(${lists.map((list) => `${add(list)}::text[]`).join(", ")}) AS wanted (tenant, key)
    CROSS JOIN LATERAL (
      SELECT ${columns} FROM ${table} AS t WHERE t.tenant = wanted.tenant AND t.key = wanted.key LIMIT 1
    ) AS found`
}

/** Which row of a table. */
export type RowKey = Pick<Row<unknown>, "tenant" | "key">

/** A table, and the position up to which events are folded into it. */
export interface Standing {
  readonly table: PostgresProjectionTable
  readonly foldedTo: number
}

/** Each event with the projections that fold it and have not yet. */
const toFold = function*(standings: ReadonlyArray<Standing>, events: ReadonlyArray<RecordedEvent>) {
  const interested = byType(standings.map(({ table }) => table.projection))
  const foldedTo = new Map(standings.map(({ foldedTo, table }) => [table.projection.name, foldedTo]))
  for (const event of events) {
    for (const projection of interested.get(event.type) ?? []) {
      if (event.position > foldedTo.get(projection.name)!) yield [projection, event] as const
    }
  }
}

/** By their projection's name, and by tenant and key (`Tenant.qualified`). */
type ByKey<A> = ReadonlyMap<string, ReadonlyMap<string, A>>

/** Which documents the events touch. */
const keysOf = (standings: ReadonlyArray<Standing>, events: ReadonlyArray<RecordedEvent>): ByKey<RowKey> => {
  const keys = new Map<string, Map<string, RowKey>>()
  for (const [{ key: keyOf, name }, event] of toFold(standings, events)) {
    const key = keyOf(event)
    if (key === undefined) continue
    const { tenant } = event
    keys.set(name, (keys.get(name) ?? new Map()).set(Tenant.qualified(tenant, key), { tenant, key }))
  }
  return keys
}

/** The documents as they are stored, of all tables at once. */
const select = (tables: ReadonlyArray<PostgresProjectionTable>, keys: ByKey<RowKey>) => {
  const parameters: Array<unknown> = []
  const add = (parameter: unknown) => `$${parameters.push(parameter)}`
  const parts = tables.flatMap(({ name, projection }) => {
    const wanted = keys.get(projection.name)
    if (wanted === undefined) return []
    return [
      `SELECT '${projection.name}'::text AS name, found.* FROM ${
        oneByOne(name, "tenant, key, position, document", wanted.values(), add)
      }`
    ]
  })
  return { sql: parts.join(" UNION ALL "), parameters }
}

/** What events change in tables, with the documents they touch loaded first: another process may have changed them. */
export const changesOf = Effect.fnUntraced(function*(
  queries: Queries,
  standings: ReadonlyArray<Standing>,
  events: ReadonlyArray<RecordedEvent>
) {
  const keys = yield* attempt("be written", () => keysOf(standings, events))
  if (keys.size === 0) return []
  const { parameters, sql } = select(standings.map(({ table }) => table), keys)
  const stored = yield* queries.query(sql, parameters)
  return yield* attempt("be written", () => {
    const rows = new Map<string, Map<string, Row<unknown>>>([...keys.keys()].map((name) => [name, new Map()]))
    const projections = new Map(standings.map(({ table: { projection } }) => [projection.name, projection]))
    for (const each of stored) {
      const name = String(each["name"])
      const row = DocumentText.readRow(projections.get(name)!, each)
      rows.get(name)!.set(Tenant.qualified(row.tenant, row.key), row)
    }
    const fold = new ProjectionFold()
    for (const [projection, event] of toFold(standings, events)) {
      fold.apply(projection, event, ({ name }, tenant, key) => rows.get(name)?.get(Tenant.qualified(tenant, key)))
    }
    return fold.changes
  })
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
