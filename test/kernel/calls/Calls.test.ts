/** A call is recorded, leveled and replayed whether it goes over a wire or not. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema, Stream } from "effect"
import { InferenceProvider } from "../../../src/apis/inference/Inference.ts"
import { InferenceApi } from "../../../src/apis/inference/InferenceApi.ts"
import type { RecordedEvent } from "../../../src/events/types/Envelope.ts"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import * as Bytes from "../../../src/kernel/bytes/Bytes.ts"
import * as ByteSource from "../../../src/kernel/bytes/ByteSource.ts"
import { chat } from "../../../src/kernel/dialects/chat/ChatDialect.ts"
import { ProviderFailed, ProviderRejected } from "../../../src/kernel/http/ProviderErrors.ts"
import * as Provider from "../../../src/kernel/provider/Provider.ts"
import { registry } from "../../../src/providers/Registry.ts"
import { Chat } from "../../support/Chat.ts"
import { Http } from "../../support/Http.ts"
import { Strata } from "../../support/Strata.ts"

const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 }
const completion = JSON.stringify({
  id: "c",
  object: "chat.completion",
  created: 1,
  model: "echo",
  choices: [{ index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }],
  usage
})
const frame = (delta: object, finish_reason: string | null, more: object = {}) =>
  `data: ${JSON.stringify({ id: "c", choices: [{ index: 0, delta, finish_reason }], ...more })}\n\n`
const frames = [frame({ role: "assistant", content: "Hi" }, null), frame({}, "stop", { usage }), "data: [DONE]\n\n"]

/** Answers by itself, over no wire; counts what it is asked and how often it starts. */
const makeEcho = () => {
  const seen = { started: 0, asked: 0 }
  const answers: Readonly<Record<string, ReturnType<NonNullable<InferenceProvider["Service"]["send"]>>>> = {
    json: Effect.succeed(Bytes.json(200, completion, { "x-ratelimit-limit": "9" })),
    stream: Effect.succeed(
      Bytes.events(200, ByteSource.fromStream(Stream.fromIterable(frames.map((text) => Buffer.from(text)))))
    ),
    refused: Effect.fail(
      new ProviderRejected({
        provider: "echo",
        status: 429,
        headers: { "retry-after": "2" },
        text: `{"error":{"message":"slow down","type":"requests","param":null,"code":"rate_limit"}}`
      })
    ),
    failed: Effect.fail(new ProviderFailed({ provider: "echo", reason: "timeout", detail: "it slept" }))
  }
  const definition = Provider.make({
    api: InferenceApi,
    type: "inline::counting-echo",
    description: "Answers by itself.",
    config: Schema.Struct({}),
    requires: [],
    layer: (_, { provider_id }) =>
      Layer.effect(
        InferenceProvider,
        Effect.sync(() => {
          seen.started++
          return InferenceProvider.of({
            dialects: [chat],
            send: ({ model }) =>
              Effect.suspend(() => {
                seen.asked++
                return answers[model]!
              }),
            models: {
              source: "configuration",
              list: Effect.succeed(Object.keys(answers).map((id) => ({ id, created: 0, owned_by: provider_id })))
            }
          })
        })
      )
  })
  return { definition, seen }
}

const given = Effect.gen(function*() {
  const { definition, seen } = makeEcho()
  const strata = yield* Strata.make({
    types: [...registry, definition] as never,
    providers: [{ provider_id: "echo", provider_type: "inline::counting-echo", config: {} }]
  })
  const ask = (model: string, level?: string) =>
    Http.send(strata.url, "/v1/chat/completions", {
      ...Chat.post({ model: `echo/${model}`, stream: model === "stream", session: "s" }),
      headers: {
        "content-type": "application/json",
        "x-strata-session-id": "s",
        ...level === undefined ? {} : { "x-strata-level": level }
      }
    })
  const calls = strata.events({ types: ["llm:*"] })
  const verification = Effect.map(Http.post(strata.url, "/v1/sessions/s/verify", {}), ({ json }) => Object(json))
  return { ask, calls, seen, strata, verification }
})

const levels = (type: string) => [type, `${type}:debug`, `${type}:raw`]
const payload = (event: RecordedEvent | undefined) => Object(payloadOf(event!))

describe("a call without a wire", () => {
  it.live.each([
    { model: "json", status: 200, ending: "llm:response" },
    { model: "stream", status: 200, ending: "llm:response" },
    { model: "refused", status: 429, ending: "llm:error" },
    { model: "failed", status: 504, ending: "llm:error" }
  ])(
    "that ends as $model leaves the whole chain, each level of it",
    ({ ending, model, status }) =>
      Effect.gen(function*() {
        const { ask, calls } = yield* given
        assert.strictEqual((yield* ask(model)).status, status)
        const events = yield* calls
        assert.deepStrictEqual(events.map(({ type }) => type), [...levels("llm:request"), ...levels(ending)])
        const [request, , raw, end] = events
        assert.deepInclude(payload(request), { provider: "echo", model, operation: "chat", call: "1" })
        assert.deepInclude(payload(raw), { method: "CALL", url: "inference.chatCompletion" })
        assert.strictEqual(JSON.parse(payload(raw).body).model, model)
        if (ending === "llm:response") {
          assert.deepInclude(payload(end), {
            finish_reason: "stop",
            usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5 }
          })
        }
      }).pipe(Effect.scoped)
  )

  it.live.each([
    { level: "default", types: ["llm:request", "llm:response"] },
    { level: "debug", types: ["llm:request", "llm:request:debug", "llm:response", "llm:response:debug"] }
  ])("is recorded up to the level that is asked for: $level", ({ level, types }) =>
    Effect.gen(function*() {
      const { ask, calls } = yield* given
      yield* ask("json", level)
      assert.deepStrictEqual((yield* calls).map(({ type }) => type), types)
    }).pipe(Effect.scoped))

  it.live("verifies identical, and its provider is neither asked nor started", () =>
    Effect.gen(function*() {
      const { ask, seen, verification } = yield* given
      for (const model of ["json", "stream", "refused", "failed"]) yield* ask(model)
      const before = { ...seen }
      assert.deepInclude(yield* verification, { status: "identical", requests: 4, skipped: [] })
      assert.deepStrictEqual(seen, before)
    }).pipe(Effect.scoped))
})
