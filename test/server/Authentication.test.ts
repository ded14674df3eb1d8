/** Who may ask at all: what is refused, how it is said, and what is left of it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { AuthenticationError } from "openai"
import { payloadOf } from "../../src/events/types/Envelope.ts"
import { Chat } from "../support/Chat.ts"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import { Http } from "../support/Http.ts"
import { Keys } from "../support/Keys.ts"
import { hello, Sdk } from "../support/Sdk.ts"
import { Strata } from "../support/Strata.ts"

const providers = [Keys.provider({
  alice: { attributes: { roles: ["user"], teams: ["red"] } },
  "bob-phone": { principal: "bob" }
})]

const given = Effect.gen(function*() {
  const upstream = yield* FakeUpstream.make({ respond: Chat.answering(["Blue"]) })
  const strata = yield* Strata.make({
    providers: [Strata.openAi(upstream, { models: ["m"] })],
    auth: { providers }
  })
  return { upstream, strata }
})

const wrong = "sk-strata-0123456789abcdef0123456789abcdef"
const key = Keys.keyOf("alice")

interface Row {
  readonly name: string
  readonly path?: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly status: number
  readonly code?: string
  readonly challenge?: string
}

const plain = "Bearer realm=\"strata\""
const invalid = `${plain}, error="invalid_token"`

const rows: ReadonlyArray<Row> = [
  { name: "nothing is sent", status: 401, code: "missing_api_key", challenge: plain },
  {
    name: "an unknown key",
    headers: { authorization: `Bearer ${wrong}` },
    status: 401,
    code: "invalid_api_key",
    challenge: invalid
  },
  {
    name: "a key that is cut",
    headers: { authorization: `Bearer ${key.slice(0, -1)}` },
    status: 401,
    code: "invalid_api_key",
    challenge: invalid
  },
  {
    name: "the hash of a key, as it stands in the configuration",
    headers: { authorization: `Bearer ${Keys.sha256(key)}` },
    status: 401,
    code: "invalid_api_key",
    challenge: invalid
  },
  { name: "an empty x-api-key", headers: { "x-api-key": "" }, status: 401, code: "missing_api_key", challenge: plain },
  {
    name: "an unknown x-api-key",
    headers: { "x-api-key": wrong },
    status: 401,
    code: "invalid_api_key",
    challenge: invalid
  },
  {
    name: "another scheme",
    headers: { authorization: `Basic ${key}` },
    status: 401,
    code: "invalid_api_key",
    challenge: invalid
  },
  {
    name: "a scheme without key",
    headers: { authorization: "Bearer" },
    status: 401,
    code: "invalid_api_key",
    challenge: invalid
  },
  {
    name: "a key without scheme",
    headers: { authorization: key },
    status: 401,
    code: "invalid_api_key",
    challenge: invalid
  },
  {
    name: "a wrong key beside a good x-api-key: the first header counts",
    headers: { authorization: `Bearer ${wrong}`, "x-api-key": key },
    status: 401,
    code: "invalid_api_key",
    challenge: invalid
  },
  {
    name: "a token that nobody here understands",
    headers: { authorization: "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9." },
    status: 401,
    code: "invalid_api_key",
    challenge: invalid
  },
  { name: "a path that is not there", path: "/v1/nowhere", status: 401, code: "missing_api_key", challenge: plain },
  { name: "the whole log", path: "/v1/events", status: 401, code: "missing_api_key", challenge: plain },
  { name: "the OpenAPI document, without anything", path: "/openapi.json", status: 200 },
  { name: "the page to read it with, without anything", path: "/docs", status: 200 },
  { name: "HEAD", method: "HEAD", status: 401, challenge: plain },
  { name: "a good key", headers: { authorization: `Bearer ${key}` }, status: 200 },
  { name: "a good key, its scheme in another case", headers: { authorization: `bearer ${key}` }, status: 200 },
  { name: "a good key as Anthropic's clients send it", headers: { "x-api-key": key }, status: 200 },
  { name: "health, without anything", path: "/v1/health", status: 200 },
  { name: "version, without anything", path: "/v1/version", status: 200 },
  { name: "health, with a wrong key", path: "/v1/health", headers: { "x-api-key": wrong }, status: 200 }
]

const errorOf = (json: unknown) => (json as { readonly error: Readonly<Record<string, unknown>> }).error

/** Every byte that is stored. */
const stored = (folder: string): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"))
    .join("\n")

