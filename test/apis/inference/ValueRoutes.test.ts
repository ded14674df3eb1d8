/** The routes of embeddings, reranking and text completions, as every other is: who may, how much, at which level. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema } from "effect"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import { Keys } from "../../support/Keys.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import type { StrataOptions } from "../../support/Strata.ts"
import { Strata } from "../../support/Strata.ts"
import { fieldsOf } from "../../support/strict/StrictVendor.ts"

const answers: Readonly<Record<string, Schema.JsonObject>> = {
  "/v1/embeddings": { data: [{ index: 0, embedding: [0.5, 1] }] },
  "/v1/rerank": { results: [{ index: 0, relevance_score: 1 }] },
  "/v1/completions": { id: "1", choices: [{ index: 0, text: "b", finish_reason: "stop" }] }
}

const operations = [
  { path: "/v1/embeddings", type: "embedding", body: { input: "a" } },
  { path: "/v1alpha/inference/rerank", type: "rerank", body: { query: "a", items: ["b"] } },
  { path: "/v1/completions", type: "llm", body: { prompt: "a" } }
]

const given = (options: StrataOptions = {}) =>
  Effect.gen(function*() {
    const vendor = yield* FakeUpstream.make({ respond: ({ path }) => ScriptedAnswer.json(200, answers[path] ?? {}) })
    const strata = yield* Strata.make({ providers: [Strata.openAi(vendor, { models: ["m"] }, "v")], ...options })
    const ask = (path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
      Http.post(strata.url, path, body, { "x-strata-session-id": "s", ...headers })
    return { vendor, strata, ask }
  })

const errorOf = (json: unknown) => fieldsOf(fieldsOf(json)["error"])

const deepList = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`

describe.each(operations)("POST $path", ({ body, path, type }) => {
  const asked = { model: "v/m", ...body }

  it.live("asks who it is, and answers in OpenAI's envelope", () =>
    Effect.gen(function*() {
      const { ask, vendor } = yield* given({ auth: { providers: [Keys.provider({ ada: {} })] } })
      const { json, status } = yield* ask(path, asked)
      assert.deepStrictEqual([status, typeof errorOf(json)["message"]], [401, "string"])
      assert.deepStrictEqual(vendor.received, [])
    }).pipe(Effect.scoped))

  it.live("hides a model from who may not read it", () =>
    Effect.gen(function*() {
      const { ask, vendor } = yield* given({
        auth: {
          providers: [Keys.provider({ ada: {} })],
          access_policy: [{ permit: { actions: "read", resource: "model::other/*" } }]
        }
      })
      const { status } = yield* ask(path, asked, Keys.headers("ada"))
      assert.strictEqual(status, 404)
      assert.deepStrictEqual(vendor.received, [])
    }).pipe(Effect.scoped))

  it.live("refuses a body that is too long", () =>
    Effect.gen(function*() {
      const { ask } = yield* given({ maxBodyBytes: 1000 })
      assert.strictEqual((yield* ask(path, { ...asked, user: "x".repeat(2000) })).status, 413)
    }).pipe(Effect.scoped))

  it.live.each(["default", "debug", "raw"])(
    "is recorded at the level that a request asks for: %s",
    (level) =>
      Effect.gen(function*() {
        const { ask, strata } = yield* given({ level: "default" })
        assert.strictEqual((yield* ask(path, asked, { "x-strata-level": level })).status, 200)
        const events = yield* strata.events({ sessionId: "s" })
        const expected = ["", ":debug", ":raw"].slice(0, ["default", "debug", "raw"].indexOf(level) + 1)
        const ofCall = events.map((event) => event.type).filter((each) => each.startsWith(`${type}:`))
        assert.deepStrictEqual(
          ofCall,
          ["request", "response"].flatMap((part) => expected.map((end) => `${type}:${part}${end}`))
        )
      }).pipe(Effect.scoped)
  )

  it.live.each([
    ["no JSON", "{"],
    ["a list", "[]"],
    ["nothing", ""],
    ["no model", JSON.stringify(body)],
    ["a model that is no text", JSON.stringify({ ...asked, model: 7 })],
    ["an empty model", JSON.stringify({ ...asked, model: "" })]
  ])("refuses %s with 400", ([, text]) =>
    Effect.gen(function*() {
      const { ask, vendor } = yield* given()
      const { json, status } = yield* ask(path, text)
      assert.strictEqual(status, 400)
      assert.isString(errorOf(json)["message"])
      assert.deepStrictEqual(vendor.received, [])
    }).pipe(Effect.scoped))

  it.live("refuses what is nested too deep, or leaves it to the vendor, and goes on", () =>
    Effect.gen(function*() {
      const { ask } = yield* given()
      for (const name of [...Object.keys(body), "of_tomorrow"]) {
        const text = JSON.stringify(asked).replace(/}$/, `,"${name}":${deepList(100_000)}}`)
        assert.include([200, 400, 413], (yield* ask(path, text)).status, name)
      }
      assert.strictEqual((yield* ask(path, asked)).status, 200)
    }).pipe(Effect.scoped))
})

describe("POST /v1/embeddings", () => {
  it.live("refuses a million numbers, and a million texts", () =>
    Effect.gen(function*() {
      const { ask, vendor } = yield* given()
      for (
        const [refused, input] of [
          [400, Array.from({ length: 1_000_000 }, (_, index) => index)],
          // Before it is parsed: server.max_body_values.
          [413, Array.from({ length: 1e6 }, () => "a")]
        ] as const
      ) {
        const { json, status } = yield* ask("/v1/embeddings", { model: "v/m", input })
        assert.deepStrictEqual([status, errorOf(json)["param"]], [refused, "input"])
      }
      assert.deepStrictEqual(vendor.received, [])
    }).pipe(Effect.scoped))
})
