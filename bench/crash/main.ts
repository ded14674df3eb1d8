/** `npm run crash`: kill -9 at random moments under load, round after round on the same log. */
// @effect-diagnostics *:off
import * as fs from "node:fs"
import { tmpdir } from "node:os"
import * as path from "node:path"
import { formatNumber, Table } from "../Table.ts"
import { type CommandLine, readCommandLine } from "./CommandLine.ts"
import { type CrashResult, crashRounds } from "./CrashRounds.ts"
import { named, runSql, startPostgres } from "./PostgresServer.ts"
import type { Place } from "./Stores.ts"
import { batchRounds } from "./work/BatchRounds.ts"
import { type WorkResult, workRounds } from "./work/WorkRounds.ts"

const progress = (text: string): void => void process.stderr.write(`${text}\n`)

const row = (log: string, result: CrashResult): ReadonlyArray<string> => [
  log,
  formatNumber(result.rounds),
  formatNumber(result.acknowledgedEvents),
  formatNumber(result.events),
  formatNumber(result.seconds),
  Object.entries(result.moments).map(([moment, times]) => `${moment} ${times}`).join(", ")
]

interface Prepared {
  readonly place: Place
  readonly crashServer: (() => Promise<void>) | undefined
  readonly finish: () => Promise<void>
}

/** Where the log of this run is, and what ends with it. */
const prepare = async (
  log: Place["log"],
  folder: string,
  { databaseUrl, seed }: CommandLine
): Promise<Prepared> => {
  if (log === "sqlite") {
    return {
      place: { log, folder: path.join(folder, "data") },
      crashServer: undefined,
      finish: () => Promise.resolve()
    }
  }
  const server = await startPostgres(databaseUrl)
  const schema = `strata_crash_${seed}_${process.pid}`
  return {
    place: { log, url: named(server.url, schema), schema },
    crashServer: server.crash,
    finish: async () => {
      await runSql(server.url, `DROP SCHEMA ${schema} CASCADE`)
      await runSql(server.url, `DROP SCHEMA IF EXISTS ${schema}_work CASCADE`)
      await server.stop()
    }
  }
}

const workRow = (log: string, result: WorkResult): ReadonlyArray<string> => [
  log,
  ...[result.rounds, result.kills, result.pieces, result.attempts, result.calls, result.seconds].map(formatNumber)
]

/** Of PostgreSQL two servers share the work. */
const runWork = async (options: CommandLine): Promise<void> => {
  const rows: Array<ReadonlyArray<string>> = []
  for (const log of options.logs) {
    const folder = fs.mkdtempSync(path.join(tmpdir(), `strata-crash-work-${log}-`))
    fs.mkdirSync(path.join(folder, "data"))
    const { finish, place } = await prepare(log, folder, options)
    const { rounds, seed, work: kind } = options
    const servers = log === "sqlite" ? 1 : 2
    const run = kind === "batch" ? batchRounds : workRounds
    rows.push(workRow(log, await run({ rounds, seed, place, kind, servers, progress })))
    await finish()
    fs.rmSync(folder, { recursive: true })
  }
  const titles = "log | rounds | kills | pieces | attempts | calls | seconds"
  process.stdout.write(
    `${Table(titles, 1, rows)}\neach piece, or line, ended once, each further call is a further attempt\n`
  )
}

const run = async (): Promise<void> => {
  const options = readCommandLine(process.argv.slice(2))
  if (typeof options === "string") return void process.stdout.write(`${options}\n`)
  const { logs, rounds, seed } = options
  process.stdout.write(`seed ${seed}\n`)
  if (options.suite === "work") return runWork(options)
  const rows: Array<ReadonlyArray<string>> = []
  for (const log of logs) {
    const folder = fs.mkdtempSync(path.join(tmpdir(), `strata-crash-${log}-`))
    const { crashServer, finish, place } = await prepare(log, folder, options)
    progress(`${log}: ${place.log === "postgres" ? `schema ${place.schema}` : place.folder}, kept where a round fails`)
    rows.push(row(log, await crashRounds({ rounds, seed, folder, place, crashServer, progress })))
    await finish()
    fs.rmSync(folder, { recursive: true })
  }
  const titles = "log | rounds | events acknowledged | events in the log | seconds | killed at"
  process.stdout.write(`${Table(titles, 1, rows)}\nno acknowledged event lost, none twice, no gap, tables as rebuilt\n`)
}

try {
  await run()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
