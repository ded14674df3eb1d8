/** Moderations with the clients of OpenAI and Llama Stack. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { LlamaStackClient } from "llama-stack-client"
import { BadRequestError, NotFoundError } from "openai"
import * as MediaWorld from "../../support/MediaWorld.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { Sdk } from "../../support/Sdk.ts"
import { ways } from "../../support/StrataBehindStrata.ts"

const judged = {
  id: "modr-1",
  model: "omni-moderation-latest",
  results: [
    { flagged: true, categories: { violence: true }, category_scores: { violence: 0.9 } },
    { flagged: false, categories: { violence: false }, category_scores: { violence: 0.1 } }
  ]
}

const input = [
  { type: "text" as const, text: "I want to hug them." },
  { type: "image_url" as const, image_url: { url: "https://example.com/i.png" } }
]

describe.each(ways)("moderations, before $way", ({ it, sent }) => {
  it.live("given texts and images, when a client asks, then they reach the vendor, and the log says what came of it", () =>
    Effect.gen(function*() {
      const { client, strata, vendor } = yield* MediaWorld.make(() => ScriptedAnswer.json(200, judged))
      const answer = yield* Effect.promise(() => client.moderations.create({ model: "upstream/m", input }))
      assert.deepStrictEqual(answer as unknown, judged)
      assert.deepStrictEqual(vendor.received[0]?.body, { model: "m", input })
      const [said] = yield* strata.events({ types: ["moderation:response"] })
      assert.deepInclude(JSON.parse(said?.payload ?? ""), {
        model: sent("m"),
        response_model: "omni-moderation-latest",
        result_count: 2,
        flagged_count: 1
      })
      assert.deepStrictEqual(yield* MediaWorld.verified(strata), [{ outcome: "identical", divergence: undefined }])
    }).pipe(Effect.scoped))

  it.live("given no model, when a client asks, then it is OpenAI's own, whoever serves it", () =>
    Effect.gen(function*() {
      const { client, strata, vendor } = yield* MediaWorld.make(() => ScriptedAnswer.json(200, judged), {
        config: { models: ["m", "omni-moderation-latest"] }
      })
      yield* Effect.promise(() => client.moderations.create({ input }))
      assert.deepStrictEqual(vendor.received[0]?.body, { model: "omni-moderation-latest", input })
      assert.deepStrictEqual(yield* MediaWorld.verified(strata), [{ outcome: "identical", divergence: undefined }])
    }).pipe(Effect.scoped))

  it.live("given a model that nobody serves, or whose provider moderates nothing, then 404 and 400 say so", () =>
    Effect.gen(function*() {
      const { strata } = yield* MediaWorld.make(() => ScriptedAnswer.json(200, judged), {
        providers: [{
          provider_id: "claude",
          provider_type: "remote::anthropic",
          config: { models: ["m"], api_key: "k" }
        }]
      })
      const client = Sdk.make(strata.url)
      const ask = (model: string) =>
        Sdk.failureOf(Effect.tryPromise(() => client.moderations.create({ model, input: "Hello." })))
      const unknown = yield* ask("nobody/m")
      assert.instanceOf(unknown, NotFoundError)
      assert.strictEqual(unknown.code, "model_not_found")
      const unsupported = yield* ask("claude/m")
      assert.instanceOf(unsupported, BadRequestError)
      assert.deepInclude(unsupported, { code: "unsupported_operation", param: "model" })
      assert.include(unsupported.message, "moderates nothing")
    }).pipe(Effect.scoped))

  it.live("given retries and a key, when the vendor is busy once, then it is asked again with the key, which no event shows", () =>
    Effect.gen(function*() {
      const key = "sk-moderations-0123456789abcdef"
      let asked = 0
      const { client, strata, vendor } = yield* MediaWorld.make(
        () => ++asked === 1 ? ScriptedAnswer.error(503, `Not with ${key}.`) : ScriptedAnswer.json(200, judged),
        { config: { api_key: key, retry: { max_retries: 1, initial_delay_ms: 1 } }, vendor: { apiKey: key } }
      )
      yield* Effect.promise(() => client.moderations.create({ model: "upstream/m", input: "Hello." }))
      assert.strictEqual(vendor.received.length, 2)
      assert.notInclude(JSON.stringify(yield* strata.events()), key)
    }).pipe(Effect.scoped))
})

describe("moderations, by a name of the server", () => {
  it.live("given no model is named, then OpenAI's usual one is looked for, by Llama Stack's client too", () =>
    Effect.gen(function*() {
      const { client, strata, vendor } = yield* MediaWorld.make(() => ScriptedAnswer.json(200, judged), {
        config: { models: ["omni-moderation-latest"] }
      })
      yield* Effect.promise(() => client.moderations.create({ input: "Hello." }))
      const stack = new LlamaStackClient({ baseURL: strata.url, apiKey: "key", maxRetries: 0 })
      const answer = yield* Effect.promise(() => stack.moderations.create({ input: ["Hello."] }))
      assert.strictEqual(answer.results.length, 2)
      assert.deepStrictEqual(vendor.received.map(({ body }) => body), [
        { input: "Hello.", model: "omni-moderation-latest" },
        { input: ["Hello."], model: "omni-moderation-latest" }
      ])
    }).pipe(Effect.scoped))

  it.live("given a model that stands for others, when the first fails, then the next judges", () =>
    Effect.gen(function*() {
      let asked = 0
      const { client, strata, vendor } = yield* MediaWorld.make(
        () => ++asked === 1 ? ScriptedAnswer.error(503, "Down.") : ScriptedAnswer.json(200, judged),
        {
          config: { models: ["m", "n"] },
          models: [{
            model_id: "judge",
            provider_id: "upstream",
            provider_model_id: "m",
            routing: { targets: [{ model: "upstream/m" }, { model: "upstream/n" }] }
          }]
        }
      )
      const answer = yield* Effect.promise(() => client.moderations.create({ model: "judge", input: "Hello." }))
      assert.strictEqual(answer.id, "modr-1")
      assert.deepStrictEqual(vendor.received.map(({ body }) => Object(body).model), ["m", "n"])
      assert.strictEqual((yield* strata.events({ types: ["moderation:error"] })).length, 1)
      assert.deepStrictEqual(yield* MediaWorld.verified(strata), [{ outcome: "identical", divergence: undefined }])
    }).pipe(Effect.scoped))
})
