/** The log and what is kept beside it, in one schema of a PostgreSQL database. */
import { Context, Effect, Layer } from "effect"
import { ConsumerGroups } from "../log/ConsumerGroups.ts"
import { EventLog } from "../log/EventLog.ts"
import { PayloadRetention } from "../log/PayloadRetention.ts"
import { ProjectionTables } from "../log/ProjectionTables.ts"
import { QuotaCounters } from "../log/QuotaCounters.ts"
import type { AnyProjection } from "../projections/Projection.ts"
import { EventUpcasting } from "../types/Upcasting.ts"
import * as PostgresCatchUp from "./PostgresCatchUp.ts"
import * as PostgresConsumerGroups from "./PostgresConsumerGroups.ts"
import * as PostgresDatabase from "./PostgresDatabase.ts"
import * as PostgresEventLog from "./PostgresEventLog.ts"
import * as PostgresFolding from "./PostgresFolding.ts"
import * as PostgresFoldingLoop from "./PostgresFoldingLoop.ts"
import { PostgresProjectionTable } from "./PostgresProjections.ts"
import * as PostgresProjectionTables from "./PostgresProjectionTables.ts"
import * as PostgresQuotaCounters from "./PostgresQuotaCounters.ts"
import * as PostgresRetention from "./PostgresRetention.ts"
import * as PostgresWriter from "./PostgresWriter.ts"

export interface Options extends PostgresDatabase.Options {
  /** The tables kept with the log; default none. */
  readonly projections?: ReadonlyArray<AnyProjection> | undefined
}

const make = Effect.fn("PostgresStore.make")(function*(options: Options) {
  const database = yield* PostgresDatabase.open(options)
  const tables = (options.projections ?? []).map((projection) => new PostgresProjectionTable(projection))
  const lift = yield* EventUpcasting
  const catchUp = PostgresCatchUp.make(lift)
  const folding = PostgresFolding.make(database, tables, lift)
  yield* PostgresProjectionTables.bringUpToDate(database, tables, catchUp, folding)
  const writer = options.access === "write" ? PostgresWriter.make(database, folding.written) : undefined
  if (writer !== undefined && tables.length > 0) yield* PostgresFoldingLoop.start(folding)
  return Context.make(EventLog, PostgresEventLog.make(database, writer)).pipe(
    Context.add(ProjectionTables, PostgresProjectionTables.make(database, tables, catchUp, folding)),
    Context.add(ConsumerGroups, PostgresConsumerGroups.make(database)),
    Context.add(QuotaCounters, PostgresQuotaCounters.make(database)),
    Context.add(PayloadRetention, PostgresRetention.make(database))
  )
})

export const layer = (options: Options) => Layer.effectContext(make(options))
