/** `remote::vertexai`: how it is asked; what it does with messages is in test/apis/inference/Adapters.test.ts. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result, Stream } from "effect"
import type { Schema } from "effect"
import { Inference } from "../../../../src/apis/inference/Inference.ts"
import { gemini } from "../../../../src/kernel/dialects/gemini/GeminiDialect.ts"
import { answerOf, bodyOf, recorded } from "../../../kernel/dialects/gemini/GeminiTraffic.ts"
import { FakeUpstream } from "../../../support/FakeUpstream.ts"
import type { FakeUpstreamOptions } from "../../../support/FakeUpstream.ts"
import { Http } from "../../../support/Http.ts"
import { Recordings } from "../../../support/Recordings.ts"
import { ScriptedAnswer } from "../../../support/ScriptedAnswer.ts"
import { Strata } from "../../../support/Strata.ts"
import * as Vendors from "../../../support/Vendors.ts"

const answer = { candidates: [{ content: { role: "model", parts: [{ text: "Hi" }] }, finishReason: "STOP" }] }
const place = "/v1/projects/p/locations/europe-west4/publishers/google/models"
const chat = "/v1/chat/completions"

const given = (respond: NonNullable<FakeUpstreamOptions["respond"]>, config: Schema.JsonObject = {}) =>
  Effect.gen(function*() {
    const google = yield* FakeUpstream.make({ respond })
    const entry = {
      provider_id: "v",
      provider_type: "remote::vertexai",
      config: {
        base_url: google.url,
        project: "p",
        location: "europe-west4",
        access_token: Vendors.vendorKey,
        ...config
      }
    }
    const strata = yield* Strata.make({ level: "raw", providers: [entry] })
    return { google, strata, asked: () => google.received.filter(({ method }) => method === "POST") }
  })

describe("remote::vertexai", () => {
  it.live("asks the project's location where the model is in the path, with a token, and verifies", () =>
    Effect.gen(function*() {
      const { asked, strata } = yield* given(
        ({ path }) =>
          path.includes("stream")
            ? Vendors.frames([`data: ${JSON.stringify(answer)}\r\n\r\n`])
            : ScriptedAnswer.json(200, answer),
        { models: ["gemini-3-pro"] }
      )
      for (const stream of [false, true]) {
        const body = { model: "v/gemini-3-pro", stream, messages: [{ role: "user", content: "Hello?" }] }
        assert.strictEqual((yield* Http.post(strata.url, chat, body, { "x-strata-session-id": "s" })).status, 200)
      }
      assert.deepStrictEqual(asked().map(({ path }) => path), [
        `${place}/gemini-3-pro:generateContent`,
        `${place}/gemini-3-pro:streamGenerateContent?alt=sse`
      ])
      for (const { headers } of asked()) assert.strictEqual(headers["authorization"], `Bearer ${Vendors.vendorKey}`)
      assert.notInclude(JSON.stringify(yield* strata.events()), Vendors.vendorKey)
      const { json } = yield* Http.post(strata.url, "/v1/sessions/s/verify", {})
      assert.deepInclude(Object(json), { status: "identical", requests: 2 })
    }).pipe(Effect.scoped))

  it.live("lists the models that Google publishes", () =>
    Effect.gen(function*() {
      const { strata } = yield* given(({ path }) =>
        path.startsWith("/v1beta1/publishers/google/models?")
          ? ScriptedAnswer.json(200, { publisherModels: [{ name: "publishers/google/models/gemini-3-pro" }] })
          : undefined
      )
      const { json } = yield* Http.send(strata.url, "/v1/models")
      assert.deepStrictEqual(Object(json).data.map(({ id }: { id: string }) => id), ["v/gemini-3-pro"])
    }).pipe(Effect.scoped))

  it.live.skipIf(!Recordings.available)(
    `asks and answers as recorded traffic does ${Recordings.reason}`,
    () =>
      Effect.gen(function*() {
        const exchanges = recorded()
        let current = exchanges[0]!
        const { asked, strata } = yield* given(() =>
          current.answer._tag === "Stream"
            ? Vendors.frames(current.answer.chunks.map((chunk) => `data: ${JSON.stringify(answerOf(chunk))}\r\n\r\n`))
            : ScriptedAnswer.json(200, answerOf(current.answer.body) as Schema.Json), {
          models: [...new Set(exchanges.map(({ request }) => String(request["model"])))]
        })
        for (const exchange of exchanges) {
          current = exchange
          const body = bodyOf(exchange.request)
          const canonical = Result.getOrThrow(gemini.raise.request(body))
          const request = { ...canonical, model: `v/${String(exchange.request["model"])}` }
          const response = yield* strata.inProcess(Inference.use((inference) =>
            exchange.answer._tag === "Stream"
              ? Effect.map(Stream.runCollect(inference.completeStream(request)), (parts) => {
                const last = [...parts].at(-1)
                return last?.type === "response" ? last.response : undefined
              })
              : inference.complete(request)
          ))
          assert.isNotEmpty(response?.content)
          assert.isAbove(response?.usage?.total_tokens ?? 0, 0)
          const sent = asked().at(-1)!
          assert.deepStrictEqual<unknown>(sent.body, Result.getOrThrow(gemini.lower.request(canonical)).body)
          assert.include(sent.path, `/${String(exchange.request["model"])}:`)
        }
        assert.isAbove(exchanges.length, 15)
      }).pipe(Effect.scoped)
  )
})
