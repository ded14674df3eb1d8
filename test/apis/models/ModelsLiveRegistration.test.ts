/** Models that clients register: asked for by these names, there for good, told in the log. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import { Chat } from "../../support/Chat.ts"
import { Http } from "../../support/Http.ts"
import { Keys } from "../../support/Keys.ts"
import { fast, given, house, ids, post, remove } from "../../support/ModelRegistrations.ts"
import { Sdk } from "../../support/Sdk.ts"
import { Strata } from "../../support/Strata.ts"

describe("POST /v1/models", () => {
  it.live("gives a model a name: listed, asked for, and known to its vendor by its own", () =>
    Effect.gen(function*() {
      const { strata, upstream } = yield* given()
      const answer = yield* post(strata, { ...fast, model_type: "llm", metadata: { speed: 9 } })
      assert.strictEqual(answer.status, 200)
      const { created, ...model } = answer.json as { readonly created: number }
      assert.isAbove(created, 1_700_000_000)
      assert.deepStrictEqual<unknown>(model, {
        id: "fast",
        object: "model",
        owned_by: "upstream",
        provider_id: "upstream",
        provider_model_id: "small",
        identifier: "fast",
        provider_resource_id: "small",
        type: "model",
        model_type: "llm",
        metadata: { speed: 9 },
        source: "api",
        custom_metadata: { model_type: "llm", provider_id: "upstream", provider_resource_id: "small", speed: 9 }
      })
      assert.deepStrictEqual(yield* ids(strata), ["fast", "other/only", "upstream/large", "upstream/small"])
      assert.deepStrictEqual((yield* Http.send(strata.url, "/v1/models/fast")).json, answer.json)
      assert.strictEqual((yield* Chat.ask(strata.url, { model: "fast" })).status, 200)
      assert.strictEqual(Object(upstream.received.at(-1)?.body).model, "small")
      const [call] = yield* strata.events({ types: ["llm:request"] })
      assert.strictEqual(call?.provider, "upstream")
    }))

  it.live("is one event, caused by the request, with who asked; the same again is none", () =>
    Effect.gen(function*() {
      const { strata } = yield* given()
      const first = yield* post(strata, fast)
      const second = yield* post(strata, fast)
      assert.deepStrictEqual([second.status, second.json], [200, first.json])
      const events = (yield* strata.events({ types: ["model:registered"] }))
        .filter((event) => Object(payloadOf(event)).source === "api")
      assert.lengthOf(events, 1)
      const [request] = yield* strata.events({ types: ["api:request"], requestId: Chat.requestId(first) })
      assert.strictEqual(events[0]?.causationId, request?.id)
      // It stands in no session: no replay would register it again.
      assert.isNull(request?.sessionId)
    }))

  it.live("takes nothing that could not be asked for: beyond a fixed list, or oddly spelled", () =>
    Effect.gen(function*() {
      const { strata } = yield* given()
      const refused = [
        { model_id: "x", provider_id: "other", provider_model_id: "small" },
        { model_id: "x", provider_id: "upstream", provider_model_id: "small " },
        { model_id: "x", provider_id: "upstream", provider_model_id: "/small" }
      ]
      for (const body of refused) {
        const { json, status } = yield* post(strata, body)
        assert.deepStrictEqual([status, Object(json).error.param], [400, "provider_model_id"], body.provider_model_id)
      }
    }))

  it.live("is there after a restart, and gone for good when it is taken back", () =>
    Effect.gen(function*() {
      const { strata, upstream } = yield* given()
      const start = () => Strata.make({ folder: strata.folder, providers: [Strata.openAi(upstream)] })
      yield* post(strata, fast)
      yield* strata.close
      yield* Effect.scoped(Effect.gen(function*() {
        const again = yield* start()
        assert.strictEqual((yield* Chat.ask(again.url, { model: "fast" })).status, 200)
        const removed = yield* Effect.tryPromise(() => Sdk.make(again.url).models.delete("fast"))
        assert.deepStrictEqual<unknown>({ ...removed }, { id: "fast", object: "model", deleted: true })
        assert.strictEqual((yield* Chat.ask(again.url, { model: "fast" })).status, 404)
        yield* again.close
      }))
      const last = yield* start()
      assert.deepStrictEqual(yield* ids(last), ["upstream/large", "upstream/small"])
      assert.strictEqual((yield* remove(last, "fast")).status, 404)
    }))

  it.live("names a model with slashes, unlisted and prefixed, and takes it back by that name", () =>
    Effect.gen(function*() {
      const { strata, upstream } = yield* given()
      const { json } = yield* post(strata, { model_id: "upstream/org/new", provider_id: "upstream" })
      assert.strictEqual(Object(json).provider_model_id, "org/new")
      yield* Chat.ask(strata.url, { model: "upstream/org/new" })
      assert.strictEqual(Object(upstream.received.at(-1)?.body).model, "org/new")
      assert.strictEqual((yield* remove(strata, "upstream/org/new")).status, 200)
    }))

  const refused: ReadonlyArray<{
    readonly name: string
    readonly body: object
    readonly status: number
    readonly param: string | null
    readonly code: string | null
    readonly message: string
  }> = [
    { name: "no name", body: {}, status: 400, param: "model_id", code: null, message: "model_id" },
    {
      name: "a name with spaces",
      body: { ...fast, model_id: "very fast" },
      status: 400,
      param: "model_id",
      code: null,
      message: "1 to 256 characters without spaces"
    },
    {
      name: "metadata that are no object",
      body: { ...fast, metadata: 1 },
      status: 400,
      param: "metadata",
      code: null,
      message: ""
    },
    {
      name: "a type that is none",
      body: { ...fast, model_type: "image" },
      status: 400,
      param: "model_type",
      code: null,
      message: "embedding"
    },
    {
      name: "no provider, where there are two",
      body: { model_id: "fast" },
      status: 400,
      param: "provider_id",
      code: "invalid_model",
      message: "upstream, other"
    },
    {
      name: "a provider that is not there",
      body: { ...fast, provider_id: "upstrem" },
      status: 400,
      param: "provider_id",
      code: "invalid_model",
      message: "Did you mean upstream?"
    },
    {
      name: "a name in the form of another provider's",
      body: { ...fast, model_id: "other/fast" },
      status: 400,
      param: "model_id",
      code: "invalid_model",
      message: "does not begin with other/"
    },
    {
      name: "a provider's name for something else of its own",
      body: { ...fast, model_id: "upstream/large" },
      status: 400,
      param: "model_id",
      code: "invalid_model",
      message: "is what upstream calls large"
    },
    {
      name: "a name that looks like a key",
      body: { ...fast, model_id: `sk-proj-${"a1B2".repeat(12)}` },
      status: 400,
      param: "model_id",
      code: "invalid_model",
      message: "looks like a key"
    },
    {
      name: "a name with half a character",
      body: { ...fast, model_id: "a\ud800b" },
      status: 400,
      param: "model_id",
      code: "invalid_model",
      message: "control characters"
    },
    {
      name: "a name that is taken",
      body: { ...fast, model_id: "house" },
      status: 409,
      param: "model_id",
      code: "model_exists",
      message: "choose another name"
    }
  ]

  it.live.each(refused)("refuses $name", ({ body, code, message, param, status }) =>
    Effect.gen(function*() {
      const { strata } = yield* given({ models: [house] })
      const answer = yield* post(strata, body)
      assert.strictEqual(answer.status, status, answer.text)
      const { error } = Object(answer.json)
      assert.deepInclude(error, { type: "invalid_request_error", param, code })
      assert.include(error.message, message)
      assert.deepStrictEqual(yield* ids(strata), ["house", "other/only", "upstream/large", "upstream/small"])
    }))

  const fixed = [
    { id: "upstream/small", why: "its provider lists it" },
    { id: "other/only", why: "its provider's configuration" },
    { id: "house", why: "registered_resources" }
  ]

  it.live.each(fixed)("does not let clients take back $id: $why", ({ id, why }) =>
    Effect.gen(function*() {
      const { strata } = yield* given({ models: [house] })
      const answer = yield* remove(strata, id)
      assert.strictEqual(answer.status, 409)
      const { error } = Object(answer.json)
      assert.deepInclude(error, { code: "model_not_deletable", param: "model_id" })
      assert.include(error.message, why)
    }))

  it.live("belongs to who registered it, and is no way around the rules", () =>
    Effect.gen(function*() {
      const { strata } = yield* given({
        auth: {
          providers: [Keys.provider({ alice: {}, bob: {} })],
          access_policy: [
            { forbid: { actions: "read", resource: "model::upstream/large" } },
            { permit: { actions: ["create", "read", "update", "delete"] }, when: "user is owner" },
            { permit: { actions: "read", resource: "model::*" }, when: "resource is unowned" }
          ]
        }
      })
      const [alice, bob] = [Keys.headers("alice"), Keys.headers("bob")]
      assert.strictEqual((yield* post(strata, fast, alice)).status, 200)
      const registered = (yield* strata.events({ types: ["model:registered"] }))
        .find((event) => Object(payloadOf(event)).model_id === "fast")
      assert.strictEqual(registered?.principal, "alice")
      assert.deepStrictEqual(Object(payloadOf(registered!)).owner, { id: "alice", attributes: {} })
      const get = (headers: Readonly<Record<string, string>>) => Http.send(strata.url, "/v1/models/fast", { headers })
      assert.deepStrictEqual([(yield* get(alice)).status, (yield* get(bob)).status], [200, 404])
      assert.strictEqual((yield* remove(strata, "fast", bob)).status, 404)
      const around = yield* post(strata, { ...fast, model_id: "mine", provider_model_id: "large" }, bob)
      assert.strictEqual(around.status, 404)
      assert.isAbove((yield* strata.events({ types: ["policy:violation"] })).length, 2)
      assert.strictEqual((yield* remove(strata, "fast", alice)).status, 200)
    }))
})
