/** What every adapter of inference does with messages, whatever is behind it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Predicate, Stream, Struct } from "effect"
import type { Schema } from "effect"
import { Inference } from "../../src/apis/inference/Inference.ts"
import { payloadOf } from "../../src/events/types/Envelope.ts"
import type { ChatRequest } from "../../src/kernel/messages/ChatRequest.ts"
import type { ChatResponse } from "../../src/kernel/messages/ChatResponse.ts"
import type { ContentBlock } from "../../src/kernel/messages/ContentBlock.ts"
import { blocksOf } from "../../src/kernel/messages/Message.ts"
import type { StreamPart } from "../../src/kernel/messages/StreamPart.ts"
import type { Adapter, Said } from "./Adapters.ts"
import { Http } from "./Http.ts"
import { Strata } from "./Strata.ts"
import * as Vendors from "./Vendors.ts"

const call = (id: string, input: Schema.JsonObject) => ({ type: "tool_call" as const, id, name: "get_weather", input })
const image = { type: "image" as const, source: { type: "base64", media_type: "image/png", data: "AA==" } }

const conversation: ChatRequest["messages"] = [
  { role: "system", content: "Be brief." },
  { role: "user", content: [{ type: "text", text: "Which is warmer?" }, image] },
  {
    role: "assistant",
    content: [{ type: "text", text: "I look." }, call("call_1", { city: "Oslo" }), call("call_2", { city: "Rome" })]
  },
  { role: "tool", content: [{ type: "tool_result", tool_call_id: "call_1", output: "4 °C" }] },
  { role: "tool", content: [{ type: "tool_result", tool_call_id: "call_2", output: "19 °C" }] }
]

const signedIn = (producer_dialect: string) => ({ signature: "U0lHTg==", producer_dialect })

/** `dialect`: whose signature it is; Google signs calls, and no thoughts. */
const answerIn = (dialect: string): ChatResponse => ({
  content: [
    { type: "thinking", thinking: "Weather.", ...dialect === "gemini" ? {} : signedIn(dialect) },
    { type: "text", text: "Rome, ünlike Oslo 🌧" },
    { ...call("call_3", { city: "Bergen" }), ...dialect === "gemini" ? signedIn(dialect) : {} },
    call("call_4", { city: "Naples" })
  ],
  finish_reason: "tool_calls",
  usage: { input_tokens: 30, output_tokens: 12, total_tokens: 42, cache_read_tokens: 16 },
  metadata: { id: "answer_1", model: "m" }
})

const answerOf = ({ dialect, expresses }: Adapter): ChatResponse =>
  expresses?.(answerIn(dialect.name)) ?? answerIn(dialect.name)

/** What is said, whoever says it in which words. */
const essence = (block: ContentBlock): Schema.JsonObject =>
  Struct.omit(block as Schema.JsonObject, ["producer_model", "producer_dialect", "provider_options"])

const saidIn = ({ messages }: ChatRequest) => messages.flatMap(blocksOf).map(essence)

const isCounted = ([, value]: [string, unknown]): boolean => Predicate.isNumber(value) && value !== 0

const counted = (usage: ChatResponse["usage"]) => Object.fromEntries(Object.entries(usage ?? {}).filter(isCounted))

const given = (adapter: Adapter, said: Said) =>
  Effect.gen(function*() {
    const vendor = yield* adapter.vendor(() => said)
    const strata = yield* Strata.make({ level: "raw", ...vendor.options })
    const request: ChatRequest = {
      model: vendor.model,
      messages: conversation,
      max_output_tokens: 9000,
      tools: [{ name: "get_weather", parameters: { type: "object", properties: { city: { type: "string" } } } }]
    }
    const complete = (more: Partial<ChatRequest> = {}) =>
      strata.inProcess(Inference.use((inference) => inference.complete({ ...request, ...more } as ChatRequest)))
    const parts = strata.inProcess(
      Effect.flatMap(Inference, (inference) => Stream.runCollect(inference.completeStream(request)))
    )
    const ask = (messages: ReadonlyArray<Schema.JsonObject>, more: Schema.JsonObject = {}) =>
      Http.post(strata.url, "/v1/chat/completions", { model: vendor.model, messages, ...more }, {
        "x-strata-session-id": "s"
      })
    return { vendor, strata, complete, parts, ask }
  })

const answered = (adapter: Adapter, besides?: Schema.JsonObject) =>
  given(adapter, {
    _tag: "Answer",
    response: answerOf(adapter),
    ...besides === undefined ? {} : { besides }
  })

const lastOf = (parts: ReadonlyArray<StreamPart>): ChatResponse | undefined => {
  const last = parts.at(-1)
  return last?.type === "response" ? last.response : undefined
}

const levels = (type: string) => [type, `${type}:debug`, `${type}:raw`]

const hello = [{ role: "user", content: "Hello?" }]

