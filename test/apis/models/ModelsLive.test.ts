/** A model that may not be read is not there: not listed, not found, not hinted at, and never asked. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { NotFoundError } from "openai"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import { Chat } from "../../support/Chat.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import { Keys } from "../../support/Keys.ts"
import { hello, Sdk } from "../../support/Sdk.ts"
import { Strata } from "../../support/Strata.ts"
import { verify } from "../../support/verify.ts"

const given = Effect.gen(function*() {
  const upstream = yield* FakeUpstream.make({ respond: Chat.answering(["Blue"]) })
  const strata = yield* Strata.make({
    providers: [
      Strata.openAi(upstream, { models: ["gpt-small", "gpt-large"] }),
      Strata.openAi(upstream, { models: ["secret-1"] }, "internal")
    ],
    auth: {
      providers: [Keys.provider({ alice: {}, root: { attributes: { roles: ["admin"] } } })],
      access_policy: [
        { permit: { actions: ["create", "read", "update", "delete"] }, when: "user with admin in roles" },
        { forbid: { actions: "read", resource: "model::*/gpt-large" }, description: "matches nothing: no prefix" },
        { permit: { actions: "read", resource: "regex:model::upstream/gpt-s.*" } }
      ]
    }
  })
  const client = (name: string) => Sdk.make(strata.url, { apiKey: Keys.keyOf(name) })
  const get = (path: string, name: string) => Http.send(strata.url, path, { headers: Keys.headers(name) })
  return { upstream, strata, client, get }
})

const idsOf = (json: unknown) =>
  (json as { readonly data: ReadonlyArray<{ readonly id: string }> }).data.map(({ id }) => id)

describe("models", () => {
  it.live("are listed as far as they may be read", () =>
    Effect.gen(function*() {
      const { get } = yield* given
      assert.deepStrictEqual(idsOf((yield* get("/v1/models", "alice")).json), ["upstream/gpt-small"])
      assert.deepStrictEqual(idsOf((yield* get("/v1/models", "root")).json), [
        "internal/secret-1",
        "upstream/gpt-large",
        "upstream/gpt-small"
      ])
    }).pipe(Effect.scoped))

  it.live("that are hidden are answered as those that are not there", () =>
    Effect.gen(function*() {
      const { get, strata } = yield* given
      const [hidden, absent] = [
        yield* get("/v1/models/internal/secret-1", "alice"),
        yield* get("/v1/models/internal/secret-2", "alice")
      ]
      assert.deepStrictEqual([hidden.status, absent.status], [404, 404])
      assert.strictEqual(hidden.text.replaceAll("secret-1", "secret-2"), absent.text)
      assert.strictEqual((yield* get("/v1/models/internal/secret-1", "root")).status, 200)
      const [violation, ...more] = yield* strata.awaitEvents({ types: ["policy:violation"] })
      assert.deepStrictEqual(more, [])
      assert.strictEqual(violation?.principal, "alice")
      assert.deepInclude(Object(payloadOf(violation!)), {
        kind: "access",
        method: "GET",
        action: "read",
        resource: "model::internal/secret-1",
        rule: null
      })
      const answered = yield* strata.events({ requestId: String(violation?.requestId) })
      assert.deepStrictEqual(answered.map(({ type }) => type).filter((type) => !/:(debug|raw)$/.test(type)), [
        "api:request",
        "policy:violation",
        "api:error"
      ])
    }).pipe(Effect.scoped))

  it.live("that are hidden are not hinted at, nor asked", () =>
    Effect.gen(function*() {
      const { client, get, upstream } = yield* given
      const before = upstream.received.length
      for (const name of ["secret-1", "internal/secret", "upstream/gpt-larg", "gpt-large"]) {
        const answer = yield* get(`/v1/models/${name}`, "alice")
        assert.strictEqual(answer.status, 404)
        assert.notMatch(answer.text.replaceAll(name, ""), /secret|internal|large/, name)
      }
      assert.include((yield* get("/v1/models/secret-1", "root")).text, "internal/secret-1")
      for (const model of ["internal/secret-1", "upstream/gpt-large"]) {
        const refused = yield* Sdk.failureOf(Sdk.create(client("alice"), { ...hello, model }))
        assert.instanceOf(refused, NotFoundError)
        assert.strictEqual(refused.code, "model_not_found")
        const streamed = yield* Sdk.failureOf(Sdk.collect(client("alice"), { ...hello, model }))
        assert.strictEqual(streamed.status, 404)
      }
      assert.strictEqual(upstream.received.length, before)
      const answer = yield* Sdk.create(client("alice"), { ...hello, model: "upstream/gpt-small" })
      assert.strictEqual(answer.choices[0]?.message.content, "Blue")
    }).pipe(Effect.scoped))

  it.live("are shown and hidden in a replay as they were", () =>
    Effect.gen(function*() {
      const { strata } = yield* given
      const headers = { ...Keys.headers("alice"), "x-strata-session-id": "s" }
      for (const path of ["/v1/models", "/v1/models/internal/secret-1", "/v1/models/upstream/gpt-small"]) {
        yield* Http.send(strata.url, path, { headers })
      }
      yield* Http.send(strata.url, "/v1/chat/completions", {
        ...Chat.post({ model: "internal/secret-1" }),
        headers: { ...Chat.post().headers, ...headers }
      })
      yield* strata.close
      const [report] = yield* verify(strata.folder, ["s"])
      assert.deepStrictEqual<unknown>(report, {
        session: "s",
        requests: 4,
        skipped: [],
        divergence: undefined,
        around: []
      })
    }).pipe(Effect.scoped))
})
