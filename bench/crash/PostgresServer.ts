/** A PostgreSQL for the crash test: the one that is named, or one that is started, which can be crashed. */
// @effect-diagnostics *:off
import * as PgConnection from "@effect/sql-pg/PgConnection"
import { Effect, Redacted } from "effect"
import { spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { setTimeout as sleep } from "node:timers/promises"
import { fileURLToPath } from "node:url"

export interface PostgresServer {
  readonly url: string
  /** Undefined where the server is not ours to crash. */
  readonly crash: (() => Promise<void>) | undefined
  readonly stop: () => Promise<void>
}

const guardian = fileURLToPath(import.meta.resolve("../../test/support/PostgresGuardian.ts"))

export const runSql = (url: string, sql: string): Promise<ReadonlyArray<Readonly<Record<string, unknown>>>> =>
  Effect.runPromise(Effect.scoped(Effect.gen(function*() {
    const connection = yield* PgConnection.make({ url: Redacted.make(url) })
    return (yield* connection.query(sql)).rows
  })))

/** The URL for sessions that the server knows by this name. */
export const named = (url: string, name: string): string => {
  const parsed = new URL(url)
  parsed.searchParams.set("application_name", name)
  return parsed.href
}

/** A process that was killed may have sent a commit: the server carries it out, and then sees that nobody is there. */
export const sessionsEnded = async (url: string): Promise<void> => {
  const startedAt = performance.now()
  const others = "SELECT 1 FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND " +
    "application_name = current_setting('application_name')"
  while ((await runSql(url, others)).length > 0) {
    if (performance.now() - startedAt > patience) throw new Error("the sessions of a killed writer do not end")
    await sleep(20)
  }
}

/** Longest recovery, milliseconds. */
const patience = 60_000

const recovered = async (url: string): Promise<void> => {
  const startedAt = performance.now()
  while (true) {
    try {
      await runSql(url, "SELECT 1")
      return
    } catch (error) {
      if (performance.now() - startedAt > patience) throw error
      await sleep(50)
    }
  }
}

/**
 * Kills one of its processes with SIGKILL: PostgreSQL then ends all others at once, throws its memory away and recovers
 * from its write-ahead log, as after a crash of the whole.
 */
const crash = async (url: string): Promise<void> => {
  const [row] = await runSql(
    url,
    "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() LIMIT 1"
  )
  if (row === undefined) throw new Error("the writer has no connection to PostgreSQL that could be killed")
  process.kill(Number(row["pid"]), "SIGKILL")
  await sleep(20)
  await recovered(url)
}

const start = (): Promise<PostgresServer> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [guardian], { detached: true, stdio: ["pipe", "pipe", "inherit"] })
    const ended = new Promise<void>((done) => child.once("exit", () => done()))
    createInterface({ input: child.stdout }).once("line", (line) => {
      const answer: { readonly url?: string; readonly unsupported?: string; readonly failed?: string } = JSON.parse(
        line
      )
      const { url } = answer
      if (url === undefined) {
        const reason = answer.unsupported ?? answer.failed
        reject(new Error(`PostgreSQL did not start: ${reason}. --database-url names a server`))
        return
      }
      const stop = (): Promise<void> => {
        child.stdin.end()
        return ended
      }
      resolve({ url, crash: () => crash(url), stop })
    })
  })

export const startPostgres = (url: string | undefined): Promise<PostgresServer> =>
  url === undefined ? start() : Promise.resolve({ url, crash: undefined, stop: () => Promise.resolve() })