export const completionContract = (adapter: Adapter) =>
  describe(`${adapter.name}, asked over messages`, () => {
    it.live("carries all blocks to the vendor and back, and counts what they cost", () =>
      Effect.gen(function*() {
        const { complete, vendor } = yield* answered(adapter)
        const { content, finish_reason, metadata, usage } = yield* complete()
        assert.deepStrictEqual(saidIn(vendor.asked()[0]!), saidIn({ messages: conversation }))
        const expected = answerOf(adapter)
        assert.deepStrictEqual(content.map(essence), expected.content.map(essence))
        assert.strictEqual(finish_reason, "tool_calls")
        assert.deepStrictEqual(counted(usage), counted(expected.usage))
        assert.deepInclude(metadata, expected.metadata)
      }).pipe(Effect.scoped))

    it.live("keeps what it does not know", () =>
      Effect.gen(function*() {
        const { complete } = yield* answered(adapter, { of_tomorrow: { a: [1, null] } })
        const response = yield* complete()
        const kept = adapter.dialect.name === "canonical"
          ? response["of_tomorrow"]
          : response.provider_options?.[adapter.dialect.name]?.["of_tomorrow"]
        assert.deepStrictEqual<unknown>(kept, { a: [1, null] })
      }).pipe(Effect.scoped))

    it.live("streams what adds up to the plain answer", () =>
      Effect.gen(function*() {
        const { complete, parts } = yield* answered(adapter)
        const [plain, streamed] = [yield* complete(), yield* parts]
        const last = lastOf(streamed)
        assert.deepStrictEqual(last?.content.map(essence), plain.content.map(essence))
        assert.deepStrictEqual([last?.finish_reason, last?.usage], [plain.finish_reason, plain.usage])
        assert.strictEqual(streamed[0]?.type, "response_start")
        const ends = streamed.flatMap((part) => part.type === "block_end" ? [part] : [])
        assert.deepStrictEqual(ends.map(({ block }) => essence(block)), plain.content.map(essence))
        for (const { block, index } of ends) {
          const text = streamed.flatMap((part) =>
            part.type === "block_delta" && part.index === index ? [part.text] : []
          ).join("")
          const whole = block.type === "tool_call" ? JSON.stringify(block["input"]) : block["text"] ?? block["thinking"]
          assert.strictEqual(text, whole)
        }
      }).pipe(Effect.scoped))

    it.live.each(adapter.refusals)("fails as $tag where the vendor says $status: $body", (refusal) =>
      Effect.gen(function*() {
        const { complete, parts } = yield* given(adapter, { _tag: "Refusal", refusal })
        const [plain, streamed] = [yield* Effect.flip(complete()), yield* Effect.flip(parts)]
        assert.strictEqual(plain._tag, refusal.tag)
        assert.strictEqual(streamed._tag, refusal.tag)
        assert.deepInclude(plain, {
          retryable: refusal.retryable,
          status: refusal.status,
          retry_after: refusal.headers?.["retry-after"] === undefined ? null : 7
        })
      }).pipe(Effect.scoped))

    it.live("lets the vendor go when who asks is interrupted", () =>
      Effect.gen(function*() {
        const { complete, vendor } = yield* given(adapter, { _tag: "Silence" })
        const fiber = yield* Effect.forkChild(complete())
        yield* vendor.awaitAsked(1)
        yield* Fiber.interrupt(fiber)
        yield* vendor.awaitAborted(1)
      }).pipe(Effect.scoped))

    it.live("gives the vendor a result for each call, and says so in the log", () =>
      Effect.gen(function*() {
        const { ask, complete, strata, vendor } = yield* answered(adapter)
        yield* complete({ messages: conversation.slice(0, 4) })
        const results = vendor.asked()[0]!.messages.flatMap(blocksOf).filter(({ type }) =>
          type === "tool_result"
        )
        assert.deepStrictEqual(results.map(({ tool_call_id }) => tool_call_id), ["call_1", "call_2"])
        const dangling = { id: "call_1", type: "function", function: { name: "get_weather", arguments: "{}" } }
        yield* ask([...hello, { role: "assistant", content: null, tool_calls: [dangling] }, ...hello])
        const passes = adapter.dialect.name === "chat"
        const repaired = yield* strata.events({ types: ["provider:tool_sequence_repaired"], sessionId: "s" })
        assert.lengthOf(repaired, passes ? 0 : 1)
        const verified = yield* Http.post(strata.url, "/v1/sessions/s/verify", {})
        assert.deepInclude(Object(verified.json), { status: "identical", requests: 1 })
      }).pipe(Effect.scoped))

    it.live("records the request, then the answer, at all levels, shows no key, and verifies", () =>
      Effect.gen(function*() {
        const { ask, strata } = yield* answered(adapter)
        for (const stream of [false, true]) {
          assert.strictEqual(
            (yield* ask([{ role: "user", content: `Hi ${Vendors.vendorKey}` }], { stream })).status,
            200
          )
        }
        const events = yield* strata.events({ types: ["llm:*"] })
        const once = ["llm:request", "llm:response"].flatMap(levels)
        assert.deepStrictEqual(events.map(({ type }) => type), [...once, ...once])
        const usages = events.filter(({ type }) => type === "llm:response").map((event) =>
          Object(payloadOf(event)).usage
        )
        const { usage } = answerOf(adapter)
        for (const each of usages) assert.deepStrictEqual(counted(each), counted(usage))
        if (adapter.dialect.name !== "canonical") {
          assert.notInclude(JSON.stringify(yield* strata.events()), Vendors.vendorKey)
        }
        const { json } = yield* Http.post(strata.url, "/v1/sessions/s/verify", {})
        assert.deepInclude(Object(json), { status: "identical", requests: 2, skipped: [] })
      }).pipe(Effect.scoped))

    it.live("fails in the client's dialect, and verifies", () =>
      Effect.gen(function*() {
        const [refusal] = adapter.refusals
        const { ask, strata } = yield* given(adapter, { _tag: "Refusal", refusal: refusal! })
        const { headers, json, status } = yield* ask(hello)
        assert.strictEqual(status, 429)
        assert.strictEqual(headers["retry-after"], "7")
        assert.isString(Object(json).error.message)
        const types = (yield* strata.events({ types: ["llm:*"] })).map(({ type }) => type)
        assert.deepStrictEqual(types, ["llm:request", "llm:error"].flatMap(levels))
        const verified = yield* Http.post(strata.url, "/v1/sessions/s/verify", {})
        assert.deepInclude(Object(verified.json), { status: "identical", requests: 1 })
      }).pipe(Effect.scoped))
  })
