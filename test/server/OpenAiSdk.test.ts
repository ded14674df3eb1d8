/** OpenAI's own client against Strata: what works against OpenAI works here. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import type { Schema } from "effect"
import { BadRequestError, NotFoundError } from "openai"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import type { FakeUpstreamOptions } from "../support/FakeUpstream.ts"
import { Http } from "../support/Http.ts"
import { ScriptedAnswer } from "../support/ScriptedAnswer.ts"
import { hello, Sdk } from "../support/Sdk.ts"
import { Strata } from "../support/Strata.ts"
import { ways } from "../support/StrataBehindStrata.ts"

const completion = {
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "small-2026",
  choices: [{ index: 0, message: { role: "assistant", content: "Hello!" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 }
}
const chunk = (content: string, finish_reason: string | null = null): Schema.JsonObject => ({
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  created: 1,
  model: "small-2026",
  choices: [{ index: 0, delta: { content }, finish_reason }]
})
const chunks = [chunk("Hel"), chunk("lo"), chunk("!", "stop")]

const respond: FakeUpstreamOptions["respond"] = ({ body, method }) =>
  method === "GET"
    ? undefined
    : typeof body === "object" && body !== null && "stream" in body && body["stream"] === true
    ? ScriptedAnswer.events(chunks)
    : ScriptedAnswer.json(200, completion)

const models = ["small", "family/large"]
const model = "upstream/small"

const given = (options: FakeUpstreamOptions = { respond, models }) =>
  Effect.gen(function*() {
    const upstream = yield* FakeUpstream.make(options)
    const strata = yield* Strata.make({ providers: [Strata.openAi(upstream)] })
    return { upstream, strata, client: Sdk.make(strata.url) }
  })

describe.each(ways)("the official OpenAI client, before $way", ({ it, listed }) => {
  it.live("gets a chat completion", () =>
    Effect.gen(function*() {
      const { client, upstream } = yield* given()
      const answer: unknown = yield* Sdk.create(client, { ...hello, model })
      assert.deepStrictEqual(answer, completion)
      assert.deepStrictEqual<unknown>(upstream.received.at(-1)?.body, { ...hello, model: "small", stream: false })
    }))

  it.live("gets a streamed chat completion", () =>
    Effect.gen(function*() {
      const { client } = yield* given()
      assert.deepStrictEqual(yield* Sdk.collect(client, { ...hello, model }), chunks)
    }))

  it.live("lists the models of all providers", () =>
    Effect.gen(function*() {
      const { client } = yield* given()
      const found = yield* Stream.runCollect(Sdk.readAll(client.models.list()))
      assert.deepStrictEqual(found.map(({ id, object }) => [id, object]), [
        [listed("upstream/family/large"), "model"],
        [listed("upstream/small"), "model"]
      ])
    }))

  it.live("retrieves a model whose id has slashes, encoded or not", () =>
    Effect.gen(function*() {
      const { client, strata } = yield* given()
      const found = yield* Effect.tryPromise(() => client.models.retrieve("upstream/family/large"))
      assert.strictEqual(found.id, listed("upstream/family/large"))
      const plain = yield* Http.send(strata.url, "/v1/models/upstream/family/large")
      assert.deepStrictEqual<unknown>(plain.json, { ...found })
    }))

  it.live.each(["smell", "nobody/small", ""])(
    "is told that there is no model \"%s\"",
    (unknown) =>
      Effect.gen(function*() {
        const { client, upstream } = yield* given()
        const asked = yield* Sdk.failureOf(Sdk.create(client, { ...hello, model: unknown }))
        if (unknown === "") return assert.deepInclude(asked, { status: 400, param: "model" })
        const retrieved = yield* Sdk.failureOf(Effect.tryPromise(() => client.models.retrieve(unknown)))
        for (const error of [asked, retrieved]) {
          assert.instanceOf(error, NotFoundError)
          assert.deepInclude(error, { status: 404, code: "model_not_found", param: "model" })
        }
        assert.isFalse(upstream.received.some(({ method }) => method === "POST"))
      })
  )

  const bad: ReadonlyArray<[param: string, body: Schema.JsonObject]> = [
    ["messages", { ...hello, messages: "none" }],
    ["messages.0", { ...hello, messages: ["hello"] }],
    ["messages.0.role", { ...hello, messages: [{ content: "hello" }] }],
    ["messages", { model }],
    ["stream", { ...hello, stream: "yes" }]
  ]
  it.live.each(bad)("is told which parameter is bad: %s in %j", ([param, body]) =>
    Effect.gen(function*() {
      const { strata, upstream } = yield* given()
      const client = Sdk.make(strata.url)
      const error = yield* Sdk.failureOf(
        Effect.tryPromise(() => client.post("/chat/completions", { body: { ...body, model } }))
      )
      assert.instanceOf(error, BadRequestError)
      assert.deepInclude(error, { status: 400, param, type: "invalid_request_error" })
      assert.include(error.message, param)
      assert.isFalse(upstream.received.some(({ method }) => method === "POST"))
    }))
})

/** Everything that a parser and a printer would lose. */
const strange = (model: string) =>
  ` { "zeta" : 1.0, "temperature":0.0 ,"model" :"${model}", "big": 12345678901234567890, "exp": 1E2,\n` +
  `"messages":[{"content":"caf\\u00e9 é \\/ \\"model\\": \\"x\\"","role":"user","extra":{"model":"kept"}}], "alpha":{"b":1,"a":-0}}\n`

