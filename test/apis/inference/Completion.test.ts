/** A completion over messages is a call like any other: the same events as of bytes, once, and it verifies. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema, Stream, Struct } from "effect"
import { Inference } from "../../../src/apis/inference/Inference.ts"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import type { RecordedEvent } from "../../../src/events/types/Envelope.ts"
import * as Bytes from "../../../src/kernel/bytes/Bytes.ts"
import { chat } from "../../../src/kernel/dialects/chat/ChatDialect.ts"
import { ChatRequest } from "../../../src/kernel/messages/ChatRequest.ts"
import { ChatResponse } from "../../../src/kernel/messages/ChatResponse.ts"
import { StreamPart } from "../../../src/kernel/messages/StreamPart.ts"
import * as RequestInput from "../../../src/kernel/requests/RequestInput.ts"
import { Requests } from "../../../src/kernel/requests/Requests.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import type { ReceivedRequest } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import * as InProcess from "../../support/InProcess.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { Strata } from "../../support/Strata.ts"

const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 }
/** As Strata would write it itself, so that bytes that pass are those that are lowered. */
const completion = {
  id: "c",
  created: 1,
  model: "m",
  object: "chat.completion",
  choices: [{ index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }],
  usage
}
const chunk = (delta: Schema.JsonObject, finish_reason: string | null = null, more: Schema.JsonObject = {}) => ({
  id: "c",
  model: "m",
  choices: [{ index: 0, delta, finish_reason }],
  ...more
})
const call = { index: 0, id: "call_1", type: "function", function: { name: "f", arguments: "{\"x\":1}" } }
const stream = [
  chunk({ content: "H" }),
  chunk({ content: "i" }),
  chunk({ tool_calls: [call] }),
  chunk({}, "stop", { usage })
]

const respond = ({ body }: ReceivedRequest) => {
  switch (Object(body).model) {
    case "refused":
      return ScriptedAnswer.error(429, "slow down")
    case "mute":
      return ScriptedAnswer.json(200, { choices: [] })
    case "broken":
      return ScriptedAnswer.events(stream, { destroyAfter: 1 })
    case "obstinate":
      return Object(body).stream === true ? ScriptedAnswer.json(200, completion) : ScriptedAnswer.events(stream)
    default:
      return Object(body).stream === true ? ScriptedAnswer.events(stream) : ScriptedAnswer.json(200, completion)
  }
}

const given = Effect.gen(function*() {
  const models = ["m", "refused", "mute", "broken", "obstinate"]
  const upstream = yield* FakeUpstream.make({ respond, models })
  return yield* Strata.make({ level: "raw", providers: [Strata.openAi(upstream)] })
})

const ask = (model: string): ChatRequest => ({
  model: `upstream/${model}`,
  messages: [{ role: "user", content: "Hello?" }]
})

/** As a part of a request, whose answer is Strata's own. */
const inRequest = <E>(
  session: string,
  request: ChatRequest,
  effect: (inference: Inference["Service"]) => Effect.Effect<ChatResponse, E>
) =>
  Effect.gen(function*() {
    const requests = yield* Requests
    const payload = request as unknown as Schema.JsonObject
    const input = RequestInput.make(InProcess.operation("createChatCompletion"), { payload, session })
    return yield* requests.run(
      input,
      Effect.map(effect(yield* Inference), (response) => Bytes.json(200, JSON.stringify(chat.lower.response(response))))
    )
  })

const volatile = ["duration_ms", "time_to_first_chunk_ms", "head_sha256", "headers", "frames"] as const
const comparable = (event: RecordedEvent) => {
  const payload = Object(payloadOf(event))
  const frames = payload.frames?.map(([, text]: [number, string]) => text)
  return { type: event.type, attempt: event.attempt, frames, payload: Struct.omit(payload, volatile) }
}

