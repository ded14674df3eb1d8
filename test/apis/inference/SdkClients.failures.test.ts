/** What the official SDKs make of refusals, failures in mid-stream, and what becomes of a client that leaves. */
import Anthropic, { APIUserAbortError } from "@anthropic-ai/sdk"
import { assert, describe } from "@effect/vitest"
import { Effect, Fiber, Stream } from "effect"
import type { Schema } from "effect"
import type { APIError } from "openai"
import type { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { ScriptedAnswer as Answer } from "../../support/ScriptedAnswer.ts"
import { Sdk } from "../../support/Sdk.ts"
import { ways } from "../../support/StrataBehindStrata.ts"
import * as StrictGemini from "../../support/strict/StrictGemini.ts"
import * as TranslatingStrata from "../../support/TranslatingStrata.ts"
import * as Vendors from "../../support/Vendors.ts"

type Respond = Parameters<typeof TranslatingStrata.make>[1]

const apiKey = TranslatingStrata.clientKey

const anthropicBody = (model: string): Anthropic.MessageCreateParamsNonStreaming => ({
  model,
  max_tokens: 100,
  messages: [{ role: "user", content: "Hello?" }]
})
const openAiBody = (model: string) => ({ model, messages: [{ role: "user" as const, content: "Hello?" }] })

const given = (type: string, respond: Respond) =>
  Effect.map(TranslatingStrata.make(type, respond), ({ strata, ...rest }) => ({
    ...rest,
    strata,
    anthropic: new Anthropic({ baseURL: strata.url, apiKey, maxRetries: 0 }),
    openai: Sdk.make(strata.url, { apiKey })
  }))

const thrown = (ask: () => PromiseLike<unknown>) =>
  Effect.map(Effect.flip(Effect.tryPromise(ask)), ({ cause }) => cause as APIError)

interface Refusal {
  readonly vendor: string
  readonly status: number
  readonly headers?: Record<string, string>
  readonly body: Schema.Json
  /** As Anthropic's client and OpenAI's read it. */
  readonly types: readonly [anthropic: string, openai: string]
}

const ofGemini = (code: number, status: string, message = "no") => ({ error: { code, message, status } })
const ofAnthropic = (type: string) => ({ type: "error", error: { type, message: "no" } })
const ofOpenAi = (type: string, code: string | null) => ({ error: { message: "no", type, param: null, code } })

const refusals: ReadonlyArray<Refusal> = [
  {
    vendor: "openai",
    status: 429,
    headers: { "retry-after": "7", "x-ratelimit-remaining-requests": "0", "x-should-retry": "false" },
    body: ofOpenAi("requests", "rate_limit_exceeded"),
    types: ["rate_limit_error", "requests"]
  },
  {
    vendor: "openai",
    status: 429,
    body: ofOpenAi("insufficient_quota", "insufficient_quota"),
    types: ["billing_error", "insufficient_quota"]
  },
  {
    vendor: "openai",
    status: 401,
    body: ofOpenAi("invalid_request_error", "invalid_api_key"),
    types: ["authentication_error", "invalid_request_error"]
  },
  {
    vendor: "openai",
    status: 404,
    body: ofOpenAi("invalid_request_error", "model_not_found"),
    types: ["not_found_error", "invalid_request_error"]
  },
  {
    vendor: "openai",
    status: 400,
    body: ofOpenAi("invalid_request_error", "context_length_exceeded"),
    types: ["invalid_request_error", "invalid_request_error"]
  },
  { vendor: "openai", status: 500, body: ofOpenAi("server_error", null), types: ["api_error", "server_error"] },
  {
    vendor: "gemini",
    status: 429,
    headers: { "retry-after": "7" },
    body: ofGemini(429, "RESOURCE_EXHAUSTED"),
    types: ["rate_limit_error", "RESOURCE_EXHAUSTED"]
  },
  {
    vendor: "gemini",
    status: 400,
    body: ofGemini(400, "INVALID_ARGUMENT"),
    types: ["invalid_request_error", "INVALID_ARGUMENT"]
  },
  {
    vendor: "gemini",
    status: 403,
    body: ofGemini(403, "PERMISSION_DENIED"),
    types: ["permission_error", "PERMISSION_DENIED"]
  },
  { vendor: "gemini", status: 404, body: ofGemini(404, "NOT_FOUND"), types: ["not_found_error", "NOT_FOUND"] },
  { vendor: "gemini", status: 503, body: ofGemini(503, "UNAVAILABLE"), types: ["api_error", "UNAVAILABLE"] },
  {
    vendor: "anthropic",
    status: 529,
    headers: { "anthropic-ratelimit-requests-remaining": "0", "request-id": "req_1", "retry-after": "7" },
    body: ofAnthropic("overloaded_error"),
    types: ["overloaded_error", "overloaded_error"]
  },
  {
    vendor: "anthropic",
    status: 400,
    body: ofAnthropic("invalid_request_error"),
    types: ["invalid_request_error", "invalid_request_error"]
  }
]

describe.each(ways)("a vendor's refusal, before $way", ({ it }) => {
  it.live.each(refusals)(
    "$vendor's $status ($types) is the client's error, in its own dialect, with the vendor's headers",
    ({ body, headers = {}, status, types, vendor: type }) =>
      Effect.gen(function*() {
        const { anthropic, assertSound, model, openai } = yield* given(type, () => Answer.json(status, body, headers))
        const errors = [
          yield* thrown(() => anthropic.messages.create(anthropicBody(model))),
          yield* thrown(() => anthropic.messages.stream(anthropicBody(model)).finalMessage()),
          yield* thrown(() => openai.chat.completions.create(openAiBody(model))),
          yield* thrown(() => openai.chat.completions.create({ ...openAiBody(model), stream: true }))
        ]
        for (const [index, error] of errors.entries()) {
          assert.strictEqual(error.status, status)
          assert.include(error.message, "no")
          for (const [name, value] of Object.entries(headers)) assert.strictEqual(error.headers?.get(name), value)
          const ofVendor = Object(error.error)
          const words = index < 2 ? [ofVendor.type, ofVendor.error?.type] : [undefined, ofVendor.type]
          assert.deepStrictEqual(words, index < 2 ? ["error", types[0]] : [undefined, types[1]])
        }
        yield* assertSound(4)
      }).pipe(Effect.scoped)
  )
})

const geminiFrames = (...values: ReadonlyArray<Schema.Json>) =>
  Vendors.frames(values.map((value) => `data: ${JSON.stringify(value)}\r\n\r\n`))

const piece = (text: string) => ({ candidates: [{ content: { role: "model", parts: [{ text }] }, index: 0 }] })
const chunk = (delta: Schema.JsonObject) => ({
  id: "c",
  object: "chat.completion.chunk",
  created: 1,
  model: "m",
  choices: [{ index: 0, delta, finish_reason: null }]
})
const begun = [
  { type: "message_start", message: { id: "msg_1", content: [], usage: { input_tokens: 1, output_tokens: 1 } } },
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
  { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Hel" } }
]

const overloaded = { type: "error", error: { type: "overloaded_error", message: "Overloaded" } }

/** The text so far, and then a failure. */
const breaking: ReadonlyArray<{ readonly vendor: string; readonly answer: ScriptedAnswer }> = [
  {
    vendor: "anthropic",
    answer: Vendors.messageEvents(...begun, overloaded)
  },
  {
    vendor: "openai",
    answer: Answer.events([chunk({ role: "assistant", content: "Hel" }), {
      error: { message: "Overloaded", type: "overloaded_error", param: null, code: null }
    }], { done: false })
  },
  { vendor: "gemini", answer: geminiFrames(piece("Hel"), ofGemini(503, "UNAVAILABLE", "Overloaded")) }
]

describe.each(ways)("a failure in mid-stream, before $way", ({ it }) => {
  it.live.each(breaking)(
    "of $vendor reaches each client behind the text so far",
    ({ answer, vendor: type }) =>
      Effect.gen(function*() {
        const { anthropic, assertSound, model, openai, strata } = yield* given(type, () => answer)
        const texts: Array<string> = []
        const stream = () => anthropic.messages.stream(anthropicBody(model)).on("text", (text) => texts.push(text))
        assert.include(String(yield* thrown(() => stream().finalMessage())), "Overloaded")
        const chunks: Array<unknown> = []
        const error = yield* Sdk.failureOf(Sdk.collect(openai, openAiBody(model), chunks))
        assert.include(error.message, "Overloaded")
        assert.deepStrictEqual(texts.join(""), "Hel")
        assert.include(JSON.stringify(chunks), "\"Hel\"")
        assert.lengthOf(yield* strata.events({ types: ["llm:error"] }), 2)
        assert.lengthOf(yield* strata.events({ types: ["llm:response"] }), 0)
        yield* assertSound(2)
      }).pipe(Effect.scoped)
  )
})

/** Answers that begin and do not end. */
const endless: ReadonlyArray<{ readonly vendor: string; readonly answer: ScriptedAnswer }> = [
  { vendor: "anthropic", answer: { ...Vendors.messageEvents(...begun), hold: true } as ScriptedAnswer },
  { vendor: "openai", answer: Answer.events([chunk({ role: "assistant", content: "Hel" })], { hold: true }) },
  { vendor: "gemini", answer: { ...geminiFrames(piece("Hel")), hold: true } as ScriptedAnswer }
]

describe.each(ways)("a client that leaves, before $way", ({ it }) => {
  it.live.each(endless)(
    "in mid-stream ends the answer of $vendor",
    ({ answer, vendor: type }) =>
      Effect.gen(function*() {
        const { anthropic, model, openai, strata, vendor } = yield* given(type, () => answer)
        const first = anthropic.messages.stream(anthropicBody(model))
        first.on("text", () => first.abort())
        assert.instanceOf(yield* thrown(() => first.finalMessage()), APIUserAbortError)
        yield* vendor.awaitAborted(1)
        const second = yield* Effect.promise(() =>
          openai.chat.completions.create({ ...openAiBody(model), stream: true })
        )
        yield* Stream.runForEach(Sdk.readAll(second), () => Effect.sync(() => second.controller.abort()))
        yield* vendor.awaitAborted(2)
        const errors = yield* strata.awaitEvents({ types: ["api:error"] }, 2)
        assert.include(JSON.stringify(errors), "499")
      }).pipe(Effect.scoped)
  )

  it.live.each(["anthropic", "openai", "gemini"])(
    "before an answer ends the call of %s",
    (type) =>
      Effect.gen(function*() {
        const { anthropic, model, openai, vendor } = yield* given(type, () => Answer.silent)
        const asks = [
          (signal: AbortSignal) => anthropic.messages.create(anthropicBody(model), { signal }),
          (signal: AbortSignal) => openai.chat.completions.create(openAiBody(model), { signal })
        ]
        for (const [index, ask] of asks.entries()) {
          const asked = yield* Effect.forkChild(Effect.tryPromise((signal): PromiseLike<unknown> => ask(signal)))
          yield* vendor.awaitReceived(index + 1)
          yield* Fiber.interrupt(asked)
          yield* vendor.awaitAborted(index + 1)
        }
      }).pipe(Effect.scoped)
  )
})

const schema = {
  type: "object",
  properties: { town: { type: "string" }, degrees: { type: "integer" } },
  required: ["town", "degrees"],
  additionalProperties: false
}
const json = "{\"town\":\"Oslo\",\"degrees\":3}"

const structured: ReadonlyArray<{ readonly vendor: string; readonly answer: ScriptedAnswer; readonly at: string }> = [
  {
    vendor: "anthropic",
    answer: Vendors.message([{ type: "text", text: json }]),
    at: "output_config.format.schema"
  },
  {
    vendor: "openai",
    answer: Answer.json(200, {
      id: "c",
      object: "chat.completion",
      created: 1,
      model: "m",
      choices: [{ index: 0, message: { role: "assistant", content: json }, finish_reason: "stop" }]
    }),
    at: "response_format.json_schema.schema"
  },
  {
    vendor: "gemini",
    answer: Answer.json(200, StrictGemini.answer([{ text: json }])),
    at: "generationConfig.responseJsonSchema"
  }
]

const valueAt = (value: unknown, path: string): unknown =>
  path.split(".").reduce((each: unknown, name) => Object(each)[name], value)

describe.each(ways)("an answer by a schema, before $way", ({ it }) => {
  it.live.each(structured)(
    "is asked of $vendor as it wants to hear it, by each client",
    ({ answer, at, vendor: type }) =>
      Effect.gen(function*() {
        const { anthropic, assertSound, model, openai, vendor } = yield* given(type, () => answer)
        const message = yield* Effect.promise(() =>
          anthropic.messages.parse({
            ...anthropicBody(model),
            output_config: { format: { type: "json_schema", schema } }
          })
        )
        assert.deepInclude(message.content[0], { type: "text", text: json })
        const completion = yield* Effect.promise(() =>
          openai.chat.completions.parse({
            ...openAiBody(model),
            response_format: { type: "json_schema", json_schema: { name: "weather", schema, strict: true } }
          })
        )
        assert.deepStrictEqual(completion.choices[0]?.message.parsed, JSON.parse(json))
        for (const { body } of vendor.received) assert.deepStrictEqual(valueAt(body, at), schema)
        yield* assertSound(2)
      }).pipe(Effect.scoped)
  )
})
