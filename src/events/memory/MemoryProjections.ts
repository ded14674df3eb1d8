/** The tables of the projections in memory. */
import type { Lineage, Query, Status } from "../log/ProjectionTables.ts"
import * as DocumentText from "../projections/DocumentText.ts"
import type { AnyProjection, Row } from "../projections/Projection.ts"
import { columnsOf } from "../projections/Projection.ts"
import { byType, ProjectionFold } from "../projections/ProjectionFold.ts"
import * as RowFilter from "../projections/RowFilter.ts"
import { byKey, TableDigest } from "../projections/TableDigest.ts"
import type { RecordedEvent } from "../types/Envelope.ts"
import { field } from "../types/JsonAccess.ts"
import * as Tenant from "../types/Tenant.ts"

const byPosition = (one: Row<unknown>, other: Row<unknown>): number =>
  one.position - other.position || (one.key < other.key ? -1 : 1)

export class MemoryProjections {
  /** By tenant and key. */
  readonly #tables: Map<string, Map<string, Row<unknown>>>
  readonly #kept: ReadonlyMap<string, AnyProjection>
  readonly #interested: ReadonlyMap<string, ReadonlyArray<AnyProjection>>

  constructor(projections: ReadonlyArray<AnyProjection>) {
    this.#tables = new Map(projections.map(({ name }) => [name, new Map()]))
    this.#kept = new Map(projections.map((projection) => [projection.name, projection]))
    this.#interested = byType(projections)
  }

  #table({ name }: AnyProjection): Map<string, Row<unknown>> {
    const table = this.#tables.get(name)
    if (table === undefined) throw new Error(`the projection ${name} is not kept here`)
    return table
  }

  apply(event: RecordedEvent): void {
    const fold = new ProjectionFold()
    for (const projection of this.#interested.get(event.type) ?? []) fold.apply(projection, event, this.#load)
    for (const { key, projection, row, tenant } of fold.changes) {
      if (row === undefined) this.#table(projection).delete(Tenant.qualified(tenant, key))
      else this.#put(projection, row)
    }
  }

  #put(projection: AnyProjection, row: Row<unknown>): void {
    this.#table(projection).set(Tenant.qualified(row.tenant, row.key), row)
  }

  readonly #load = (projection: AnyProjection, tenant: string, key: string) => this.get(projection, tenant, key)

  get(projection: AnyProjection, tenant: string, key: string): Row<unknown> | undefined {
    return this.#table(projection).get(Tenant.qualified(tenant, key))
  }

  list(
    projection: AnyProjection,
    { after = 0, before = Infinity, filter = RowFilter.all, limit, order, tenant, where = {} }: Query
  ): ReadonlyArray<Row<unknown>> {
    const fits = (row: Row<unknown>) =>
      row.position > after && row.position < before &&
      (tenant === undefined || row.tenant === tenant) &&
      Object.keys(where).every((name) => projection.index[name]?.(row.document) === where[name]) &&
      RowFilter.test(filter, columnsOf(projection, row))
    const sorted = [...this.#table(projection).values()].filter(fits).sort(byPosition)
    return (order === "descending" ? sorted.toReversed() : sorted).slice(0, limit)
  }

  lineage(projection: AnyProjection, { key, limit, path, tenant }: Lineage): ReadonlyArray<Row<unknown>> {
    const rows: Array<Row<unknown>> = []
    for (let next: unknown = key; typeof next === "string" && rows.length < limit;) {
      const row = this.get(projection, tenant, next)
      if (row === undefined) break
      rows.push(row)
      next = path.reduce<unknown>(field, JSON.parse(DocumentText.of(projection, row)))
    }
    return rows
  }

  status(projection: AnyProjection): Status {
    const rows = [...this.#table(projection).values()].sort(byKey)
    const digest = new TableDigest()
    for (const row of rows) digest.add(row, row.position, DocumentText.of(projection, row))
    return { projection, rows: rows.length, digest: digest.hex() }
  }

  /** As it is kept here, whoever names it. */
  rebuild(named: AnyProjection, events: ReadonlyArray<RecordedEvent>): number {
    this.#table(named).clear()
    const projection = this.#kept.get(named.name) ?? named
    const fold = new ProjectionFold()
    const wanted = events.filter(({ type }) => projection.types.has(type))
    for (const event of wanted) fold.apply(projection, event, () => undefined)
    for (const { row } of fold.changes) if (row !== undefined) this.#put(projection, row)
    return wanted.length
  }
}
