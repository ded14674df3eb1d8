/** Folds events into documents, in memory: what each adapter of the log does between loading and storing rows. */
import type { RecordedEvent } from "../types/Envelope.ts"
import * as Tenant from "../types/Tenant.ts"
import type { AnyProjection, Row } from "./Projection.ts"

/** A row that a fold changed; without a document it is gone. */
export interface Change {
  readonly projection: AnyProjection
  readonly tenant: string
  readonly key: string
  readonly row: Row<unknown> | undefined
  /** Nothing is stored under its key: it is put without a look for what it replaces. */
  readonly isNew: boolean
}

/** The projections that fold a type of event. */
export const byType = (
  projections: ReadonlyArray<AnyProjection>
): ReadonlyMap<string, ReadonlyArray<AnyProjection>> => {
  const interested = new Map<string, Array<AnyProjection>>()
  for (const projection of projections) {
    for (const type of projection.types) interested.set(type, [...interested.get(type) ?? [], projection])
  }
  return interested
}

export class ProjectionFold {
  /** By projection, and by tenant and key. */
  readonly #rows = new Map<AnyProjection, Map<string, Change>>()

  /** Folds one event; `load` gives the row as it was stored, for documents this fold has not seen yet. */
  apply(
    projection: AnyProjection,
    event: RecordedEvent,
    load: (projection: AnyProjection, tenant: string, key: string) => Row<unknown> | undefined
  ): void {
    const key = projection.key(event)
    if (key === undefined) return
    const { tenant } = event
    const qualified = Tenant.qualified(tenant, key)
    let rows = this.#rows.get(projection)
    if (rows === undefined) this.#rows.set(projection, rows = new Map())
    const changed = rows.get(qualified)
    const isFirst = changed === undefined && (projection.once === true || projection.begins?.(event) === true)
    const before = isFirst ? undefined : changed === undefined ? load(projection, tenant, key) : changed.row
    const document = projection.evolve(before?.document, event)
    const row = document === undefined
      ? undefined
      : { tenant, key, position: before?.position ?? event.position, document }
    rows.set(qualified, { projection, tenant, key, row, isNew: changed?.isNew ?? before === undefined })
  }

  /** How many rows changed. */
  get size(): number {
    let size = 0
    for (const rows of this.#rows.values()) size += rows.size
    return size
  }

  /** What changed, each row once. */
  get changes(): ReadonlyArray<Change> {
    return [...this.#rows.values()].flatMap((rows) => [...rows.values()])
  }
}
