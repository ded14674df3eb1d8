/** What `strata serve` lets in, whoever asks: under the default rules and the documented ones, on SQLite and PostgreSQL. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { Chat } from "../support/Chat.ts"
import { EventLines } from "../support/EventLines.ts"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import { Http } from "../support/Http.ts"
import type { HttpOptions } from "../support/Http.ts"
import { Keys } from "../support/Keys.ts"
import * as Postgres from "../support/Postgres.ts"
import * as StrataProcess from "../support/StrataProcess.ts"
import * as TemporaryFolder from "../support/TemporaryFolder.ts"

const policies = {
  "the default rules": "",
  "the documented rules": `
    access_policy:
      - permit: { actions: [create, read, update, delete] }
        when: user with admin in roles
      - permit: { actions: [read, update], resource: "session::*" }
        when: user is owner
      - permit: { actions: read, resource: "model::openai/*" }
    route_policy:
      - permit: { paths: "/v1/*" }`
} as const

const people = { alice: {}, root: { attributes: { roles: ["admin"] } } }
const stores = ["SQLite", "PostgreSQL"] as const

interface World {
  readonly store: (typeof stores)[number]
  readonly rules: keyof typeof policies
}

const serve = Effect.fnUntraced(function*({ rules, store }: World, server = "") {
  const upstream = yield* FakeUpstream.make({ respond: Chat.answering(["Blue"]) })
  const schema = store === "SQLite" ? undefined : yield* Postgres.schema
  const storage = schema === undefined
    ? ""
    : `storage: { type: postgres, url: "\${env.DATABASE_URL}", schema: ${schema}, pool_size: 2 }\n`
  const auth = `server:${server}
  auth:
    providers: ${JSON.stringify([Keys.provider(people)])}${policies[rules]}\n`
  const started = yield* StrataProcess.serve({
    folder: yield* TemporaryFolder.make,
    configuration: Chat.configuration(upstream, storage + auth).replace("provider_id: upstream", "provider_id: openai"),
    environment: schema === undefined ? {} : { DATABASE_URL: Redacted.value(Postgres.url) }
  })
  return { ...started, upstream }
})

const chat = "/v1/chat/completions"
const { body = "", headers: typed = {} } = Chat.post({ model: "openai/m" })

type Case = readonly [name: string, path: string, request: HttpOptions, status: number, code?: string]

const cross = { "sec-fetch-site": "cross-site" }
const refused: ReadonlyArray<Case> = [
  ["another name", "/v1/models", { headers: { host: "evil.example" } }, 421, "host_not_allowed"],
  [
    "another name, of what is public",
    "/openapi.json",
    { headers: { host: "evil.example:1" } },
    421,
    "host_not_allowed"
  ],
  ["a page", "/v1/models", { headers: { origin: "https://evil.example" } }, 403, "origin_not_allowed"],
  ["an image", "/v1/models", { headers: cross }, 403, "origin_not_allowed"],
  [
    "a page of another port",
    "/v1/models",
    {
      headers: { origin: "http://127.0.0.1:1", "sec-fetch-site": "same-site" }
    },
    403,
    "origin_not_allowed"
  ],
  [
    "a page that asks whether it may",
    chat,
    {
      method: "OPTIONS",
      headers: { origin: "https://evil.example", "access-control-request-method": "POST", ...cross }
    },
    403,
    "origin_not_allowed"
  ],
  ["a body without a type", chat, { method: "POST", body }, 415, "unsupported_media_type"],
  ["a body of a form's type", chat, { method: "POST", body, headers: { "content-type": "text/plain" } }, 415],
  ["a body of another route's type", "/v1/sessions/import", { method: "POST", body, headers: typed }, 415]
]
const admitted: ReadonlyArray<Case> = [
  ["no browser", "/v1/models", {}, 200],
  ["a loopback name", "/v1/models", { headers: { host: "localhost:1" } }, 200],
  ["an address that a person typed", "/v1/models", { headers: { "sec-fetch-site": "none" } }, 200],
  ["Strata's own page", "/v1/models", { headers: { "sec-fetch-site": "same-origin" } }, 200],
  ["a page that asks for what is public", "/v1/version", { headers: { origin: "https://evil.example", ...cross } }, 200]
]

const ask = (url: string, name: string, [, path, request]: Case) =>
  Http.send(url, path, { ...request, headers: { ...request.headers, ...Keys.headers(name) } })

for (const store of stores) {
  describe.skipIf(store === "PostgreSQL" && Postgres.unsupported !== undefined)(`on ${store}`, () => {
    for (const rules of Object.keys(policies) as ReadonlyArray<World["rules"]>) {
      it.live(`the doors are the same for everyone under ${rules}`, () =>
        Effect.gen(function*() {
          const { upstream, url } = yield* serve({ store, rules })
          for (const name of Object.keys(people)) {
            for (const each of [...admitted, ...refused]) {
              const [what, , , status, code] = each
              const answer = yield* ask(url, name, each)
              assert.strictEqual(answer.status, status, `${name}: ${what}: ${answer.text}`)
              if (code !== undefined) assert.strictEqual(Object(answer.json).error.code, code, what)
              assert.notProperty(answer.headers, "access-control-allow-origin", what)
            }
          }
          for (const path of ["/docs", "/openapi.json"]) {
            assert.strictEqual((yield* Http.send(url, path, { headers: cross })).status, 200, path)
          }
          assert.deepStrictEqual(upstream.received.filter(({ method }) => method === "POST"), [])
          if (rules === "the default rules") return
          // Who may read the log finds all that was refused in it, and nothing else of these requests.
          const { text } = yield* Http.send(url, "/v1/events?limit=1000", { headers: Keys.headers("root") })
          const events = EventLines.ofNdjson(text)
          const violations = events.filter(({ type }) => type === "policy:violation")
          assert.strictEqual(violations.length, 2 * refused.length)
          const kinds = ["host", "host", ...Array.from({ length: 4 }, () => "origin")]
          assert.deepStrictEqual(
            violations.slice(0, refused.length).map(({ payload, principal }) => [Object(payload).kind, principal]),
            [...kinds.map((kind) => [kind, null]), ...Array.from({ length: 3 }, () => ["content_type", "alice"])]
          )
          const sessions = events.filter(({ type }) => type === "session:start")
          assert.strictEqual(sessions.length, 2 * admitted.filter(([, path]) => path === "/v1/models").length)
        }))

      it.live(`and open for what is configured under ${rules}`, () =>
        Effect.gen(function*() {
          const { url } = yield* serve(
            { store, rules },
            "\n  allowed_hosts: gateway.example\n  cors: { origins: [\"https://app.example\"] }"
          )
          const headers = { ...typed, host: "gateway.example", origin: "https://app.example", ...cross }
          const answer = yield* ask(url, "root", ["the page", chat, { method: "POST", body, headers }, 200])
          assert.strictEqual(answer.status, 200, answer.text)
          assert.strictEqual(answer.headers["access-control-allow-origin"], "https://app.example")
          const anonymous = yield* Http.send(url, chat, { method: "POST", body, headers })
          assert.strictEqual(anonymous.status, 401)
          assert.strictEqual(anonymous.headers["access-control-allow-origin"], "https://app.example")
        }))
    }
  })
}

describe("strata serve without a configuration file", () => {
  it.live("takes names from the command line and the environment, and says what is wrong with one", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const status = (url: string, host: string) =>
        Effect.map(Http.send(url, "/v1/version", { headers: { host } }), ({ status }) => status)
      const args = StrataProcess.serveArguments({ folder })
      const started = yield* StrataProcess.start([...args, "--allowed-hosts", "a.example, b.example"], { folder })
      const flagged = yield* StrataProcess.ready(started, "")
      assert.deepStrictEqual(
        [yield* status(flagged.url, "b.example"), yield* status(flagged.url, "c.example")],
        [200, 421]
      )
      const other = yield* StrataProcess.serve({
        folder: yield* TemporaryFolder.make,
        environment: { STRATA_ALLOWED_HOSTS: "c.example" }
      })
      assert.deepStrictEqual(
        [yield* status(other.url, "b.example"), yield* status(other.url, "c.example")],
        [421, 200]
      )
      const wrong = yield* StrataProcess.run([...args, "--allowed-hosts", "*"], { folder })
      assert.strictEqual(wrong.code, 1)
      assert.include(wrong.stdout + wrong.stderr, "Expected names or addresses with commas, got *")
    }))
})
