/** `inline::replay` answers embeddings, orders and text completions from recordings, and what it answers verifies. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema } from "effect"
import { FakeUpstream } from "../../../support/FakeUpstream.ts"
import { Http } from "../../../support/Http.ts"
import { ScriptedAnswer } from "../../../support/ScriptedAnswer.ts"
import { Strata } from "../../../support/Strata.ts"
import { fieldsOf } from "../../../support/strict/StrictVendor.ts"
import * as Vendors from "../../../support/Vendors.ts"
import { verify } from "../../../support/verify.ts"

const operations = [
  {
    type: "openai",
    path: "/v1/embeddings",
    body: { input: ["a", "b"] },
    answer: {
      object: "list",
      model: "m",
      data: [0, 1].map((index) => ({ object: "embedding", index, embedding: [index, 0.5] })),
      usage: { prompt_tokens: 2, total_tokens: 2 }
    }
  },
  {
    type: "gemini",
    path: "/v1/embeddings",
    body: { input: ["a", "b"] },
    answer: { embeddings: [{ values: [1, 0.5] }, { values: [2, 0.5] }] }
  },
  {
    type: "openai",
    path: "/v1alpha/inference/rerank",
    body: { query: "q", items: ["a", "b"] },
    answer: { results: [{ index: 1, relevance_score: 1 }, { index: 0, relevance_score: 2 }] }
  },
  {
    type: "openai",
    path: "/v1/completions",
    body: { prompt: "a" },
    answer: {
      id: "1",
      object: "text_completion",
      created: 1,
      model: "m",
      choices: [{ index: 0, text: "b", finish_reason: "stop", logprobs: null }]
    }
  }
]

const given = Effect.fnUntraced(function*(type: string, answer: Schema.Json, config: Schema.JsonObject) {
  let asked = 0
  const upstream = yield* FakeUpstream.make({
    respond: ({ method }) => {
      if (method === "GET") return undefined
      asked++
      return ScriptedAnswer.json(200, answer)
    }
  })
  const vendor = Vendors.entry(type, upstream)
  const replay = (provider_id: string, config: Schema.JsonObject) => ({
    provider_id,
    provider_type: "inline::replay",
    config
  })
  const strata = yield* Strata.make({
    level: "raw",
    providers: [
      replay("r", {
        ...config,
        upstream: { provider_type: vendor.provider_type, config: vendor.config } as Schema.JsonObject
      })
    ]
  })
  const ask = (path: string, body: object, session: string) =>
    Http.post(strata.url, path, { model: "r/m", ...body }, { "x-strata-session-id": session })
  return { strata, ask, asked: () => asked }
})

describe("inline::replay", () => {
  it.live.each(operations)(
    "$path of $type: records what is missing, answers it again, and both verify",
    (each) =>
      Effect.gen(function*() {
        const { ask, asked, strata } = yield* given(each.type, each.answer, { mode: "record-if-missing" })
        const first = yield* ask(each.path, each.body, "one")
        const second = yield* ask(each.path, each.body, "two")
        assert.deepStrictEqual([first.status, second.status, asked()], [200, 200, 1])
        assert.deepStrictEqual(second.json, first.json)
        yield* strata.close
        for (const report of yield* verify(strata.folder, ["one", "two"])) {
          assert.deepInclude(report, { requests: 1, skipped: [], divergence: undefined })
        }
      }).pipe(Effect.scoped)
  )

  it.live("gives recorded vectors in the encoding that is asked for now", () =>
    Effect.gen(function*() {
      const { answer, type } = operations[1]!
      const { ask, asked } = yield* given(type, answer, { mode: "record-if-missing" })
      yield* ask("/v1/embeddings", { input: ["a", "b"] }, "one")
      const { json } = yield* ask("/v1/embeddings", { input: ["a", "b"], encoding_format: "base64" }, "two")
      const [first] = fieldsOf(json)["data"] as ReadonlyArray<Schema.JsonObject>
      assert.deepStrictEqual([first?.["embedding"], asked()], ["AACAPwAAAD8=", 1])
    }).pipe(Effect.scoped))

  it.live("says what is missing where nobody may be asked", () =>
    Effect.gen(function*() {
      const { ask, asked } = yield* given("openai", {}, { mode: "replay" })
      for (const { body, path } of operations) {
        const { json, status } = yield* ask(path, body, "one")
        assert.deepStrictEqual([status, fieldsOf(fieldsOf(json)["error"])["code"]], [404, "recording_not_found"])
      }
      assert.strictEqual(asked(), 0)
    }).pipe(Effect.scoped))
})
