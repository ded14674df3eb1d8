/** The tables of the projections in SQLite: one each, written in the transaction of the append. */
import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from "node:sqlite"
import type { Lineage, Query } from "../log/ProjectionTables.ts"
import * as DocumentText from "../projections/DocumentText.ts"
import type { AnyProjection, Row } from "../projections/Projection.ts"
import { columnsOf } from "../projections/Projection.ts"
import { byType, ProjectionFold } from "../projections/ProjectionFold.ts"
import * as RowFilter from "../projections/RowFilter.ts"
import * as RowFilterSql from "../projections/RowFilterSql.ts"
import type { RecordedEvent } from "../types/Envelope.ts"
import { RecentMap } from "../types/RecentMap.ts"
import * as Tenant from "../types/Tenant.ts"
import { isRowTaken } from "./SqliteAttempt.ts"
import * as SqliteTenant from "./SqliteTenant.ts"

/** Rows kept in memory, so that a document is not read and decoded again for each event. */
const cachedRows = 500

/** Of each table, before those it is searched by. */
const fixedColumns = ["position", "tenant", "key", "document"]
const selected = fixedColumns.join(", ")

const columnOf = (name: string): string => name === "key" ? "key" : `ix_${name}`

/**
 * The length is the database's own, which counts characters where JavaScript counts their halves. Rows without a value
 * stand in no index of it.
 */
const dialect: RowFilterSql.Dialect = {
  equals: (column, value, add) =>
    value === null
      ? `${columnOf(column)} IS NULL`
      : `(${columnOf(column)} IS NOT NULL AND ${columnOf(column)} = ${add(value)})`,
  startsWith: (column, prefix, add) => {
    const place = add(prefix)
    return `substr(${columnOf(column)}, 1, length(${place})) = ${place}`
  },
  includes: (column, name, value, add) =>
    `EXISTS (SELECT 1 FROM json_each(${columnOf(column)}) AS lists, json_each(lists.value) AS item ` +
    `WHERE lists.key = ${add(name)} AND item.value = ${add(value)})`
}

/** One projection's table. `suffix` names the copy that a rebuild writes. */
export class SqliteProjectionTable {
  readonly projection: AnyProjection
  readonly name: string
  readonly #database: DatabaseSync
  readonly #columns: ReadonlyArray<string>
  readonly #insert: string
  readonly #replace: string
  readonly #statements = new Map<string, StatementSync>()

