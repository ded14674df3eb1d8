/** Reranking by vendors of each dialect, through a whole server. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as VendorFields from "../../../src/apis/inference/VendorFields.ts"
import * as VendorProvider from "../../../src/apis/inference/VendorProvider.ts"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import { chat } from "../../../src/kernel/dialects/chat/ChatDialect.ts"
import { cohereRerank } from "../../../src/kernel/rerank/CohereRerank.ts"
import { llamaStackRerank } from "../../../src/kernel/rerank/LlamaStackRerank.ts"
import { nvidiaRerank } from "../../../src/kernel/rerank/NvidiaRerank.ts"
import type { RerankDialect } from "../../../src/kernel/rerank/RerankDialect.ts"
import { textEmbeddingsInferenceRerank } from "../../../src/kernel/rerank/TextEmbeddingsInferenceRerank.ts"
import { registry } from "../../../src/providers/Registry.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { Strata } from "../../support/Strata.ts"
import { fieldsOf } from "../../support/strict/StrictVendor.ts"
import * as Vendors from "../../support/Vendors.ts"
import { verify } from "../../support/verify.ts"

const vendor = { base_url: "https://example.com/v1", keyVariable: "VENDOR_KEY" }

const typeOf = (dialect: RerankDialect) =>
  VendorProvider.make({
    ...vendor,
    type: "remote::ranker",
    displayName: "Ranker",
    description: "Puts items in order.",
    config: Schema.Struct(VendorFields.fields(vendor)),
    wire: () => ({ dialect: chat }),
    rerank: { dialect }
  }) as unknown as (typeof registry)[number]

const given = (dialect: RerankDialect, answer: ScriptedAnswer) =>
  Effect.gen(function*() {
    const upstream = yield* FakeUpstream.make({ respond: ({ method }) => method === "GET" ? undefined : answer })
    const types = [...registry, typeOf(dialect)]
    const strata = yield* Strata.make({ level: "raw", types, providers: [Vendors.entry("ranker", upstream)] })
    const ask = (more: object = {}) =>
      Http.post(
        strata.url,
        "/v1alpha/inference/rerank",
        { model: "ranker/m", query: "warm?", items: ["Oslo", { type: "text", text: "Rome" }, "Bergen"], ...more },
        { "x-strata-session-id": "s" }
      )
    const payload = (type: string) =>
      Effect.map(strata.events({ types: [type] }), ([event]) => event === undefined ? undefined : payloadOf(event))
    const verified = Effect.andThen(
      strata.close,
      Effect.map(verify(strata.folder, ["s"], [], types), ([report]) => report)
    )
    return { upstream, ask, payload, verified }
  })

const scores = [[0, 0.25], [2, -1.5], [1, 0.75]] as const

const named = (score: string) => scores.map(([index, value]) => ({ index, [score]: value }))

const texts = ["Oslo", "Rome", "Bergen"]

const dialects = [
  {
    dialect: cohereRerank,
    path: "/v1/rerank",
    body: { model: "m", query: "warm?", documents: texts, top_n: 2 },
    answer: { id: "1", results: named("relevance_score"), usage: { total_tokens: 9 } }
  },
  {
    dialect: textEmbeddingsInferenceRerank,
    path: "/v1/rerank",
    body: { query: "warm?", texts },
    answer: named("score")
  },
  {
    dialect: nvidiaRerank,
    path: "/v1/ranking",
    body: { model: "m", query: { text: "warm?" }, passages: texts.map((text) => ({ text })) },
    answer: { rankings: named("logit") }
  },
  {
    dialect: llamaStackRerank,
    path: "/v1/v1alpha/inference/rerank",
    body: { model: "m", query: "warm?", items: ["Oslo", { type: "text", text: "Rome" }, "Bergen"], max_num_results: 2 },
    answer: { data: named("relevance_score") }
  }
]

const errorOf = (json: unknown) => fieldsOf(fieldsOf(json)["error"])

describe("reranking", () => {
  it.live.each(dialects)(
    "asks in the dialect $dialect.name, and answers the best first",
    (each) =>
      Effect.gen(function*() {
        const { ask, payload, upstream, verified } = yield* given(each.dialect, ScriptedAnswer.json(200, each.answer))
        const { json, status } = yield* ask({ max_num_results: 2 })
        assert.deepStrictEqual([status, fieldsOf(json)["data"]], [200, [
          { index: 1, relevance_score: 0.75 },
          { index: 0, relevance_score: 0.25 }
        ]])
        const [{ body, path } = { body: null, path: "" }] = upstream.received
        assert.deepStrictEqual([path, body], [each.path, each.body])
        assert.deepInclude(yield* payload("rerank:request"), { operation: "rerank", item_count: 3, max_num_results: 2 })
        assert.deepInclude(yield* payload("rerank:response"), { status: 200, result_count: 2 })
        assert.deepInclude(yield* verified, { requests: 1, skipped: [], divergence: undefined })
      }).pipe(Effect.scoped)
  )

  it.live("counts tokens where the vendor does", () =>
    Effect.gen(function*() {
      const { ask, payload } = yield* given(cohereRerank, ScriptedAnswer.json(200, dialects[0]!.answer))
      assert.deepStrictEqual(fieldsOf((yield* ask()).json)["usage"], { total_tokens: 9 })
      assert.deepInclude(yield* payload("rerank:response"), {
        usage: { input_tokens: 9, output_tokens: 0, total_tokens: 9 }
      })
    }).pipe(Effect.scoped))

  it.live.each([
    ["an index of no item", [{ index: 3, relevance_score: 1 }]],
    ["a negative index", [{ index: -1, relevance_score: 1 }]],
    ["an index that is no number", [{ index: "0", relevance_score: 1 }]],
    ["an index twice", [{ index: 0, relevance_score: 1 }, { index: 0, relevance_score: 2 }]],
    ["no score", [{ index: 0 }]],
    ["a score that is null", [{ index: 0, relevance_score: null }]],
    ["fewer results than were asked for", [{ index: 0, relevance_score: 1 }]],
    ["no list", null]
  ])("fails where the vendor gives %s", ([, results]) =>
    Effect.gen(function*() {
      const { ask, payload, verified } = yield* given(
        cohereRerank,
        ScriptedAnswer.json(200, { results: results as Schema.Json })
      )
      const { json, status } = yield* ask()
      assert.deepStrictEqual([status, errorOf(json)["code"]], [502, "provider_invalid_answer"])
      assert.strictEqual(fieldsOf(fieldsOf(yield* payload("rerank:error"))["error"])["type"], "invalid_answer")
      assert.isUndefined(yield* payload("rerank:response"))
      assert.deepInclude(yield* verified, { requests: 1, skipped: [], divergence: undefined })
    }).pipe(Effect.scoped))

  it.live.each([
    { more: { items: [] }, param: "items" },
    { more: { items: Array.from({ length: 2049 }, () => "a") }, param: "items" },
    { more: { max_num_results: 0 }, param: "max_num_results" },
    { more: { query: 7 }, param: "query" },
    {
      more: { items: ["a", { type: "image_url", image_url: { url: "data:image/png;base64,AA==" } }] },
      param: "items.1"
    }
  ])("refuses what can't be asked: $param", ({ more, param }) =>
    Effect.gen(function*() {
      const { ask, upstream } = yield* given(cohereRerank, ScriptedAnswer.json(200, {}))
      const { json, status } = yield* ask(more)
      assert.strictEqual(status, 400)
      assert.match(String(errorOf(json)["param"]), new RegExp(`^${param}`))
      assert.lengthOf(upstream.received, 0)
    }).pipe(Effect.scoped))

  it.live("passes a refusal on", () =>
    Effect.gen(function*() {
      const { ask, payload } = yield* given(
        textEmbeddingsInferenceRerank,
        ScriptedAnswer.json(424, { error: "model is no re-ranker", error_type: "Backend" })
      )
      const { json, status } = yield* ask()
      assert.deepStrictEqual([status, errorOf(json)["message"]], [424, "model is no re-ranker"])
      assert.deepInclude(yield* payload("rerank:error"), { status: 424 })
    }).pipe(Effect.scoped))
})