describe("authentication", () => {
  it.live("answers as the table says, and tells of every refusal", () =>
    Effect.gen(function*() {
      const { strata } = yield* given
      for (const { challenge, code, headers = {}, method = "GET", name, path = "/v1/models", status } of rows) {
        const answer = yield* Http.send(strata.url, path, { method, headers })
        assert.strictEqual(answer.status, status, name)
        assert.strictEqual(answer.headers["www-authenticate"], challenge, name)
        if (code !== undefined) {
          assert.deepInclude(errorOf(answer.json), { type: "invalid_request_error", code, param: null }, name)
        }
        for (const value of Object.values(headers)) {
          if (value !== "" && value !== "Bearer") assert.notInclude(answer.text, value.replace(/^\w+ /, ""), name)
        }
      }
      const refused = rows.filter(({ status }) => status === 401)
      const violations = yield* strata.awaitEvents({ types: ["policy:violation"] }, refused.length)
      assert.deepStrictEqual(
        violations.map((event) => payloadOf(event)).map((payload) => Object(payload).path),
        refused.map(({ path = "/v1/models" }) => path)
      )
      for (const event of violations) {
        assert.deepInclude(Object(payloadOf(event)), { kind: "authentication", action: null, resource: null })
        assert.deepStrictEqual([event.principal, event.sessionId], [null, null])
        assert.strictEqual(event.stream, `request-${event.requestId}`)
      }
    }).pipe(Effect.scoped))

  it.live("leaves nothing of a refused request but that it was refused", () =>
    Effect.gen(function*() {
      const { strata, upstream } = yield* given
      const before = upstream.received.length
      const answer = yield* Chat.ask(strata.url, { session: "s", content: "remember this" })
      assert.strictEqual(answer.status, 401)
      const [violation] = yield* strata.awaitEvents({ types: ["policy:violation"] })
      assert.strictEqual(violation?.requestId, answer.headers["x-request-id"])
      const all = yield* strata.events({ requestId: String(violation?.requestId) })
      assert.deepStrictEqual(all.map(({ type }) => type), ["policy:violation"])
      assert.deepStrictEqual(yield* strata.events({ sessionId: "s" }), [])
      assert.strictEqual(upstream.received.length, before)
    }).pipe(Effect.scoped))

  it.live("names the principal in every event of a request, and in the session it opens", () =>
    Effect.gen(function*() {
      const { strata } = yield* given
      const ask = (name: string, session: string) => {
        const { headers, ...post } = Chat.post({ session })
        return Http.send(strata.url, "/v1/chat/completions", {
          ...post,
          headers: { ...headers, ...Keys.headers(name) }
        })
      }
      const [alices, bobs] = [yield* ask("alice", "a"), yield* ask("bob-phone", "b")]
      assert.deepStrictEqual([alices.status, bobs.status], [200, 200])
      for (const [session, principal] of [["a", "alice"], ["b", "bob"]] as const) {
        const events = yield* strata.events({ sessionId: session })
        assert.isAbove(events.length, 6)
        assert.deepStrictEqual([...new Set(events.map((event) => event.principal))], [principal])
      }
      const [started, asked] = yield* strata.events({ sessionId: "a", types: ["session:start", "api:request"] })
      const attributes = { roles: ["user"], teams: ["red"] }
      assert.deepInclude(Object(payloadOf(started!)), { owner: { id: "alice", attributes } })
      assert.deepInclude(Object(payloadOf(asked!)), { principal_attributes: attributes })
      const [, withoutAny] = yield* strata.events({ sessionId: "b", types: ["session:start", "api:request"] })
      assert.notProperty(Object(payloadOf(withoutAny!)), "principal_attributes")
    }).pipe(Effect.scoped))

  it.live("gives OpenAI's client what it knows of", () =>
    Effect.gen(function*() {
      const { strata } = yield* given
      const client = Sdk.make(strata.url, { apiKey: key })
      const answer = yield* Sdk.create(client, { ...hello, model: "upstream/m" })
      assert.strictEqual(answer.choices[0]?.message.content, "Blue")
      assert.isAbove((yield* Sdk.collect(client, { ...hello, model: "upstream/m" })).length, 0)
      const refused = yield* Sdk.failureOf(
        Sdk.create(Sdk.make(strata.url, { apiKey: wrong }), { ...hello, model: "upstream/m" })
      )
      assert.instanceOf(refused, AuthenticationError)
      assert.deepStrictEqual([refused.status, refused.code], [401, "invalid_api_key"])
      assert.include(refused.message, "The key is not known here.")
    }).pipe(Effect.scoped))

  it.live("stores no key and no token, whatever was refused and whatever was done", () =>
    Effect.gen(function*() {
      const { strata } = yield* given
      const token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJlLXRoYXQtaXMtbm9uZQ"
      const credentials = [key, wrong, token]
      for (const credential of credentials) {
        for (const headers of [{ authorization: `Bearer ${credential}` }, { "x-api-key": credential }]) {
          yield* Http.send(strata.url, "/v1/models", { headers })
          yield* Http.send(strata.url, `/v1/models/${credential}?key=${credential}`, { headers })
          yield* Http.send(strata.url, "/v1/chat/completions", {
            ...Chat.post({ content: credential }),
            headers: { ...Chat.post().headers, ...headers }
          })
        }
      }
      yield* strata.awaitEvents({ types: ["policy:violation"] }, 12)
      const events = JSON.stringify(yield* strata.events())
      yield* strata.close
      const bytes = stored(strata.folder)
      assert.include(bytes, "policy:violation")
      for (const credential of credentials) {
        assert.notInclude(events, credential)
        assert.notInclude(bytes, credential)
      }
    }).pipe(Effect.scoped))
})
