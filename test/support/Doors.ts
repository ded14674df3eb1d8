/** `strata serve` with two principals, in a process of its own: under rules, on a log, and started again where it is asked. */
import { Effect, Redacted, Scope } from "effect"
import { randomBytes } from "node:crypto"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { parse, stringify } from "yaml"
import { Chat } from "./Chat.ts"
import { FakeUpstream } from "./FakeUpstream.ts"
import type { HttpOptions } from "./Http.ts"
import { Http } from "./Http.ts"
import { Keys } from "./Keys.ts"
import * as Postgres from "./Postgres.ts"
import * as StrataProcess from "./StrataProcess.ts"
import * as TemporaryFolder from "./TemporaryFolder.ts"

/** What docs/configuration.md shows under "Who may do what". */
const documentedAuth = (): Record<string, unknown> => {
  const [, text = ""] =
    /## Who may do what\n\n```yaml\n([^]*?)```/.exec(readFileSync("docs/configuration.md", "utf8")) ?? []
  return parse(text).server.auth
}

export const rules = ["the default rules", "the documented policy"] as const
export const logs = ["SQLite", "PostgreSQL"] as const

const authOf = (rule: typeof rules[number]) => {
  const { access_policy, route_policy } = rule === "the documented policy" ? documentedAuth() : {}
  return { providers: [Keys.provider({ alice: {}, bob: {} })], access_policy, route_policy }
}

export interface Doors {
  /** Of nobody: what stands here before anyone was asked who they are. */
  readonly unowned: string
  readonly send: (name: string, path: string, options?: HttpOptions) => ReturnType<typeof Http.send>
  readonly post: (name: string, path: string, body?: unknown) => ReturnType<typeof Http.send>
  readonly add: (name: string, file: string) => ReturnType<typeof Http.send>
  readonly ask: (name: string, session?: string) => ReturnType<typeof Http.send>
  /** Stops the server, and starts it again on its log. */
  readonly restart: Effect.Effect<void>
  /** Puts another document into the row of the session table; gives the one that was there. */
  readonly spoil: (session: string, document: string) => Effect.Effect<string>
}

const inPostgres = (schema: string) => (session: string, document: string) =>
  Effect.gen(function*() {
    const [before] = yield* Postgres.run(schema, "SELECT document FROM projection_sessions WHERE key = $1", [session])
    yield* Postgres.run(schema, "UPDATE projection_sessions SET document = $2 WHERE key = $1", [session, document])
    return String(before?.["document"])
  })

const inSqlite = (folder: string) => (session: string, document: string) =>
  Effect.sync(() => {
    const database = new DatabaseSync(join(folder, "data", "strata.db"))
    const before = database.prepare("SELECT document FROM projection_sessions WHERE key = ?").get(session)
    database.prepare("UPDATE projection_sessions SET document = ? WHERE key = ?").run(document, session)
    database.close()
    return String(before?.["document"])
  })

export const make = Effect.fnUntraced(function*(rule: typeof rules[number], log: typeof logs[number]) {
  const folder = yield* TemporaryFolder.make
  const upstream = yield* FakeUpstream.make({ models: ["m"], respond: Chat.answering(["Blue"]) })
  const schema = log === "PostgreSQL" ? yield* Postgres.schema : undefined
  const serve = (auth: object | undefined) =>
    StrataProcess.serve({
      folder,
      configuration: stringify({
        providers: {
          inference: [{ provider_id: "openai", provider_type: "remote::openai", config: { base_url: upstream.url } }]
        },
        recording: { level: "raw" },
        ...auth === undefined ? {} : { server: { auth } },
        ...schema === undefined ? {} : { storage: { type: "postgres", url: "${env.DATABASE_URL}", schema } }
      }),
      environment: schema === undefined ? {} : { DATABASE_URL: Redacted.value(Postgres.url) }
    })
  const scope = yield* Effect.scope
  const unowned = "unowned"
  let server = yield* serve(undefined)
  yield* Http.post(server.url, "/v1/sessions", { id: unowned })
  const restart = Effect.gen(function*() {
    yield* server.kill("SIGTERM")
    server = yield* serve(authOf(rule))
  }).pipe(Scope.provide(scope))
  yield* restart
  const send = (name: string, path: string, options: HttpOptions = {}) =>
    Http.send(server.url, path, { ...options, headers: { ...options.headers, ...Keys.headers(name) } })
  const text = (name: string, path: string, type: string, body: string) =>
    send(name, path, { method: "POST", headers: { "content-type": type }, body })
  const doors: Doors = {
    unowned,
    send,
    post: (name, path, body = {}) => text(name, path, "application/json", JSON.stringify(body)),
    add: (name, file) => text(name, "/v1/sessions/import", "application/x-ndjson", file),
    ask: (name, session) =>
      send(
        name,
        "/v1/chat/completions",
        Chat.post({ model: "openai/m", ...session === undefined ? {} : { session } })
      ),
    restart,
    spoil: schema === undefined ? inSqlite(folder) : inPostgres(schema)
  }
  return doors
})

export type Line = Record<string, unknown> & { payload: unknown }

const sample = readFileSync("samples/first-light.ndjson", "utf8").split("\n").slice(1, 12)

/** A session of one turn, as another Strata could have exported it: with ids of its own each time. */
export const lines = (session: string): Array<Line> => {
  const own = randomBytes(4).toString("hex")
  return sample.map((line) =>
    JSON.parse(line.replaceAll("sample-first-light", session).replaceAll("01a1fc2f-", `${own}-`))
  )
}

export const header = (session: string, registrations: ReadonlyArray<unknown> = []) => ({
  format: "strata.session",
  version: 2,
  description: "d",
  session_id: session,
  strata_version: "0.1.0",
  exported_at: "2026-11-21T00:00:00.000Z",
  registrations
})

export const file = (head: object, events: ReadonlyArray<unknown>): string =>
  [head, ...events].map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join("")
