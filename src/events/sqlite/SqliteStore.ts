/** The log and what is kept beside it, in one SQLite file. */
import { Context, Effect, Layer } from "effect"
import { RecentBodies } from "../facts/RecentBodies.ts"
import { ConsumerGroups } from "../log/ConsumerGroups.ts"
import { EventLog } from "../log/EventLog.ts"
import { PayloadRetention } from "../log/PayloadRetention.ts"
import { ProjectionTables } from "../log/ProjectionTables.ts"
import { QuotaCounters } from "../log/QuotaCounters.ts"
import type { AnyProjection } from "../projections/Projection.ts"
import { EventUpcasting } from "../types/Upcasting.ts"
import { FactShapes } from "./FactShapes.ts"
import * as SqliteCheckpoint from "./SqliteCheckpoint.ts"
import * as SqliteConsumerGroups from "./SqliteConsumerGroups.ts"
import * as SqliteDatabase from "./SqliteDatabase.ts"
import * as SqliteEventLog from "./SqliteEventLog.ts"
import { SqliteFolding } from "./SqliteFolding.ts"
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

/** Tables are so far behind the log at most, unless folding takes longer; who reads them waits for it. */
const foldingPause = Effect.sleep("250 millis")

/** Folds while the log is open, where something was written, and what is left when it is closed. */
const keepFolding = (folded: SqliteProjectionTables.Folded, checkpoint: SqliteCheckpoint.SqliteCheckpoint) => {
  const { whenFull, whenWritten } = folded.folding
  const fold = Effect.catch(SqliteProjectionTables.foldToHead(folded), (error) => Effect.logError(error.message))
  return Effect.andThen(
    Effect.addFinalizer(() => fold),
    Effect.forkScoped(Effect.forever(
      // Behind the replies of who wrote last.
      whenWritten.pipe(
        Effect.andThen(Effect.raceFirst(foldingPause, whenFull)),
        Effect.andThen(Effect.yieldNow),
        Effect.andThen(checkpoint.ready),
        Effect.andThen(fold)
      )
    ))
  )
}

const make = Effect.fn("SqliteStore.make")(function*(options: Options) {
  const { access, folder } = options
  const database = yield* SqliteDatabase.open(options)
  const projections = new SqliteProjections(
    (options.projections ?? []).map((projection) => new SqliteProjectionTable(database, projection))
  )
  const shapes = new FactShapes(database)
  const reader = new SqliteReader(database, shapes)
  const folding = new SqliteFolding(database, projections, reader, yield* EventUpcasting)
  const folded = { projections, reader, folding }
  const tables = yield* SqliteProjectionTables.make(database, folded, access)
  yield* SqliteProjectionTables.bringUpToDate(database, folded, tables, access)
  const bodies = new RecentBodies()
  const checkpoint = access === "write" ? yield* SqliteCheckpoint.make(SqliteDatabase.fileOf(folder)) : undefined
  const writer = access === "write" ? new SqliteWriter(database, { folding, reader, shapes, bodies }) : undefined
  if (checkpoint !== undefined) yield* keepFolding(folded, checkpoint)
  return Context.make(EventLog, SqliteEventLog.make(reader, writer, checkpoint)).pipe(
    Context.add(ProjectionTables, tables),
    Context.add(ConsumerGroups, SqliteConsumerGroups.make(database)),
    Context.add(QuotaCounters, SqliteQuotaCounters.make(database)),
    Context.add(PayloadRetention, SqliteRetention.make(database, reader, bodies))
  )
})

export const layer = (options: Options) => Layer.effectContext(make(options))
