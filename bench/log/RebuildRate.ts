/** How long the tables of the projections take to be made anew from a long log. */
// @effect-diagnostics *:off
import { Effect } from "effect"
import type { DatabaseSync } from "node:sqlite"
import { apis } from "../../src/apis/Apis.ts"
import { ProjectionTables } from "../../src/events/log/ProjectionTables.ts"
import { openBare, type OpenLog } from "./OpenLog.ts"

export interface RebuildRate {
  readonly logEvents: number
  readonly foldedEvents: number
  readonly rows: number
  readonly seconds: number
  /** Events of the log for each second. */
  readonly perSecond: number
  /** The bare query for the same events, page by page, nothing done with them. */
  readonly bareSeconds: number
  readonly sameDigests: boolean
}

const digests = Effect.flatMap(
  ProjectionTables,
  (tables) =>
    Effect.forEach(apis.projections, (projection) => Effect.map(tables.status(projection), ({ digest }) => digest))
)

const selectAll = (database: DatabaseSync): number => {
  const types = [...new Set(apis.projections.flatMap((projection) => [...projection.types]))]
  const select = database.prepare(
    `SELECT * FROM events WHERE position > ? AND type IN (${types.map(() => "?").join(", ")}) ORDER BY position LIMIT ?`
  )
  const pageSize = 1000
  const startedAt = performance.now()
  let after = 0
  while (true) {
    const rows = select.all(after, ...types, pageSize)
    if (rows.length < pageSize) return (performance.now() - startedAt) / 1000
    after = Number(rows.at(-1)?.["position"])
  }
}

export const measureRebuild = async (folder: string, log: OpenLog, logEvents: number): Promise<RebuildRate> => {
  const { close, database } = await openBare({ folder, access: "read" })
  // Once before the clock starts: what the machine keeps of the file in memory is there for both.
  selectAll(database)
  const bareSeconds = selectAll(database)
  await close()
  const before = await log.runPromise(digests)
  const startedAt = performance.now()
  const { events, rows } = await log.runPromise(
    Effect.flatMap(ProjectionTables, (tables) => tables.rebuild(apis.projections, () => Effect.void))
  )
  const seconds = (performance.now() - startedAt) / 1000
  const after = await log.runPromise(digests)
  return {
    logEvents,
    foldedEvents: events,
    rows,
    seconds,
    perSecond: logEvents / seconds,
    bareSeconds,
    sameDigests: JSON.stringify(before) === JSON.stringify(after)
  }
}