describe("a completion over messages", () => {
  it.live("leaves the events of the same call over bytes, once, and verifies", () =>
    Effect.gen(function*() {
      const strata = yield* given
      const request = ask("m")
      yield* strata.inProcess(inRequest("messages", request, (inference) => inference.complete(request)))
      yield* strata.inProcess(InProcess.chat(request as unknown as Schema.JsonObject, { session: "bytes" }))
      const calls = (sessionId: string) =>
        Effect.map(strata.events({ types: ["llm:*"], sessionId }), (events) => events.map(comparable))
      const [messages, bytes] = [yield* calls("messages"), yield* calls("bytes")]
      assert.lengthOf(messages, 6)
      assert.deepStrictEqual(messages, bytes)
      const { json } = yield* Http.post(strata.url, "/v1/sessions/messages/verify", {})
      assert.deepInclude(Object(json), { status: "identical", requests: 1, skipped: [] })
    }).pipe(Effect.scoped))

  it.live("is answered in the canonical model, with who produced it", () =>
    Effect.gen(function*() {
      const strata = yield* given
      const response = yield* strata.inProcess(Inference.use((inference) => inference.complete(ask("m"))))
      assert.deepStrictEqual<unknown>(response, {
        content: [{ type: "text", text: "Hi", producer_model: "upstream/m" }],
        finish_reason: "stop",
        usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5 },
        metadata: { id: "c", created: 1, model: "m" }
      })
      assert.isTrue(Schema.is(ChatResponse)(response))
    }).pipe(Effect.scoped))

  it.live("comes part by part, the whole last; its call is a streamed one", () =>
    Effect.gen(function*() {
      const strata = yield* given
      const request = ask("m")
      const seen: Array<StreamPart> = []
      yield* strata.inProcess(inRequest("parts", request, (inference) =>
        inference.completeStream(request).pipe(
          Stream.runForEach((part) => Effect.sync(() => void seen.push(part))),
          Effect.as({ content: [] })
        )))
      for (const part of seen) assert.isTrue(Schema.is(StreamPart)(part))
      assert.deepStrictEqual(
        seen.map(({ type }) => type),
        [
          "response_start",
          "block_start",
          "block_delta",
          "block_delta",
          "block_end",
          "block_start",
          "block_delta",
          "block_end",
          "response"
        ].map((type) => type as StreamPart["type"])
      )
      const taken: Array<StreamPart> = []
      yield* strata.inProcess(Inference.use((inference) =>
        inference.completeParts(request, (parts) => Effect.sync(() => void taken.push(...parts)))
      ))
      assert.deepStrictEqual(
        taken.map(({ type }) =>
          type
        ),
        seen.map(({ type }) => type)
      )
      const [asked, answered] = yield* strata.events({ types: ["llm:request", "llm:response"], sessionId: "parts" })
      assert.deepInclude(Object(payloadOf(asked!)), { stream: true, model: "m" })
      assert.deepInclude(Object(payloadOf(answered!)), {
        usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5 }
      })
    }).pipe(Effect.scoped))

  it.live("takes an answer that came the other way", () =>
    Effect.gen(function*() {
      const strata = yield* given
      const whole = yield* strata.inProcess(Inference.use((inference) => inference.complete(ask("obstinate"))))
      assert.deepStrictEqual(whole.content.map(({ type }) => type), ["text", "tool_call"])
      const parts = yield* strata.inProcess(
        Inference.use((inference) => Stream.runCollect(inference.completeStream(ask("obstinate"))))
      )
      assert.deepStrictEqual(parts.map(({ type }) => type), [
        "response_start",
        "block_start",
        "block_delta",
        "block_end",
        "response"
      ])
    }).pipe(Effect.scoped))

  it.live.each([
    { name: "a refusal", request: ask("refused"), tag: "RateLimitError" },
    { name: "an answer that is none", request: ask("mute"), tag: "ProviderUnavailableError" },
    { name: "a stream that breaks off", request: ask("broken"), tag: "NetworkError" },
    { name: "a model nobody serves", request: { ...ask("m"), model: "nobody/m" }, tag: "ResourceNotFound" },
    { name: "no model", request: { messages: ask("m").messages }, tag: "InvalidRequestError" },
    { name: "an empty model", request: { ...ask("m"), model: "" }, tag: "InvalidRequestError" }
  ])("fails by $name with a type", ({ request, tag }) =>
    Effect.gen(function*() {
      const strata = yield* given
      const error = yield* strata.inProcess(Effect.flip(Inference.use((inference) => inference.complete(request))))
      assert.strictEqual(error._tag, tag)
      const streamed = yield* strata.inProcess(
        Effect.flip(Inference.use((inference) => Stream.runDrain(inference.completeStream(request))))
      )
      assert.strictEqual(streamed._tag, tag)
      const inParts = yield* strata.inProcess(
        Effect.flip(Inference.use((inference) => inference.completeParts(request, () => Effect.void)))
      )
      assert.strictEqual(inParts._tag, tag)
      assert.isTrue(Schema.is(ChatRequest)(request))
    }).pipe(Effect.scoped))
})
