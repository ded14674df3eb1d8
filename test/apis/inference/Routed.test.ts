/** Embeddings, orders and token counts under a model that stands for several: the next is asked when one fails. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import { refusal } from "../../support/FailingVendor.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { Strata } from "../../support/Strata.ts"
import * as Vendors from "../../support/Vendors.ts"
import * as Verify from "../../support/verify.ts"

const given = (answer: ScriptedAnswer, types: readonly [string, string] = ["openai", "openai"]) =>
  Effect.gen(function*() {
    const one = yield* FakeUpstream.make({ respond: () => refusal(503) })
    const two = yield* FakeUpstream.make({ respond: () => answer })
    const strata = yield* Strata.make({
      level: "raw",
      providers: [one, two].map((vendor, index) => ({
        provider_id: index === 0 ? "one" : "two",
        provider_type: `remote::${types[index]}`,
        config: { base_url: vendor.url, api_key: Vendors.vendorKey, models: ["m"] }
      })),
      models: [{
        model_id: "any",
        provider_id: "one",
        provider_model_id: "m",
        routing: { targets: [{ model: "one/m" }, { model: "two/m" }] }
      }]
    })
    return {
      one,
      two,
      post: (path: string, body: object) =>
        Http.post(strata.url, path, { model: "any", ...body }, { "x-strata-session-id": "s" }),
      fallbacks: Effect.map(
        strata.events({ types: ["provider:fallback"] }),
        (events) => events.map((event) => Object(payloadOf(event)).to)
      ),
      verified: Effect.map(Verify.verify(strata.folder, ["s"]), ([report]) => report?.divergence)
    }
  })

describe("a model that stands for several", () => {
  it.live("gives vectors of the next when the first fails", () =>
    Effect.gen(function*() {
      const { fallbacks, post, verified } = yield* given(ScriptedAnswer.json(200, {
        object: "list",
        model: "m",
        data: [{ object: "embedding", index: 0, embedding: [1, 2] }],
        usage: { prompt_tokens: 1, total_tokens: 1 }
      }))
      const { json, status, text } = yield* post("/v1/embeddings", { input: "one" })
      assert.strictEqual(status, 200, text)
      assert.deepStrictEqual(Object(json).data[0].embedding, [1, 2])
      assert.deepStrictEqual(yield* fallbacks, ["two/m"])
      assert.isUndefined(yield* verified)
    }).pipe(Effect.scoped))

  it.live("counts tokens by the next when the first fails", () =>
    Effect.gen(function*() {
      const { fallbacks, post, verified } = yield* given(ScriptedAnswer.json(200, { input_tokens: 42 }), [
        "anthropic",
        "anthropic"
      ])
      const { json, status, text } = yield* post("/v1/messages/count_tokens", {
        messages: [{ role: "user", content: "Hello?" }]
      })
      assert.strictEqual(status, 200, text)
      assert.strictEqual(Object(json).input_tokens, 42)
      assert.deepStrictEqual(yield* fallbacks, ["two/m"])
      assert.isUndefined(yield* verified)
    }).pipe(Effect.scoped))

  it.live("asks nobody else where the request is wrong", () =>
    Effect.gen(function*() {
      const { one, post, two } = yield* given(refusal(503))
      const { status } = yield* post("/v1/embeddings", { input: [] })
      assert.strictEqual(status, 400)
      assert.deepStrictEqual([one.received.length, two.received.length], [0, 0])
    }).pipe(Effect.scoped))
})
