/** `remote::gemini`: how it is asked; what it does with messages is in test/apis/inference/Adapters.test.ts. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema } from "effect"
import { FakeUpstream } from "../../../support/FakeUpstream.ts"
import { Http } from "../../../support/Http.ts"
import { ScriptedAnswer } from "../../../support/ScriptedAnswer.ts"
import { Strata } from "../../../support/Strata.ts"
import * as Vendors from "../../../support/Vendors.ts"

const answer = { candidates: [{ content: { role: "model", parts: [{ text: "Hi" }] }, finishReason: "STOP" }] }

const given = (config: Schema.JsonObject = {}) =>
  Effect.gen(function*() {
    const google = yield* FakeUpstream.make({
      list: () =>
        ScriptedAnswer.json(200, {
          models: [{ name: "models/gemini-3-pro", supportedGenerationMethods: ["generateContent"] }]
        }),
      respond: ({ path }) =>
        path.includes("stream")
          ? Vendors.frames([`data: ${JSON.stringify(answer)}\r\n\r\n`])
          : ScriptedAnswer.json(200, answer)
    })
    const entry = {
      provider_id: "g",
      provider_type: "remote::gemini",
      config: { base_url: google.url, api_key: Vendors.vendorKey, ...config }
    }
    const strata = yield* Strata.make({ providers: [entry] })
    const ask = (model: string, more: Schema.JsonObject = {}) =>
      Http.post(strata.url, "/v1/chat/completions", {
        model: `g/${model}`,
        messages: [{ role: "user", content: "Hello?" }],
        ...more
      })
    return { google, strata, ask }
  })

describe("remote::gemini", () => {
  it.live("asks Google where the model is in the path, with the key in its header alone", () =>
    Effect.gen(function*() {
      const { ask, google } = yield* given()
      assert.strictEqual((yield* ask("gemini-3-pro")).status, 200)
      assert.strictEqual((yield* ask("gemini-3-pro", { stream: true })).status, 200)
      const [plain, streamed] = google.received.filter(({ method }) => method === "POST")
      assert.strictEqual(plain?.path, "/v1/models/gemini-3-pro:generateContent")
      assert.strictEqual(streamed?.path, "/v1/models/gemini-3-pro:streamGenerateContent?alt=sse")
      for (const request of [plain, streamed]) {
        assert.strictEqual(request?.headers["x-goog-api-key"], Vendors.vendorKey)
        assert.isUndefined(request?.headers["authorization"])
        assert.notInclude(request?.path, Vendors.vendorKey)
        assert.notProperty(request?.body, "model")
      }
    }).pipe(Effect.scoped))

  it.live.each(["a/../../b", "../b", "models/..", "x/./y", "publishers/../../projects/other"])(
    "asks no other path than a model's: %s",
    (model) =>
      Effect.gen(function*() {
        const { ask, google } = yield* given()
        for (const stream of [false, true]) {
          const { status, text } = yield* ask(model, { stream })
          if (status !== 200) assert.include(text, "check the model's name")
        }
        for (const { method, path } of google.received) {
          if (method === "POST") assert.match(path, /^\/v1\/models\/\.\.:/)
        }
      }).pipe(Effect.scoped)
  )

  it.live("lists the models that Google lists", () =>
    Effect.gen(function*() {
      const { strata } = yield* given()
      const { json } = yield* Http.send(strata.url, "/v1/models")
      assert.deepStrictEqual(Object(json).data.map(({ id }: { id: string }) => id), ["g/gemini-3-pro"])
    }).pipe(Effect.scoped))

  it.live("gives a client of chat completions an answer that is whole, plain and streamed", () =>
    Effect.gen(function*() {
      const { ask } = yield* given({ models: ["m"] })
      const { json } = yield* ask("m")
      assert.deepInclude(Object(json).choices[0], { finish_reason: "stop" })
      assert.strictEqual(Object(json).choices[0].message.content, "Hi")
      assert.isTrue((yield* ask("m", { stream: true })).text.endsWith("data: [DONE]\n\n"))
    }).pipe(Effect.scoped))
})
