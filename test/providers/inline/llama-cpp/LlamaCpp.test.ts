/** A real model in this process: asked by clients, recorded, and verified without being loaded. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Stream } from "effect"
import type { Schema } from "effect"
import OpenAI from "openai"
import { payloadOf } from "../../../../src/events/types/Envelope.ts"
import { Http } from "../../../support/Http.ts"
import { Sdk } from "../../../support/Sdk.ts"
import { Strata } from "../../../support/Strata.ts"
import { TinyModel } from "../../../support/TinyModel.ts"

const entry = (config: Schema.JsonObject = {}) => ({
  provider_id: "local",
  provider_type: "inline::llama-cpp",
  config: { model_path: TinyModel.path, gpu: "off", ...config }
})

const given = (config?: Schema.JsonObject) =>
  Effect.map(Strata.make({ level: "raw", providers: [entry(config)] }), (strata) => ({
    strata,
    openai: new OpenAI({ baseURL: `${strata.url}/v1`, apiKey: "none", maxRetries: 0 }),
    ask: (path: string, body: Schema.JsonObject) =>
      Http.post(strata.url, path, { model: "local/stories260K", ...body }, { "x-strata-session-id": "s" })
  }))

const model = "local/stories260K"
const messages = [{ role: "user" as const, content: "Once upon a time" }]
const greedy = { temperature: 0, max_tokens: 12 }
const verify = (strata: Strata) => Effect.map(Http.post(strata.url, "/v1/sessions/s/verify", {}), ({ json }) => json)

describe.skipIf(!TinyModel.available)(`inline::llama-cpp ${TinyModel.reason}`, () => {
  it.live("answers a chat, whole and streamed, the same without chance", () =>
    Effect.gen(function*() {
      const { openai } = yield* given()
      const plain = yield* Effect.promise(() => openai.chat.completions.create({ model, messages, ...greedy }))
      const streamed = yield* Effect.promise(() =>
        openai.chat.completions.stream({ model, messages, ...greedy, stream_options: { include_usage: true } })
          .finalChatCompletion()
      )
      const [choice] = plain.choices
      assert.isAbove(choice!.message.content!.length, 10)
      assert.strictEqual(choice!.finish_reason, "length")
      assert.strictEqual(streamed.choices[0]!.message.content, choice!.message.content)
      assert.strictEqual(plain.usage!.completion_tokens, 12)
      assert.isAbove(plain.usage!.prompt_tokens, 3)
      assert.deepStrictEqual(
        { ...streamed.usage, prompt_tokens_details: undefined, completion_tokens_details: undefined },
        { ...plain.usage, prompt_tokens_details: undefined, completion_tokens_details: undefined }
      )
      assert.match(plain.id, /^chatcmpl-/)
      assert.isAbove(plain.created, 1_700_000_000)
    }).pipe(Effect.scoped), 30_000)

  it.live("is recorded, and verified without the model", () =>
    Effect.gen(function*() {
      const { ask, strata } = yield* given()
      // With chance: what is verified is what was recorded.
      const chat = yield* ask("/v1/chat/completions", { messages, max_tokens: 8 })
      const streamed = yield* ask("/v1/chat/completions", { messages, max_tokens: 8, stream: true })
      const text = yield* ask("/v1/completions", { prompt: "Once upon", max_tokens: 8 })
      const vectors = yield* ask("/v1/embeddings", { input: ["a", "b"] })
      assert.deepStrictEqual([chat, streamed, text, vectors].map(({ status }) => status), [200, 200, 200, 200])
      const types = (yield* strata.events({ sessionId: "s" })).map(({ type }) => type)
      for (const type of ["llm:request", "llm:response:raw", "embedding:response"]) assert.include(types, type)
      assert.deepInclude(yield* verify(strata), { status: "identical", requests: 4, skipped: [] })
      yield* strata.close
      const config = { ...entry().config, model_path: "/not/there.gguf", model: "stories260K" }
      const again = yield* Strata.make({ folder: strata.folder, providers: [{ ...entry(), config }] })
      const asked = yield* Http.post(again.url, "/v1/chat/completions", { model, messages })
      assert.strictEqual(asked.status, 503)
      assert.include(asked.text, "there is no file /not/there.gguf")
      assert.deepInclude(yield* verify(again), { status: "identical", requests: 4, skipped: [] })
    }).pipe(Effect.scoped), 30_000)

  it.live("goes on with a text, with an echo, streamed and plain", () =>
    Effect.gen(function*() {
      const { openai } = yield* given()
      const body = { model, prompt: "Once upon a time", ...greedy }
      const plain = yield* Effect.promise(() => openai.completions.create({ ...body, echo: true }))
      assert.match(plain.choices[0]!.text, /^Once upon a time, there was/)
      assert.strictEqual(plain.object, "text_completion")
      const stream = yield* Effect.promise(() => openai.completions.create({ ...body, stream: true }))
      const chunks = yield* Stream.runCollect(Sdk.readAll(stream))
      const texts = chunks.map(({ choices }) => choices[0]?.text ?? "")
      assert.isAbove(texts.length, 5)
      assert.strictEqual(`Once upon a time${texts.join("")}`, plain.choices[0]!.text)
    }).pipe(Effect.scoped), 30_000)

  it.live("ends at a stop, keeps to a schema, and refuses what it can't do by the field", () =>
    Effect.gen(function*() {
      const { ask } = yield* given()
      const stopped = yield* ask("/v1/completions", { prompt: "Once upon a time", ...greedy, stop: " there" })
      assert.deepInclude(Object(stopped.json).choices[0], { finish_reason: "stop", text: "," })
      const schema = {
        type: "object",
        properties: { a: { type: "integer" } },
        required: ["a"],
        additionalProperties: false
      }
      const json_schema = { name: "n", schema }
      const formed = yield* ask("/v1/chat/completions", {
        messages,
        temperature: 0,
        response_format: { type: "json_schema", json_schema }
      })
      assert.isNumber(JSON.parse(Object(formed.json).choices[0].message.content).a)
      const long = yield* ask("/v1/chat/completions", { messages: [{ role: "user", content: "word ".repeat(5000) }] })
      assert.deepInclude(Object(long.json).error, { code: "context_length_exceeded" })
      const image = { type: "image_url", image_url: { url: "data:image/png;base64,AA==" } }
      for (const stream of [false, true]) {
        const seen = yield* ask("/v1/chat/completions", { messages: [{ role: "user", content: [image] }], stream })
        assert.strictEqual(seen.status, 400)
        assert.deepInclude(Object(seen.json).error, { param: "messages.0.content" })
      }
      const several = yield* ask("/v1/completions", { prompt: ["a", "b"] })
      assert.deepStrictEqual([several.status, Object(several.json).error.param], [400, "prompt"])
      const tokens = yield* ask("/v1/embeddings", { input: [1, 2] })
      assert.deepStrictEqual([tokens.status, Object(tokens.json).error.param], [400, "input"])
    }).pipe(Effect.scoped), 30_000)

  it.live(
    "counts what a conversation with tools takes, and leaves none of it out",
    () =>
      Effect.gen(function*() {
        const { ask } = yield* given()
        const parameters = { type: "object", properties: { city: { type: "string" } } }
        const called = {
          id: "c",
          type: "function",
          function: { name: "get_weather", arguments: "{\"city\":\"Oslo\"}" }
        }
        const answer = yield* ask("/v1/chat/completions", {
          ...greedy,
          messages: [
            ...messages,
            { role: "assistant", content: null, tool_calls: [called] },
            { role: "tool", tool_call_id: "c", content: "rain" }
          ],
          tools: [{ type: "function", function: { name: "get_weather", description: "The weather.", parameters } }]
        })
        // How to call tools, in tokens of 260 words, is longer than what this model was trained for.
        assert.strictEqual(answer.status, 400)
        assert.match(
          Object(answer.json).error.message,
          /^The conversation has \d{3} tokens, and the model's context 512/
        )
      }).pipe(Effect.scoped),
    30_000
  )

  it.live("lets the model stop when its client leaves, and answers the next", () =>
    Effect.gen(function*() {
      const { openai, strata } = yield* given({ context_size: 512 })
      const leaving = yield* Effect.forkChild(
        Effect.tryPromise((signal) => openai.chat.completions.create({ model, messages, temperature: 0 }, { signal }))
      )
      yield* Effect.sleep("300 millis")
      yield* Fiber.interrupt(leaving)
      const next = yield* Effect.promise(() => openai.chat.completions.create({ model, messages, ...greedy }))
      assert.strictEqual(next.choices[0]!.finish_reason, "length")
      const errors = yield* strata.events({ types: ["llm:error"] })
      assert.isAtMost(errors.length, 1)
    }).pipe(Effect.scoped), 30_000)

  it.live("answers 429 to more than may wait, and side by side what may be", () =>
    Effect.gen(function*() {
      const { ask } = yield* given({ max_parallel: 2, max_waiting: 3 })
      const answers = yield* Effect.forEach(
        [1, 2, 3, 4, 5, 6],
        () => ask("/v1/chat/completions", { messages, max_tokens: 60, temperature: 0 }),
        { concurrency: "unbounded" }
      )
      const statuses = answers.map(({ status }) => status).toSorted()
      assert.deepStrictEqual(statuses, [200, 200, 200, 429, 429, 429])
      const texts = answers.filter(({ status }) => status === 200).map(({ json }) =>
        Object(json).choices[0].message.content
      )
      assert.strictEqual(new Set(texts).size, 1)
      assert.strictEqual(answers.find(({ status }) => status === 429)!.headers["retry-after"], "1")
    }).pipe(Effect.scoped), 30_000)

  it.live("shows what the model said at each level", () =>
    Effect.gen(function*() {
      const { ask, strata } = yield* given()
      yield* ask("/v1/chat/completions", { messages, ...greedy })
      const [response] = yield* strata.events({ types: ["llm:response"] })
      assert.deepInclude(payloadOf(response!), { finish_reason: "length", provider: "local", model: "stories260K" })
      assert.deepInclude(Object(payloadOf(response!)).usage, { output_tokens: 12 })
    }).pipe(Effect.scoped), 30_000)
})