  constructor(database: DatabaseSync, projection: AnyProjection, suffix = "") {
    this.#database = database
    this.projection = projection
    this.name = `projection_${projection.name}${suffix}`
    this.#columns = [...fixedColumns, ...Object.keys(projection.index).map(columnOf)]
    const values = this.#columns.map(() => "?").join(", ")
    // By their names: tables that an earlier version made have them in another order.
    const into = `INTO ${this.name} (${this.#columns.join(", ")}) VALUES (${values})`
    this.#insert = `INSERT ${into}`
    this.#replace = `INSERT OR REPLACE ${into}`
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql)
    if (statement === undefined) this.#statements.set(sql, statement = this.#database.prepare(sql))
    return statement
  }

  get exists(): boolean {
    return this.#database.prepare("SELECT 1 FROM sqlite_master WHERE name = ?").get(this.name) !== undefined
  }

  /** An empty table in place of what is there. An event makes one document at most: its position is the row's own. */
  create(): void {
    const columns = this.#columns.slice(fixedColumns.length)
    this.#database.exec(
      `DROP TABLE IF EXISTS ${this.name};
       CREATE TABLE ${this.name} (position INTEGER PRIMARY KEY, tenant TEXT NOT NULL, key TEXT NOT NULL, document TEXT NOT NULL${
        columns.map((column) => `, ${column} ANY`).join("")
      }, UNIQUE (tenant, key)) STRICT`
    )
    this.#statements.clear()
  }

  /** Searching is for readers: a copy that is being filled does without. */
  createIndexes(): void {
    const create = (suffix: string, columns: string, where: string) => {
      const name = `by_${this.projection.name}_${suffix}`
      this.#database.exec(
        `DROP INDEX IF EXISTS ${name}; CREATE INDEX ${name} ON ${this.name} (${columns}) WHERE ${where}`
      )
    }
    for (const column of this.#columns.slice(fixedColumns.length)) {
      create(column, `tenant, ${column}, position`, `${column} IS NOT NULL`)
    }
    create("tenant", "tenant, position", "tenant <> ''")
  }

  renameTo(table: SqliteProjectionTable): void {
    this.#database.exec(`DROP TABLE IF EXISTS ${table.name}; ALTER TABLE ${this.name} RENAME TO ${table.name}`)
    table.#statements.clear()
  }

  get(tenant: string, key: string): Row<unknown> | undefined {
    const row = this.#prepare(`SELECT ${selected} FROM ${this.name} WHERE tenant = ? AND key = ?`).get(tenant, key)
    return row === undefined ? undefined : DocumentText.readRow(this.projection, row)
  }

  /** `isNew`: it is put without a look for what it replaces, which is twice as fast. */
  put(row: Row<unknown>, isNew: boolean): void {
    const { document, key, position, tenant } = row
    const { index } = this.projection
    const values: Array<SQLInputValue> = [position, tenant, key, DocumentText.of(this.projection, row)]
    for (const name in index) values.push(index[name]!(document))
    if (!isNew || !this.#inserted(values)) this.#prepare(this.#replace).run(...values)
  }

  /** False where something is there all the same: a projection may say of its documents what is not so. */
  #inserted(values: ReadonlyArray<SQLInputValue>): boolean {
    try {
      this.#prepare(this.#insert).run(...values)
      return true
    } catch (cause) {
      if (isRowTaken(cause)) return false
      throw cause
    }
  }

  remove(tenant: string, key: string): void {
    this.#prepare(`DELETE FROM ${this.name} WHERE tenant = ? AND key = ?`).run(tenant, key)
  }

  list(query: Query): ReadonlyArray<Row<unknown>> {
    const { after = 0, before, filter = RowFilter.all, limit, order, tenant, where = {} } = query
    const names = Object.keys(where)
    const parameters: Array<SQLInputValue> = []
    const add = (parameter: SQLInputValue) => `?${parameters.push(parameter)}`
    const clauses = [`position > ${add(after)}`, ...names.map((name) => dialect.equals(name, where[name]!, add)!)]
    if (before !== undefined) clauses.push(`position < ${add(before)}`)
    if (tenant !== undefined) {
      const place = add(tenant)
      const isIndexed = names.some((name) => where[name] !== null)
      clauses.push(isIndexed ? `tenant = ${place}` : SqliteTenant.byPosition(tenant, place))
    }
    const condition = RowFilterSql.make(filter, dialect, add)
    const stored = this.#prepare(
      `SELECT ${selected} FROM ${this.name} WHERE ${clauses.join(" AND ")} AND ${condition.sql} ` +
        (order === "descending" ? "ORDER BY position DESC, key DESC" : "ORDER BY position, key")
    ).iterate(...parameters)
    const rows: Array<Row<unknown>> = []
    for (const each of stored) {
      if (rows.length >= limit) break
      const row = DocumentText.readRow(this.projection, each)
      if (condition.exact || RowFilter.test(filter, columnsOf(this.projection, row))) rows.push(row)
    }
    return rows
  }

  lineage({ key, limit, path, tenant }: Lineage): ReadonlyArray<Row<unknown>> {
    const at = `$${path.map((name) => `.${JSON.stringify(name)}`).join("")}`
    const named = fixedColumns.map((column) => `next.${column}`).join(", ")
    return this.#prepare(
      `WITH RECURSIVE lineage AS (
        SELECT 1 AS place, ${selected} FROM ${this.name} WHERE tenant = ?1 AND key = ?2
        UNION ALL
        SELECT lineage.place + 1, ${named} FROM lineage CROSS JOIN ${this.name} AS next
        ON next.tenant = ?1 AND next.key = lineage.document ->> ?3 WHERE lineage.place < ?4
      ) SELECT ${selected} FROM lineage ORDER BY place`
    ).all(tenant, key, at, limit).map((row) => DocumentText.readRow(this.projection, row))
  }

  /** Every row as it is stored, in order of tenants and keys. */
  rows(): Iterable<Record<string, SQLOutputValue>> {
    return this.#database.prepare(`SELECT ${selected} FROM ${this.name} ORDER BY tenant, key`).iterate()
  }
}

/** Follows the commits of the log. */
export class SqliteProjections {
  readonly tables: ReadonlyMap<string, SqliteProjectionTable>
  readonly #interested: ReadonlyMap<string, ReadonlyArray<AnyProjection>>
  readonly #cached: ReadonlyMap<AnyProjection, RecentMap<string, Row<unknown>>>
  #fold = new ProjectionFold()

  constructor(tables: ReadonlyArray<SqliteProjectionTable>) {
    this.tables = new Map(tables.map((table) => [table.projection.name, table]))
    this.#interested = byType(tables.map(({ projection }) => projection))
    this.#cached = new Map(tables.map(({ projection }) => [projection, new RecentMap(cachedRows)]))
  }

  /** Of the events that are folded. */
  get types(): ReadonlyMap<string, unknown> {
    return this.#interested
  }

  apply(event: RecordedEvent): void {
    for (const projection of this.#interested.get(event.type) ?? []) this.#fold.apply(projection, event, this.#load)
  }

  readonly #load = (projection: AnyProjection, tenant: string, key: string): Row<unknown> | undefined =>
    this.#cached.get(projection)!.get(Tenant.qualified(tenant, key)) ??
      this.tables.get(projection.name)!.get(tenant, key)

  /** Rows that changed and are not stored. */
  get size(): number {
    return this.#fold.size
  }

  /** Writes what changed; within the transaction. */
  store(): void {
    for (const { isNew, key, projection, row, tenant } of this.#fold.changes) {
      const table = this.tables.get(projection.name)!
      if (row !== undefined) table.put(row, isNew)
      else if (!isNew) table.remove(tenant, key)
    }
  }

  committed(): void {
    for (const { key, projection, row, tenant } of this.#fold.changes) {
      if (projection.once === true) continue
      const cached = this.#cached.get(projection)!
      const qualified = Tenant.qualified(tenant, key)
      if (row === undefined) cached.delete(qualified)
      else cached.set(qualified, row)
    }
    this.#fold = new ProjectionFold()
  }

  rolledBack(): void {
    this.#fold = new ProjectionFold()
    for (const cached of this.#cached.values()) cached.clear()
  }
}
