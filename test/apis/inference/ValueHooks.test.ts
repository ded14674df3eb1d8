/** Hooks have a say before embeddings are made and items put in order, and after. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Hook } from "../../../src/kernel/hooks/Hook.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { contributed, rewrites, says } from "../../support/HookedStrata.ts"
import { Http } from "../../support/Http.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { Strata } from "../../support/Strata.ts"
import { fieldsOf } from "../../support/strict/StrictVendor.ts"
import { verify } from "../../support/verify.ts"

const embedding = { data: [{ index: 0, embedding: [0.5, 1] }] }
const order = { results: [{ index: 0, relevance_score: 1 }] }
const completion = { id: "1", choices: [{ index: 0, text: "Hello", finish_reason: "stop" }] }

const given = (hook: Hook) =>
  Effect.gen(function*() {
    const vendor = yield* FakeUpstream.make({
      respond: ({ path }) =>
        ScriptedAnswer.json(200, path.endsWith("rerank") ? order : path.endsWith("embeddings") ? embedding : completion)
    })
    const strata = yield* Strata.make({
      level: "raw",
      providers: [Strata.openAi(vendor, { models: ["m"] }, "v")],
      extensions: contributed([hook])
    })
    const ask = (path: string, body: object) =>
      Http.post(strata.url, path, { model: "v/m", ...body }, { "x-strata-session-id": "s" })
    const verified = Effect.andThen(strata.close, Effect.map(verify(strata.folder, ["s"]), ([report]) => report))
    return { vendor, ask, verified }
  })

const operations = [
  { type: "embedding", path: "/v1/embeddings", body: { input: "call 555-1234" } },
  { type: "rerank", path: "/v1alpha/inference/rerank", body: { query: "call", items: ["555-1234"] } },
  { type: "llm", path: "/v1/completions", body: { prompt: "call 555-1234" } }
]

const errorOf = (json: unknown) => fieldsOf(fieldsOf(json)["error"])

describe("hooks", () => {
  it.live.each(operations)(
    "$type:request: change what is asked, and it verifies",
    ({ body, path, type }) =>
      Effect.gen(function*() {
        const { ask, vendor, verified } = yield* given(rewrites(`${type}:request`, "555-1234", "[NUMBER]"))
        assert.strictEqual((yield* ask(path, body)).status, 200)
        const { bodyText } = vendor.received.at(-1)!
        assert.include(bodyText, "[NUMBER]")
        assert.notInclude(bodyText, "555-1234")
        assert.deepInclude(yield* verified, { requests: 1, skipped: [], divergence: undefined })
      }).pipe(Effect.scoped)
  )

  it.live.each(operations)(
    "$type:request: deny it before anybody is asked",
    ({ body, path, type }) =>
      Effect.gen(function*() {
        const { ask, vendor } = yield* given(says(`${type}:request`, { action: "deny", reason: "numbers" }))
        const { json, status } = yield* ask(path, body)
        assert.deepStrictEqual([status, errorOf(json)["code"]], [403, "denied_by_hook"])
        assert.deepStrictEqual(vendor.received, [])
      }).pipe(Effect.scoped)
  )

  it.live.each(operations)("$type:response: withhold the answer", ({ body, path, type }) =>
    Effect.gen(function*() {
      const { ask, verified } = yield* given(says(`${type}:response`, { action: "deny", reason: "no" }))
      assert.strictEqual((yield* ask(path, body)).status, 403)
      assert.deepInclude(yield* verified, { requests: 1, skipped: [], divergence: undefined })
    }).pipe(Effect.scoped))

  it.live("embedding:request: what a hook makes of a request has to be one", () =>
    Effect.gen(function*() {
      const { ask, vendor } = yield* given(
        says("embedding:request", { action: "modify", data: { model: "m", input: [], dimensions: 0 } }, {
          onFailure: "closed"
        })
      )
      const { status } = yield* ask("/v1/embeddings", { input: "a" })
      assert.strictEqual(status, 403)
      assert.deepStrictEqual(vendor.received, [])
    }).pipe(Effect.scoped))
})
