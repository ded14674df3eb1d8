/** The log and what is kept beside it, in memory: for tests and for the runs that verify a replay. */
import { Context, Effect, Layer, Stream } from "effect"
import { ConsumerGroups } from "../log/ConsumerGroups.ts"
import { EventLog, matches } from "../log/EventLog.ts"
import { PayloadRetention } from "../log/PayloadRetention.ts"
import type { Lineage, Query } from "../log/ProjectionTables.ts"
import { ProjectionTables } from "../log/ProjectionTables.ts"
import { QuotaCounters } from "../log/QuotaCounters.ts"
import type { AnyProjection, Projection, Row } from "../projections/Projection.ts"
import { EventUpcasting } from "../types/Upcasting.ts"
import * as MemoryConsumerGroups from "./MemoryConsumerGroups.ts"
import { MemoryEvents } from "./MemoryEvents.ts"
import { MemoryProjections } from "./MemoryProjections.ts"
import * as MemoryQuotaCounters from "./MemoryQuotaCounters.ts"

const make = (projections: ReadonlyArray<AnyProjection>) =>
  Effect.map(EventUpcasting, (lift) => {
    const tables = new MemoryProjections(projections)
    const events = new MemoryEvents((event) => tables.apply(event))

    const log = EventLog.of({
      commit: (group) => Effect.sync(() => group.map((append) => events.append(append))),
      read: (options) =>
        Effect.sync(() =>
          events.all.slice(options.after).filter((event) => matches(options, event)).slice(0, options.limit)
        ),
      head: Effect.sync(() => events.all.length),
      changes: Stream.never
    })

    const projectionTables = ProjectionTables.of({
      get: <D>(projection: Projection<D>, tenant: string, key: string) =>
        Effect.sync(() => tables.get(projection, tenant, key) as Row<D> | undefined),
      list: <D>(projection: Projection<D>, query: Query) =>
        Effect.sync(() => tables.list(projection, query) as ReadonlyArray<Row<D>>),
      lineage: <D>(projection: Projection<D>, lineage: Lineage) =>
        Effect.sync(() => tables.lineage(projection, lineage) as ReadonlyArray<Row<D>>),
      status: (projection) => Effect.sync(() => tables.status(projection)),
      rebuild: Effect.fnUntraced(function*(wanted, onProgress) {
        const lifted = events.all.map(lift)
        const counts = wanted.map((projection) => tables.rebuild(projection, lifted))
        yield* onProgress({ position: lifted.length, head: lifted.length })
        return {
          events: counts.reduce((sum, count) => sum + count, 0),
          rows: wanted.reduce((sum, projection) => sum + tables.status(projection).rows, 0)
        }
      })
    })

    return Context.make(EventLog, log).pipe(
      Context.add(ProjectionTables, projectionTables),
      Context.add(ConsumerGroups, MemoryConsumerGroups.make()),
      Context.add(QuotaCounters, MemoryQuotaCounters.make()),
      Context.add(
        PayloadRetention,
        PayloadRetention.of({
          prune: (options) => Effect.sync(() => events.prune(options)),
          size: (level) => Effect.sync(() => events.size(level))
        })
      )
    )
  })

/** With the tables of these projections. */
export const layerOf = (projections: ReadonlyArray<AnyProjection>) => Layer.effectContext(make(projections))

/** Without tables. */
export const layer = layerOf([])
