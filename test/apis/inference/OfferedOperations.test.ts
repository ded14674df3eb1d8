/** What a model's provider lacks is refused: with the model, the provider, and what to do instead. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Embedders from "../../support/Embedders.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import { Strata } from "../../support/Strata.ts"
import { fieldsOf } from "../../support/strict/StrictVendor.ts"
import * as Vendors from "../../support/Vendors.ts"
import { verify } from "../../support/verify.ts"

const session = { "x-strata-session-id": "s" }

const given = Effect.gen(function*() {
  const upstream = yield* FakeUpstream.make()
  const { model, options } = yield* Embedders.inProcess.start
  const strata = yield* Strata.make({
    level: "raw",
    ...options,
    providers: [...options.providers ?? [], Vendors.entry("anthropic", upstream)]
  })
  const refused = (path: string, body: object) =>
    Effect.map(Http.post(strata.url, path, body, session), ({ json, status }) => ({
      status,
      error: fieldsOf(fieldsOf(json)["error"])
    }))
  return { strata, upstream, embedder: model, refused, types: options.types }
})

const operations = [
  { path: "/v1/embeddings", body: { input: "a" }, says: "makes no embeddings" },
  { path: "/v1/completions", body: { prompt: "a" }, says: "POST /v1/chat/completions" },
  { path: "/v1alpha/inference/rerank", body: { query: "a", items: ["b"] }, says: "puts no items in order" }
]

describe("an operation that the provider of a model lacks", () => {
  it.live.each(operations)(
    "$path: is refused before anybody is asked",
    ({ body, path, says }) =>
      Effect.gen(function*() {
        const { refused, upstream } = yield* given
        const { error, status } = yield* refused(path, { model: "anthropic/m", ...body })
        assert.deepStrictEqual([status, error["param"], error["code"]], [400, "model", "unsupported_operation"])
        for (const each of ["anthropic/m", "the provider anthropic", says]) {
          assert.include(String(error["message"]), each)
        }
        assert.deepStrictEqual(upstream.received, [])
      }).pipe(Effect.scoped)
  )

  it.live("given a session is verified of which nothing was sent, then what its vendor's dialect can't say is refused again", () =>
    Effect.gen(function*() {
      const { refused, strata } = yield* given
      const content = [{ type: "input_audio", input_audio: { data: "AA==", format: "wav" } }]
      const { error } = yield* refused("/v1/chat/completions", {
        model: "anthropic/m",
        messages: [{ role: "user", content }]
      })
      assert.deepInclude(error, { param: "messages[0].content[0]" })
      const verified = yield* Http.post(strata.url, "/v1/sessions/s/verify", {})
      assert.deepInclude(fieldsOf(verified.json), { status: "identical", requests: 1 })
    }).pipe(Effect.scoped))

  it.live("refuses a conversation of who makes embeddings alone, in the dialect of its client", () =>
    Effect.gen(function*() {
      const { embedder, refused } = yield* given
      const body = { model: embedder, max_tokens: 9, messages: [{ role: "user", content: "a" }] }
      assert.deepInclude((yield* refused("/v1/chat/completions", body)).error, { code: "unsupported_operation" })
      const { error, status } = yield* refused("/v1/messages", body)
      assert.strictEqual(status, 400)
      assert.include(String(error["message"]), "answers no conversations")
    }).pipe(Effect.scoped))

  it.live("says the same in a verification, where no provider in the process runs", () =>
    Effect.gen(function*() {
      const { embedder, refused, strata, types } = yield* given
      yield* refused("/v1/embeddings", { model: embedder, input: "a" })
      yield* refused("/v1/chat/completions", { model: embedder, messages: [{ role: "user", content: "a" }] })
      yield* refused("/v1/completions", { model: embedder, prompt: "a" })
      yield* strata.close
      const [report] = yield* verify(strata.folder, ["s"], [], types)
      assert.deepInclude(report, { requests: 3, skipped: [], divergence: undefined })
    }).pipe(Effect.scoped))

  it.live("answers 404 for a model that there is not", () =>
    Effect.gen(function*() {
      const { refused } = yield* given
      for (const { body, path } of operations) {
        const { error, status } = yield* refused(path, { model: "nobody", ...body })
        assert.deepStrictEqual([status, error["code"]], [404, "model_not_found"])
      }
    }).pipe(Effect.scoped))
})
