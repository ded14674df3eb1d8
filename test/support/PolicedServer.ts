/** `strata serve` with the keys of two clients and of an operator: over SQLite and PostgreSQL, under each set of rules. */
import type { Vitest } from "@effect/vitest"
import { layer } from "@effect/vitest"
import { Context, Effect, Layer, Redacted, Schedule } from "effect"
import type { Scope } from "effect"
import { describe } from "vitest"
import { Chat } from "./Chat.ts"
import { FakeUpstream } from "./FakeUpstream.ts"
import type { HttpAnswer, HttpOptions } from "./Http.ts"
import { Http } from "./Http.ts"
import { Keys } from "./Keys.ts"
import * as Postgres from "./Postgres.ts"
import * as StrataProcess from "./StrataProcess.ts"
import * as TemporaryFolder from "./TemporaryFolder.ts"

/** Of docs/configuration.md: "Who may do what". */
const readme = [
  { permit: { actions: ["create", "read", "update", "delete"] }, when: "user with admin in roles" },
  { permit: { actions: ["read", "update"], resource: "session::*" }, when: "user is owner" },
  { permit: { actions: "read", resource: "model::openai/*" } }
]

/** No rules: what is one's own, and what is nobody's. */
export const rules = { default: [], readme }
export type Rules = keyof typeof rules

const databases = {
  SQLite: Effect.void,
  PostgreSQL: Effect.map(Postgres.schema, (schema) => ({
    type: "postgres",
    url: Redacted.value(Postgres.url),
    schema,
    pool_size: 4
  }))
}
export type Database = keyof typeof databases

export interface World {
  readonly database: Database
  readonly rules: Rules
}

const worlds = (Object.keys(databases) as ReadonlyArray<Database>).flatMap((database) =>
  (Object.keys(rules) as ReadonlyArray<Rules>).map((rules): World => ({ database, rules }))
)

interface Shape {
  /** As the client of that name: `alice`, `bob`, or `root`, who is an admin. */
  readonly send: (name: string, method: string, path: string, body?: unknown) => Effect.Effect<HttpAnswer>
  /** A chat in a session; default: answered at once. */
  readonly ask: (name: string, session: string, stream?: boolean) => Effect.Effect<HttpAnswer>
  /** Follows, until the test ends. */
  readonly follow: (name: string, query: string, accept: string) => Effect.Effect<Following, never, Scope.Scope>
}

export interface Following {
  readonly status: number
  /** What has come so far. */
  readonly text: () => string
  /** Waits until it holds of what has come. */
  readonly until: (test: (text: string) => boolean) => Effect.Effect<void>
}

/** Two vendors: `openai` has what is for all, `openal` what the documented rules hide; both are asked what they have. */
const vendors = Effect.gen(function*() {
  const respond = Chat.answering(["Blue"])
  const [openai, openal] = [
    yield* FakeUpstream.make({ respond, models: ["m"] }),
    yield* FakeUpstream.make({ respond, models: ["m"] })
  ]
  return [["openai", openai.url], ["openal", openal.url]].map(([provider_id, base_url]) => ({
    provider_id,
    provider_type: "remote::openai",
    config: { base_url }
  }))
})

const make = Effect.fnUntraced(function*(world: World) {
  const storage = yield* databases[world.database]
  const configuration = {
    ...storage === undefined ? {} : { storage },
    providers: { inference: yield* vendors },
    server: {
      auth: {
        providers: [Keys.provider({ alice: {}, bob: {}, root: { attributes: { roles: ["admin"] } } })],
        access_policy: rules[world.rules],
        route_policy: [{ permit: { paths: "/v1/*" } }]
      }
    }
  }
  const { url } = yield* StrataProcess.serve({
    folder: yield* TemporaryFolder.make,
    configuration: JSON.stringify(configuration)
  })

  const send = (name: string, method: string, path: string, body?: unknown) =>
    Http.send(url, path, {
      method,
      headers: { ...Keys.headers(name), ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) })
    })

  const server: Shape = {
    send,
    ask: (name, session, stream = false) => {
      const { headers, ...request }: HttpOptions = Chat.post({ model: "openai/m", session, stream })
      return Http.send(url, "/v1/chat/completions", { ...request, headers: { ...headers, ...Keys.headers(name) } })
    },
    follow: Effect.fnUntraced(function*(name, query, accept) {
      const headers = { ...Keys.headers(name), accept }
      const response = yield* Http.open(url, `/v1/events?follow=true&${query}`, { headers })
      let text = ""
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part
      })
      return {
        status: response.statusCode ?? 0,
        text: () => text,
        until: (test) =>
          Effect.sync(() => test(text)).pipe(
            Effect.repeat({ schedule: Schedule.spaced("10 millis"), until: (holds) => holds }),
            Effect.timeout("15 seconds"),
            Effect.orDie,
            Effect.asVoid
          )
      }
    })
  }
  return server
})

export class PolicedServer extends Context.Service<PolicedServer, Shape>()("strata/test/support/PolicedServer") {}

/** What must hold in every world: one server in each. */
export const each = (about: string, tests: (it: Vitest.MethodsNonLive<PolicedServer>, world: World) => void) => {
  for (const world of worlds) {
    const missing = world.database === "PostgreSQL" && Postgres.unsupported !== undefined
    describe.skipIf(missing)(`${about}:`, () => {
      layer(Layer.effect(PolicedServer, make(world)), { excludeTestServices: true })(
        `on ${world.database}, rules: ${world.rules}`,
        (it) => tests(it, world)
      )
    })
  }
}
