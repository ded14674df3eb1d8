/** How fast publishers append to PostgreSQL, on this machine, beside SQLite: the same events through the same hub. */
// @effect-diagnostics *:off
import { Redacted } from "effect"
import * as path from "node:path"
import { apis } from "../../src/apis/Apis.ts"
import { runSql, startPostgres } from "../crash/PostgresServer.ts"
import { median } from "../Summary.ts"
import type { AppendOptions, Slice } from "./AppendRate.ts"
import { append, longestSlice, timed, warmUpEvents } from "./AppendRate.ts"
import { Commits, openLog, openPostgresLog } from "./OpenLog.ts"

export interface AdapterRate {
  readonly publishers: number
  /** Events per second, medians. */
  readonly sqlite: number
  readonly postgres: number
  readonly ratio: number
  /** CPU time of the main thread for an event: PostgreSQL over SQLite. The database's own processes are not in it. */
  readonly cpuRatio: number
  /** Events of one commit to PostgreSQL. */
  readonly meanGroup: number
}

const schema = "strata_bench"

/** Slices of equal work follow each other in every round; each log keeps growing. */
const measure = async (url: string, publishers: number, options: AppendOptions): Promise<AdapterRate> => {
  const { folder, rounds, seconds, source } = options
  const { projections } = apis
  const commits = new Commits()
  const sqlite = openLog({ folder: path.join(folder, String(publishers)), access: "write", projections })
  const postgres = openPostgresLog({ url: Redacted.make(url), schema, access: "write", projections }, commits)
  const slices: Array<{ readonly sqlite: Slice; readonly postgres: Slice; readonly group: number }> = []

  const round = async (each: number) => {
    const [events, before] = [publishers * each, commits.groups]
    const appends = source.forPublishers(publishers, each)
    const toPostgres = await timed(events, () => postgres.runPromise(append(appends)))
    const group = events / (commits.groups - before)
    const toSqlite = await timed(events, () => sqlite.runPromise(append(appends)))
    return { sqlite: toSqlite, postgres: toPostgres, group }
  }

  const cold = await round(Math.ceil(warmUpEvents / publishers))
  const each = Math.ceil(Math.min(seconds * cold.postgres.perSecond, longestSlice) / publishers)
  for (let count = 0; count < rounds; count += 1) slices.push(await round(each))
  await sqlite.dispose()
  await postgres.dispose()
  await runSql(url, `DROP SCHEMA ${schema} CASCADE`)
  const of = (figure: (slice: (typeof slices)[number]) => number) => median(slices.map(figure))
  return {
    publishers,
    sqlite: of(({ sqlite }) => sqlite.perSecond),
    postgres: of(({ postgres }) => postgres.perSecond),
    ratio: of(({ postgres, sqlite }) => postgres.perSecond / sqlite.perSecond),
    cpuRatio: of(({ postgres, sqlite }) => postgres.cpuPerEvent / sqlite.cpuPerEvent),
    meanGroup: of(({ group }) => group)
  }
}

/** A server is started for it. */
export const measureAdapters = async (
  publishers: ReadonlyArray<number>,
  options: AppendOptions
): Promise<ReadonlyArray<AdapterRate>> => {
  const server = await startPostgres(undefined)
  const rates: Array<AdapterRate> = []
  try {
    for (const each of publishers) rates.push(await measure(server.url, each, options))
  } finally {
    await server.stop()
  }
  return rates
}
