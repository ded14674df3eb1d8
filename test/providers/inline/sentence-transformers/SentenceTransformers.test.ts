/** Embeddings in this process: with no key, beside other requests, and without the model in a verification. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Schema } from "effect"
import type OpenAI from "openai"
import {
  Config,
  SentenceTransformers
} from "../../../../src/providers/inline/sentence-transformers/SentenceTransformers.ts"
import { embeddingContract } from "../../../support/embeddingContract.ts"
import { Http } from "../../../support/Http.ts"
import { Sdk } from "../../../support/Sdk.ts"
import { Strata } from "../../../support/Strata.ts"
import { fieldsOf, listOf } from "../../../support/strict/StrictVendor.ts"

const entry = (config: Schema.JsonObject = {}) => ({
  provider_id: "sentence-transformers",
  provider_type: SentenceTransformers.type,
  config
})

const model = "sentence-transformers/universal-sentence-encoder"

embeddingContract({
  name: "inline::sentence-transformers",
  takesTokens: false,
  start: Effect.succeed({ options: { providers: [entry()] }, model, dimensions: 512 })
})

const given = (config?: Schema.JsonObject) =>
  Effect.map(Strata.make({ providers: [entry(config)] }), (strata) => ({
    strata,
    ask: (body: object) => Http.post(strata.url, "/v1/embeddings", { model, ...body })
  }))

const errorOf = (json: unknown) => fieldsOf(fieldsOf(json)["error"])

const product = (one: ReadonlyArray<number>, other: ReadonlyArray<number>): number =>
  one.reduce((sum, value, index) => sum + value * other[index]!, 0)

describe("inline::sentence-transformers", () => {
  it.live("finds texts of one meaning near to each other, through OpenAI's SDK and without a key", () =>
    Effect.gen(function*() {
      const { strata } = yield* given()
      const client: OpenAI = Sdk.make(strata.url)
      const input = ["A cat sits on the mat.", "A kitten is on a rug.", "Shares fell on Monday."]
      const { data, usage } = yield* Effect.promise(() => client.embeddings.create({ model, input }))
      const [cat, kitten, shares] = data.map(({ embedding }) => embedding)
      assert.isAbove(product(cat!, kitten!), product(cat!, shares!) + 0.3)
      assert.closeTo(product(cat!, cat!), 1, 1e-4)
      assert.isAbove(usage.prompt_tokens, 9)
    }).pipe(Effect.scoped))

  it.live("lists its model as one for embeddings, with its dimensions", () =>
    Effect.gen(function*() {
      const { strata } = yield* given()
      const { json } = yield* Http.send(strata.url, "/v1/models")
      const [listed] = listOf(fieldsOf(json)["data"])
      assert.strictEqual(listed?.["id"], model)
      assert.deepInclude(listed?.["custom_metadata"], { model_type: "embedding", embedding_dimension: 512 })
    }).pipe(Effect.scoped))

  it.live.each([
    { body: { input: "a", dimensions: 256 }, param: "dimensions", says: "512" },
    { body: { input: "" }, param: "input", says: "empty" },
    { body: { input: ["a", "x".repeat(16_385)] }, param: "input", says: "input.1" },
    { body: { input: [1, 2] }, param: "input", says: "tokens" }
  ])("says what it does not take: $param", ({ body, param, says }) =>
    Effect.gen(function*() {
      const { ask } = yield* given()
      const { json, status } = yield* ask(body)
      assert.deepStrictEqual([status, errorOf(json)["param"]], [400, param])
      assert.include(String(errorOf(json)["message"]), says)
    }).pipe(Effect.scoped))

  it.live("takes the dimensions that it has", () =>
    Effect.gen(function*() {
      const { ask } = yield* given()
      assert.strictEqual((yield* ask({ input: "a", dimensions: 512 })).status, 200)
    }).pipe(Effect.scoped))

  it.live("answers no conversations, and says what it is for", () =>
    Effect.gen(function*() {
      const { strata } = yield* given()
      const body = { model, messages: [{ role: "user", content: "Hello?" }] }
      const { json, status } = yield* Http.post(strata.url, "/v1/chat/completions", body)
      assert.deepStrictEqual([status, errorOf(json)["code"], errorOf(json)["param"]], [
        400,
        "unsupported_operation",
        "model"
      ])
      assert.include(String(errorOf(json)["message"]), "answers no conversations")
    }).pipe(Effect.scoped))

  it.live("answers other requests while the model works, and 429 where too many wait", () =>
    Effect.gen(function*() {
      const { ask, strata } = yield* given({ max_waiting: 1 })
      const input = Array.from({ length: 100 }, (_, index) => `Text ${index}.`)
      const both = yield* Effect.forkChild(Effect.all([ask({ input }), ask({ input })], { concurrency: 2 }))
      const health = yield* Http.send(strata.url, "/v1/health")
      assert.deepStrictEqual([health.status, both.pollUnsafe()], [200, undefined])
      const [first, second] = (yield* Fiber.join(both)).toSorted((one, other) => one.status - other.status)
      assert.deepStrictEqual([first?.status, second?.status, second?.headers["retry-after"]], [200, 429, "1"])
    }).pipe(Effect.scoped))

  it("takes the configuration that Llama Stack has for the type", () => {
    const decode = Schema.decodeUnknownSync(Config)
    assert.deepInclude(decode({}), { max_waiting: 64 })
    assert.deepInclude(decode({ trust_remote_code: false }), { trust_remote_code: false })
  })
})