describe.each(ways)("what Strata does not know, before $way", ({ it }) => {
  it.live("reaches the upstream byte for byte, the model apart", () =>
    Effect.gen(function*() {
      const { strata, upstream } = yield* given()
      const answer = yield* Http.post(strata.url, "/v1/chat/completions", strange(model))
      assert.strictEqual(answer.status, 200)
      assert.strictEqual(upstream.received.at(-1)?.bodyText, strange("small"))
    }))

  it.live("reaches the client as the upstream wrote it", () =>
    Effect.gen(function*() {
      const text = `{"id":"x","choices":[], "cost" : 1.50,"nested":{"z":[1.0,{"y":null}],"a":12345678901234567890}}`
      const { strata } = yield* given({
        models,
        respond: ({ method }) => method === "GET" ? undefined : { _tag: "Fixed", status: 200, body: text }
      })
      const answer = yield* Http.post(strata.url, "/v1/chat/completions", { ...hello, model })
      assert.strictEqual(answer.text, text)
    }))
})

describe.each(ways)("the upstream's key, before $way", ({ it }) => {
  it.live("goes to the upstream, the client's does not", () =>
    Effect.gen(function*() {
      const upstream = yield* FakeUpstream.make({ respond, models, apiKey: "upstream-key" })
      const providers = [Strata.openAi(upstream, { api_key: "upstream-key" })]
      const strata = yield* Strata.make({ providers })
      yield* Sdk.create(Sdk.make(strata.url, { apiKey: "client-key" }), { ...hello, model })
      for (const { headers } of upstream.received) assert.strictEqual(headers["authorization"], "Bearer upstream-key")
    }))

  it.live("is not sent where there is none", () =>
    Effect.gen(function*() {
      const { client, upstream } = yield* given()
      yield* Sdk.create(client, { ...hello, model })
      for (const { headers } of upstream.received) assert.notProperty(headers, "authorization")
    }))
})

describe("a name without a provider", () => {
  it.live("may leave out the provider of a model that only one has", () =>
    Effect.gen(function*() {
      const { client, upstream } = yield* given()
      yield* Effect.tryPromise(() => client.chat.completions.create({ ...hello, model: "small" }))
      assert.strictEqual(Object(upstream.received.at(-1)?.body).model, "small")
      assert.strictEqual((yield* Effect.tryPromise(() => client.models.retrieve("small"))).id, "upstream/small")
    }))
})
