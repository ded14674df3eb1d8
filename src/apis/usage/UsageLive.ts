/** Usage, added up from the table of costs, for the principal of the moment. */
import { Effect, Layer } from "effect"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import { ProjectionTables } from "../../events/log/ProjectionTables.ts"
import type { RowFilter } from "../../events/projections/RowFilter.ts"
import * as Filter from "../../events/projections/RowFilter.ts"
import { CurrentPrincipal } from "../../events/types/Principal.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import { AccessControl } from "../../kernel/access/AccessControl.ts"
import { wholeLog } from "../../kernel/access/AccessResource.ts"
import type { CostRow } from "../../kernel/cost/CostRow.ts"
import type { Dimension } from "../../kernel/cost/UsageTotals.ts"
import { dimensionOf, Grouping } from "../../kernel/cost/UsageTotals.ts"
import { toPage } from "../../kernel/http/Pagination.ts"
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import * as SessionGuard from "../../kernel/sessions/SessionGuard.ts"
import { CallCosts } from "./CallCosts.ts"
import { Usage } from "./Usage.ts"
import { UsageHandlers } from "./UsageHandlers.ts"
import type { UsageGroup, UsageQuery } from "./UsageModels.ts"
import { cursorIn, dimensionsIn, timeIn } from "./UsageModels.ts"

/** Rows read at once: the server goes on between. */
const pageSize = 1000

/** What of the query the store can look up by itself. */
const stored = ({ day, session }: UsageQuery): RowFilter =>
  Filter.and(
    day === undefined ? Filter.all : { _tag: "Equals", column: "day", value: day },
    session === undefined ? Filter.all : { _tag: "Equals", column: "session", value: session }
  )

const dimensions: ReadonlyArray<Dimension> = ["session", "model", "provider", "principal", "day"]

const fits = (query: UsageQuery) => {
  const since = query.since === undefined ? -Infinity : timeIn(query.since) ?? -Infinity
  const until = query.until === undefined ? Infinity : timeIn(query.until) ?? Infinity
  const asked = dimensions.filter((dimension) => query[dimension] !== undefined)
  return (row: CostRow): boolean =>
    row.time >= since && row.time < until &&
    asked.every((dimension) => dimensionOf(row, dimension) === query[dimension])
}

export const make = Effect.gen(function*() {
  const tables = yield* ProjectionTables
  const access = yield* AccessControl
  const guard = yield* SessionGuard.make

  /** Calls stand with their session; those of none are for who asked, and for who may read the whole log. */
  const readable = Effect.gen(function*() {
    if (access.isOpen) return () => Effect.succeed(true)
    const [tenant, principal] = [yield* CurrentTenant, yield* CurrentPrincipal]
    if (yield* access.permits("read", wholeLog)) {
      return () => Effect.succeed(true)
    }
    const sessions = new Map<string, boolean>()
    return Effect.fnUntraced(function*(row: CostRow): Effect.fn.Return<boolean, EventLogUnavailable> {
      const id = row.session_id
      if (id === null) return row.principal !== null && row.principal === principal?.id
      const before = sessions.get(id)
      if (before !== undefined) return before
      const permitted = yield* access.permits("read", yield* guard.resource(tenant, id))
      sessions.set(id, permitted)
      return permitted
    })
  })

  return Usage.of({
    totals: Effect.fnUntraced(function*(query) {
      const [tenant, mayRead] = [yield* CurrentTenant, yield* readable]
      const by = dimensionsIn(query.group_by)
      const grouping = new Grouping(by)
      const isWanted = fits(query)
      let after = 0
      while (true) {
        const page = yield* tables.list(CallCosts, { tenant, after, limit: pageSize, filter: stored(query) })
        for (const { document } of page) {
          if (isWanted(document) && (yield* mayRead(document))) grouping.add(document)
        }
        if (page.length < pageSize) break
        after = page.at(-1)!.position
        yield* Effect.yieldNow
      }
      const groups = grouping.behind(query.after === undefined ? undefined : cursorIn(query.after)).slice(
        0,
        query.limit + 1
      ).map(({ totals, values }): UsageGroup => ({
        id: JSON.stringify(values),
        object: "usage.group",
        ...Object.fromEntries(by.map((dimension, index) => [dimension, values[index] ?? null])),
        ...totals
      }))
      return { ...toPage(groups, query.limit), total: grouping.totals }
    })
  })
})

export const layer = Layer.effect(Usage, make)

export const live = ApiModule.live({ handlers: UsageHandlers, layer })
