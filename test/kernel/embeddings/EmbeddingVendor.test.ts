/** Vendors of embeddings that refuse, fail, or give what are no vectors: the client's error, and the events. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import type { Schema } from "effect"
import type OpenAI from "openai"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { Sdk } from "../../support/Sdk.ts"
import { Strata } from "../../support/Strata.ts"
import { fieldsOf, listOf } from "../../support/strict/StrictVendor.ts"
import * as Vendors from "../../support/Vendors.ts"
import { verify } from "../../support/verify.ts"

const given = (type: string, respond: () => ScriptedAnswer) =>
  Effect.gen(function*() {
    const vendor = yield* FakeUpstream.make({ respond: ({ method }) => method === "GET" ? undefined : respond() })
    const strata = yield* Strata.make({ level: "raw", providers: [Vendors.entry(type, vendor)] })
    const ask = (more: object = {}) =>
      Http.post(strata.url, "/v1/embeddings", { model: `${type}/m`, input: ["a", "b"], ...more }, {
        "x-strata-session-id": "s"
      })
    const failed = Effect.map(
      strata.events({ types: ["embedding:error"] }),
      ([event]) => event === undefined ? undefined : fieldsOf(payloadOf(event))
    )
    const events = Effect.map(strata.events({ sessionId: "s" }), (events) => events.map(({ type }) => type))
    const verified = Effect.andThen(strata.close, Effect.map(verify(strata.folder, ["s"]), ([report]) => report))
    return { vendor, strata, ask, failed, events, verified }
  })

const errorOf = (json: unknown) => fieldsOf(fieldsOf(json)["error"])

const answer = (data: Schema.Json, more: Schema.JsonObject = {}) =>
  ScriptedAnswer.json(200, { object: "list", model: "m", data, usage: { prompt_tokens: 1, total_tokens: 1 }, ...more })

const text = (body: string): ScriptedAnswer => ({
  _tag: "Fixed",
  status: 200,
  headers: { "content-type": "application/json" },
  body
})

const vector = (index: number, embedding: Schema.Json): Schema.Json => ({ object: "embedding", index, embedding })

const good = [vector(0, [1, 2]), vector(1, [3, 4])]

const invalid: ReadonlyArray<readonly [what: string, answer: ScriptedAnswer, says: string]> = [
  ["garbage", text("<html>"), "not JSON"],
  ["half of JSON", text(`{"object":"list","data":[{"embedding":[1,`), "not JSON"],
  ["nothing", text(""), "not JSON"],
  ["null", text("null"), "a list of embeddings"],
  ["no data", ScriptedAnswer.json(200, { object: "list" }), "a list of embeddings"],
  ["NaN, which is no JSON", text(`{"data":[{"index":0,"embedding":[NaN]}]}`), "not JSON"],
  ["null among numbers", answer([vector(0, [1, null]), vector(1, [1, 2])]), "no number"],
  ["a text among numbers", answer([vector(0, [1, "2"]), vector(1, [1, 2])]), "no number"],
  ["infinity", text(`{"data":[{"index":0,"embedding":[1e999,1]},{"index":1,"embedding":[1,2]}]}`), "no number"],
  ["more than a 32-bit float holds", answer([vector(0, [1e300, 1]), vector(1, [1, 2])]), "no number"],
  ["a NaN in base64", answer([vector(0, "AADAfw=="), vector(1, "AACAPw==")]), "no number"],
  ["base64 of no floats", answer([vector(0, "AAA="), vector(1, "AACAPw==")]), "base64"],
  ["base64 that is none", answer([vector(0, "a b!"), vector(1, "AACAPw==")]), "base64"],
  ["too few vectors", answer(good.slice(1)), "1 vectors for 2 inputs"],
  ["too many", answer([...good, vector(2, [5, 6])]), "3 vectors for 2 inputs"],
  ["vectors of several lengths", answer([vector(0, [1, 2]), vector(1, [1])]), "of 2 and of 1"],
  ["empty vectors", answer([vector(0, []), vector(1, [])]), "no list of numbers"],
  ["an index twice", answer([vector(0, [1, 2]), vector(0, [3, 4])]), "indexes"],
  ["an index of no input", answer([vector(0, [1, 2]), vector(7, [3, 4])]), "indexes"],
  ["an object for a vector", answer([vector(0, { a: 1 }), vector(1, [1, 2])]), "no list of numbers"]
]

describe("a vendor of embeddings", () => {
  it.live.each(invalid)(
    "that gives %s fails, and is recorded as a failure",
    ([, given_, says]) =>
      Effect.gen(function*() {
        const { ask, events, failed, verified } = yield* given("openai", () => given_)
        const { json, status } = yield* ask()
        assert.deepStrictEqual([status, errorOf(json)["code"]], [502, "provider_invalid_answer"])
        assert.include(String(errorOf(json)["message"]), says)
        assert.deepInclude(yield* failed, { status: 200, operation: "embeddings" })
        assert.strictEqual(fieldsOf((yield* failed)?.["error"])["type"], "invalid_answer")
        assert.notInclude(yield* events, "embedding:response")
        assert.include(yield* events, "embedding:error:raw")
        assert.deepInclude(yield* verified, { requests: 1, skipped: [], divergence: undefined })
      }).pipe(Effect.scoped)
  )

  it.live.each([400, 401, 404, 429, 500, 503])(
    "that refuses with %s is passed on in OpenAI's envelope",
    (status) =>
      Effect.gen(function*() {
        const body = { error: { message: "no", type: "vendor_type", param: "input", code: "vendor_code" } }
        const headers = status === 429 ? { "retry-after": "7", "x-ratelimit-remaining-requests": "0" } : {}
        const { ask, failed, verified } = yield* given("openai", () => ScriptedAnswer.json(status, body, headers))
        const answered = yield* ask()
        assert.deepStrictEqual([answered.status, answered.json], [status, body])
        assert.strictEqual(answered.headers["retry-after"], headers["retry-after"])
        assert.deepInclude(yield* failed, { status })
        assert.deepInclude(yield* verified, { requests: 1, skipped: [], divergence: undefined })
      }).pipe(Effect.scoped)
  )

  it.live("that refuses in words of its own is read in OpenAI's envelope", () =>
    Effect.gen(function*() {
      const { ask } = yield* given("openai", () => ScriptedAnswer.json(404, { error: "model \"m\" not found" }))
      const { json, status } = yield* ask()
      assert.strictEqual(status, 404)
      assert.strictEqual(errorOf(json)["message"], "model \"m\" not found")
    }).pipe(Effect.scoped))

  it.live("that refuses in Google's words is read in OpenAI's, with the time to wait", () =>
    Effect.gen(function*() {
      const body = {
        error: {
          code: 429,
          message: "Resource exhausted.",
          status: "RESOURCE_EXHAUSTED",
          details: [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "9s" }]
        }
      }
      const { ask, verified } = yield* given("gemini", () => ScriptedAnswer.json(429, body))
      const { headers, json, status } = yield* ask()
      assert.deepStrictEqual([status, headers["retry-after"]], [429, "9"])
      assert.strictEqual(errorOf(json)["message"], "Resource exhausted.")
      assert.notProperty(errorOf(json), "status")
      assert.deepInclude(yield* verified, { requests: 1, divergence: undefined })
    }).pipe(Effect.scoped))

  it.live("that says under 200 that it failed is an error", () =>
    Effect.gen(function*() {
      const body = { error: { message: "overloaded", code: "rate_limit_exceeded" } }
      const { ask, failed } = yield* given("openai", () => ScriptedAnswer.json(200, body))
      const { json, status } = yield* ask()
      assert.deepStrictEqual([status, errorOf(json)["message"]], [429, "overloaded"])
      assert.strictEqual(fieldsOf((yield* failed)?.["error"])["type"], "vendor_error")
    }).pipe(Effect.scoped))

  it.live("that can't be reached is 502, and the log has why", () =>
    Effect.gen(function*() {
      const { ask, failed, vendor, verified } = yield* given("openai", () => answer(good))
      yield* vendor.close
      const { json, status } = yield* ask()
      assert.deepStrictEqual([status, errorOf(json)["code"]], [502, "provider_unreachable"])
      assert.deepInclude(yield* failed, { status: null })
      assert.deepInclude(yield* verified, { requests: 1, divergence: undefined })
    }).pipe(Effect.scoped))

  it.live("that breaks off in its answer is 502", () =>
    Effect.gen(function*() {
      const frames = [{ text: `{"object":"list","data":[` }, { text: "{}" }]
      const { ask, failed } = yield* given("openai", () => ({
        _tag: "Frames",
        headers: { "content-type": "application/json" },
        frames,
        destroyAfter: 1
      }))
      const { status } = yield* ask()
      assert.strictEqual(status, 502)
      assert.isDefined(yield* failed)
    }).pipe(Effect.scoped))

  it.live("is left when its client leaves", () =>
    Effect.gen(function*() {
      const { strata, vendor } = yield* given("openai", () => ScriptedAnswer.silent)
      const client: OpenAI = Sdk.make(strata.url)
      const asking = yield* Effect.forkChild(
        Effect.tryPromise((signal) => client.embeddings.create({ model: "openai/m", input: "a" }, { signal }))
      )
      yield* vendor.awaitReceived(1)
      yield* Fiber.interrupt(asking)
      yield* vendor.awaitAborted(1)
      const [event] = yield* strata.awaitEvents({ types: ["embedding:error"] })
      assert.strictEqual(fieldsOf(fieldsOf(payloadOf(event!))["error"])["type"], "interrupted")
    }).pipe(Effect.scoped))

  it.live("gets what Strata does not know, and its own fields come back", () =>
    Effect.gen(function*() {
      const { ask, vendor } = yield* given("openai", () =>
        answer([{ ...fieldsOf(good[0]), cached: true }, good[1]!], {
          of_tomorrow: [1],
          usage: { prompt_tokens: 4, total_tokens: 4, prompt_tokens_details: { cached_tokens: 2 } }
        }))
      const { json } = yield* ask({ user: "u", dimensions: 2, input_type: "query" })
      assert.deepStrictEqual(vendor.received[0]?.body, {
        model: "m",
        input: ["a", "b"],
        user: "u",
        dimensions: 2,
        input_type: "query"
      })
      assert.deepStrictEqual(fieldsOf(json)["of_tomorrow"], [1])
      assert.deepStrictEqual(fieldsOf(json)["usage"], {
        prompt_tokens: 4,
        total_tokens: 4,
        prompt_tokens_details: { cached_tokens: 2 }
      })
      assert.strictEqual(listOf(fieldsOf(json)["data"])[0]?.["cached"], true)
    }).pipe(Effect.scoped))

  it.live("is asked in Google's words", () =>
    Effect.gen(function*() {
      const embeddings = [{ values: [1, 2] }, { values: [3, 4] }]
      const { ask, vendor } = yield* given("gemini", () => ScriptedAnswer.json(200, { embeddings }))
      yield* ask({ dimensions: 2, taskType: "RETRIEVAL_QUERY", user: "u", encoding_format: "base64" })
      const [{ body, path } = { body: null, path: "" }] = vendor.received
      const request = (part: string) => ({
        model: "models/m",
        content: { parts: [{ text: part }] },
        outputDimensionality: 2,
        taskType: "RETRIEVAL_QUERY"
      })
      assert.match(path, /\/models\/m:batchEmbedContents$/)
      assert.deepStrictEqual(body, { requests: [request("a"), request("b")] })
    }).pipe(Effect.scoped))

  it.live("keeps its key out of the log and of errors", () =>
    Effect.gen(function*() {
      const { ask, strata } = yield* given("openai", () =>
        ScriptedAnswer.error(401, `Incorrect API key provided: ${Vendors.vendorKey}`))
      const answered = yield* ask()
      assert.notInclude(answered.text, Vendors.vendorKey)
      assert.notInclude(JSON.stringify(yield* strata.events()), Vendors.vendorKey)
    }).pipe(Effect.scoped))
})
