/** The log and what is kept beside it, in one SQLite file. */
import { Context, Effect, Layer } from "effect"
import { ConsumerGroups } from "../log/ConsumerGroups.ts"
import { EventLog } from "../log/EventLog.ts"
import { PayloadRetention } from "../log/PayloadRetention.ts"
import { ProjectionTables } from "../log/ProjectionTables.ts"
import { QuotaCounters } from "../log/QuotaCounters.ts"
import type { AnyProjection } from "../projections/Projection.ts"
import { FactShapes } from "./FactShapes.ts"
import * as SqliteCheckpoint from "./SqliteCheckpoint.ts"
import * as SqliteConsumerGroups from "./SqliteConsumerGroups.ts"
import * as SqliteDatabase from "./SqliteDatabase.ts"
import * as SqliteEventLog from "./SqliteEventLog.ts"
import { SqliteProjections, SqliteProjectionTable } from "./SqliteProjections.ts"
import * as SqliteProjectionTables from "./SqliteProjectionTables.ts"
import * as SqliteQuotaCounters from "./SqliteQuotaCounters.ts"
import { SqliteReader } from "./SqliteReader.ts"
import * as SqliteRetention from "./SqliteRetention.ts"
import { SqliteWriter } from "./SqliteWriter.ts"

export interface Options extends SqliteDatabase.Options {
  /** The tables kept with the log; default none. */
  readonly projections?: ReadonlyArray<AnyProjection> | undefined
}

const make = Effect.fn("SqliteStore.make")(function*(options: Options) {
  const { access, folder } = options
  const database = yield* SqliteDatabase.open(options)
  const projections = new SqliteProjections(
    (options.projections ?? []).map((projection) => new SqliteProjectionTable(database, projection))
  )
  const shapes = new FactShapes(database)
  const reader = new SqliteReader(database, shapes)
  const tables = yield* SqliteProjectionTables.make(database, projections, reader)
  yield* SqliteProjectionTables.bringUpToDate(database, projections, reader, tables, access)
  const checkpoint = access === "write" ? yield* SqliteCheckpoint.make(SqliteDatabase.fileOf(folder)) : undefined
  const writer = access === "write" ? new SqliteWriter(database, { projections, reader, shapes }) : undefined
  return Context.make(EventLog, SqliteEventLog.make(reader, writer, checkpoint)).pipe(
    Context.add(ProjectionTables, tables),
    Context.add(ConsumerGroups, SqliteConsumerGroups.make(database)),
    Context.add(QuotaCounters, SqliteQuotaCounters.make(database)),
    Context.add(PayloadRetention, SqliteRetention.make(database, reader))
  )
})

export const layer = (options: Options) => Layer.effectContext(make(options))
