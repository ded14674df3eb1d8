/** The costs of all calls computed anew, with the prices of now, and what changed by it. */
import { Effect } from "effect"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { Progress } from "../../events/log/ProjectionTables.ts"
import { ProjectionTables } from "../../events/log/ProjectionTables.ts"
import type { Projection, Row } from "../../events/projections/Projection.ts"
import * as Tenant from "../../events/types/Tenant.ts"
import type { CostRow } from "./CostRow.ts"
import type { Totals } from "./UsageTotals.ts"
import { dimensionOf, Sum } from "./UsageTotals.ts"

/** Rows read at once. */
const pageSize = 1000

/** The calls of one model of one provider whose cost is another now. */
export interface Change {
  readonly provider: string
  readonly model: string
  readonly calls: number
  readonly before: Totals
  readonly after: Totals
}

export interface Recomputed {
  readonly before: Totals
  readonly after: Totals
  readonly changed: number
  readonly changes: ReadonlyArray<Change>
}

const each = Effect.fnUntraced(function*(
  projection: Projection<CostRow>,
  visit: (row: Row<CostRow>) => void
): Effect.fn.Return<void, EventLogUnavailable, ProjectionTables> {
  const tables = yield* ProjectionTables
  for (let after = 0;;) {
    const page = yield* tables.list(projection, { after, limit: pageSize })
    for (const row of page) visit(row)
    if (page.length < pageSize) return
    after = page.at(-1)!.position
  }
})

interface Changing {
  readonly provider: string
  readonly model: string
  calls: number
  readonly before: Sum
  readonly after: Sum
}

/** Two costs are the same that come of the same prices, too: a change of the table's version alone is none. */
export const run = Effect.fnUntraced(function*(
  projection: Projection<CostRow>,
  onProgress: (progress: Progress) => Effect.Effect<void>
): Effect.fn.Return<Recomputed, EventLogUnavailable, ProjectionTables> {
  const earlier = new Map<string, CostRow>()
  const [before, after] = [new Sum(), new Sum()]
  yield* each(projection, ({ document, key, tenant }) => {
    earlier.set(Tenant.qualified(tenant, key), document)
    before.add(document)
  })
  yield* (yield* ProjectionTables).rebuild([projection], onProgress)
  const changes = new Map<string, Changing>()
  let changed = 0
  yield* each(projection, ({ document, key, tenant }) => {
    after.add(document)
    const row = earlier.get(Tenant.qualified(tenant, key))
    if (row === undefined || row.cost === document.cost) return
    changed++
    const [provider, model] = [document.provider, dimensionOf(document, "model") ?? ""]
    const name = JSON.stringify([provider, model])
    const change = changes.get(name) ?? { provider, model, calls: 0, before: new Sum(), after: new Sum() }
    changes.set(name, change)
    change.calls++
    change.before.add(row)
    change.after.add(document)
  })
  return {
    before: before.totals,
    after: after.totals,
    changed,
    changes: [...changes.entries()].sort(([one], [other]) => one < other ? -1 : 1).map(([, change]) => ({
      ...change,
      before: change.before.totals,
      after: change.after.totals
    }))
  }
})
