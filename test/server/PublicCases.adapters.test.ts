/** Public reports about clients of one dialect before vendors of another: each case is a test of a whole server. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Struct } from "effect"
import type { Schema } from "effect"
import { payloadOf } from "../../src/events/types/Envelope.ts"
import * as Streams from "../kernel/dialects/anthropic/AnthropicStreams.ts"
import { Http } from "../support/Http.ts"
import * as PublicCases from "../support/PublicCases.ts"
import { ScriptedAnswer } from "../support/ScriptedAnswer.ts"
import { hello as openAiHello, Sdk } from "../support/Sdk.ts"
import * as StrictGemini from "../support/strict/StrictGemini.ts"
import { fieldsOf, listOf } from "../support/strict/StrictVendor.ts"
import * as TranslatingStrata from "../support/TranslatingStrata.ts"
import * as Vendors from "../support/Vendors.ts"

const { expectedOf, inputOf, nameOf } = PublicCases
const { session } = TranslatingStrata

type Answers = Parameters<typeof TranslatingStrata.make>[1]

const chat = "/v1/chat/completions"
const messages = "/v1/messages"

const given = (type: string, respond: Answers, models: ReadonlyArray<string> = ["m"]) =>
  Effect.map(TranslatingStrata.make(type, respond, { models }), (world) => ({
    ...world,
    post: (path: string, body: unknown) => Http.post(world.strata.url, path, body, { "x-strata-session-id": session }),
    payloads: (event: string) =>
      Effect.map(world.strata.events({ types: [event] }), (events) => events.map((each) => Object(payloadOf(each))))
  }))

const asksStream: (request: Parameters<Answers>[0]) => boolean = ({ body, path }) =>
  fieldsOf(body)["stream"] === true || path.includes(":stream")

const hello = { model: "anthropic/m", max_tokens: 100, messages: [{ role: "user", content: "Hello?" }] }

const valuesOf = (text: string): ReadonlyArray<Schema.JsonObject> =>
  text.split("\n\n").flatMap((frame) => frame.startsWith("data: {") ? [JSON.parse(frame.slice(6))] : [])

const deltasOf = (text: string) =>
  valuesOf(text).flatMap((value) => listOf(value["choices"])).map(({ delta }) => fieldsOf(delta))

describe("adapter: Anthropic", () => {
  it.live(nameOf("anthropic-parallel-tool-results"), () =>
    Effect.gen(function*() {
      const id = "anthropic-parallel-tool-results"
      const { assertSound, post, vendor } = yield* given(
        "anthropic",
        () => Vendors.message([{ type: "text", text: "Rome." }]),
        ["claude-x"]
      )
      assert.strictEqual((yield* post(chat, inputOf(id)["request"])).status, 200)
      const body = fieldsOf(vendor.received[0]?.body)
      assert.deepStrictEqual(body["messages"], expectedOf(id)["vendor_request_messages"])
      assert.strictEqual(body["model"], "claude-x")
      yield* assertSound(1)
    }).pipe(Effect.scoped))

  describe("anthropic-thinking-signatures-stream", () => {
    const id = "anthropic-thinking-signatures-stream"
    const sent = expectedOf(id)["second_vendor_request_assistant_content"] as ReadonlyArray<Schema.JsonObject>
    const sse = inputOf(id)["vendor_sse"] as ReadonlyArray<readonly [string, Schema.JsonObject]>
    const respond: Answers = (request) =>
      asksStream(request)
        ? Vendors.frames(sse.map(([event, value]) => Streams.bytesOf(event, value)))
        : Vendors.message(sent, { stop_reason: "tool_use" })
    const first = { ...openAiHello, model: "anthropic/m" }

    /** What the client does next: it sends back what it got, with a tool result. */
    const sendBack = (message: Schema.JsonObject) => ({
      ...first,
      messages: [...first.messages, message, { role: "tool", tool_call_id: "t1", content: "r" }]
    })

    it.live(`${nameOf(id)}: streamed, to OpenAI's client`, () =>
      Effect.gen(function*() {
        const { assertSound, post, strata, vendor } = yield* given("anthropic", respond)
        const text = (yield* post(chat, { ...first, stream: true })).text
        const words = deltasOf(text).flatMap(({ reasoning_content }) => reasoning_content ?? [])
        assert.deepStrictEqual(words.join(""), "alpha")
        const client = Sdk.make(strata.url, { defaultHeaders: { "x-strata-session-id": session } })
        const { choices: [choice] } = yield* Effect.promise(() =>
          client.chat.completions.stream(first).finalChatCompletion()
        )
        yield* post(chat, sendBack(JSON.parse(JSON.stringify(choice!.message))))
        assert.deepStrictEqual(listOf(fieldsOf(vendor.received.at(-1)?.body)["messages"])[1]?.["content"], sent)
        yield* assertSound(3)
      }).pipe(Effect.scoped))

    it.live("the same with stream: false", () =>
      Effect.gen(function*() {
        const { assertSound, post, vendor } = yield* given("anthropic", respond)
        const { json } = yield* post(chat, first)
        const message = fieldsOf(listOf(fieldsOf(json)["choices"])[0]?.["message"])
        assert.strictEqual(message["reasoning_content"], "alpha")
        yield* post(chat, sendBack(message))
        assert.deepStrictEqual(listOf(fieldsOf(vendor.received.at(-1)?.body)["messages"])[1]?.["content"], sent)
        yield* assertSound(2)
      }).pipe(Effect.scoped))
  })

  it.live(nameOf("anthropic-usage-with-cache"), () =>
    Effect.gen(function*() {
      const id = "anthropic-usage-with-cache"
      const usage = fieldsOf(inputOf(id)["vendor_usage"])
      const message = {
        id: "msg_1",
        role: "assistant",
        model: "claude",
        content: [{ type: "text", text: "Hi" }],
        usage
      }
      const { assertSound, payloads, post } = yield* given("anthropic", (request) =>
        asksStream(request)
          ? Vendors.frames([Streams.streamOf({ ...message, stop_reason: "end_turn" })])
          : ScriptedAnswer.json(200, { ...message, stop_reason: "end_turn" }))
      const { prompt_tokens_details, ...counts } = fieldsOf(expectedOf(id)["usage"])
      const plain = fieldsOf((yield* post(chat, hello)).json)["usage"]
      const { text } = yield* post(chat, { ...hello, stream: true, stream_options: { include_usage: true } })
      const streamed = valuesOf(text).find((value) => value["usage"] != null)?.["usage"]
      for (const each of [plain, streamed]) {
        assert.deepInclude(each, counts)
        assert.deepInclude(fieldsOf(each)["prompt_tokens_details"], fieldsOf(prompt_tokens_details))
      }
      const events = yield* payloads("llm:response")
      assert.lengthOf(events, 2)
      for (const event of events) assert.deepInclude(event.usage, fieldsOf(expectedOf(id)["event_usage"]))
      // Who speaks Anthropic's dialect gets the vendor's own counts.
      assert.deepInclude(fieldsOf((yield* post(messages, hello)).json)["usage"], usage)
      yield* assertSound(3)
    }).pipe(Effect.scoped))

  it.live("anthropic-usage-with-cache: vendors like OpenAI include the cached ones: nothing is added", () =>
    Effect.gen(function*() {
      const usage = {
        prompt_tokens: 1104,
        completion_tokens: 20,
        total_tokens: 1124,
        prompt_tokens_details: { cached_tokens: 1000 }
      }
      const choices = [{ index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }]
      const { payloads, post } = yield* given(
        "openai",
        () => ScriptedAnswer.json(200, { id: "c", object: "chat.completion", created: 1, model: "m", choices, usage })
      )
      const { json } = yield* post(messages, { ...hello, model: "openai/m" })
      assert.deepInclude(fieldsOf(json)["usage"], {
        input_tokens: 104,
        cache_read_input_tokens: 1000,
        output_tokens: 20
      })
      const [event] = yield* payloads("llm:response")
      assert.deepInclude(event.usage, { input_tokens: 1104, output_tokens: 20, total_tokens: 1124 })
    }).pipe(Effect.scoped))

  it.live(nameOf("anthropic-error-inside-a-stream"), () =>
    Effect.gen(function*() {
      const sse = [
        { type: "message_start", message: { id: "msg_1", content: [], usage: { input_tokens: 1, output_tokens: 1 } } },
        { type: "ping" },
        { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
        { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Hel" } },
        { type: "ping" },
        { type: "error", error: { type: "overloaded_error", message: "Overloaded" } }
      ]
      const { assertSound, payloads, post } = yield* given("anthropic", () => Vendors.messageEvents(...sse))
      const { status, text } = yield* post(chat, { ...hello, stream: true })
      assert.strictEqual(status, 200)
      assert.deepStrictEqual(deltasOf(text).flatMap(({ content }) => content ?? []).join(""), "Hel")
      assert.isTrue(text.endsWith(
        "data: {\"error\":{\"message\":\"Overloaded\",\"type\":\"overloaded_error\",\"param\":null,\"code\":\"overloaded_error\"}}\n\n"
      ))
      for (const word of ["[DONE]", "\"stop\"", "ping"]) assert.notInclude(text, word)
      assert.deepNestedInclude((yield* payloads("llm:error"))[0], { "error.message": "Overloaded" })
      assert.deepStrictEqual(yield* payloads("llm:response"), [])
      // A client of the same dialect gets the vendor's own frames.
      const same = yield* post(messages, { ...hello, stream: true })
      assert.strictEqual(same.text, sse.map((event) => Streams.bytesOf(event.type, event)).join(""))
      yield* assertSound(2)
    }).pipe(Effect.scoped))

  describe("anthropic-429-headers", () => {
    const { body, headers, status } = inputOf("anthropic-429-headers")["vendor"] as {
      readonly body: Schema.JsonObject
      readonly headers: Record<string, string>
      readonly status: number
    }

    it.live(`${nameOf("anthropic-429-headers")}: on both routes the vendor's headers, and the body in the client's form`, () =>
      Effect.gen(function*() {
        const { assertSound, post } = yield* given("anthropic", () => ScriptedAnswer.json(status, body, headers))
        for (const stream of [false, true]) {
          const same = yield* post(messages, { ...hello, stream })
          assert.deepStrictEqual([same.status, same.json], [429, body])
          assert.deepInclude(same.headers, headers)
          const other = yield* post(chat, { ...hello, stream })
          assert.deepStrictEqual([other.status, other.json], [
            429,
            { error: { message: "quota", type: "rate_limit_error", param: null, code: "rate_limit_error" } }
          ])
          assert.deepInclude(other.headers, headers)
        }
        yield* assertSound(4)
      }).pipe(Effect.scoped))

    it.live.each([
      ["an unknown model", { ...hello, model: "nobody/m" }, 404, "not_found_error"],
      ["no messages", Struct.omit(hello, ["messages"]), 400, "invalid_request_error"],
      ["a body that is no JSON", "{", 400, "invalid_request_error"],
      ["a vendor that is gone", hello, 502, "api_error"]
    ])(
      "Strata's own error on /v1/messages is in Anthropic's form: %s",
      ([, body, status, type]) =>
        Effect.gen(function*() {
          const { post, vendor } = yield* given("anthropic", () => ScriptedAnswer.silent)
          yield* vendor.close
          const answer = yield* post(messages, body)
          assert.strictEqual(answer.status, status)
          const { error, ...rest } = fieldsOf(answer.json)
          assert.deepStrictEqual(rest, { type: "error" })
          assert.deepStrictEqual(Object.keys(Object(error)), ["type", "message"])
          assert.strictEqual(fieldsOf(error)["type"], type)
        }).pipe(Effect.scoped)
    )
  })
})

describe("adapter: Gemini", () => {
  const id = "gemini-thought-signature"
  const parts = inputOf(id)["vendor_answer_parts"] as ReadonlyArray<Schema.JsonObject>
  const expected = expectedOf(id)["to_client_tool_calls"] as ReadonlyArray<Schema.JsonObject>
  const first = { ...openAiHello, model: "gemini/m" }

  /** Without what Strata makes, and what a stream numbers. */
  const plain = (call: Schema.JsonObject) => Struct.omit(call, ["id", "index"])

  const streamedCalls = (text: string): ReadonlyArray<Schema.JsonObject> => {
    const calls: Array<Record<string, Schema.Json>> = []
    for (const delta of deltasOf(text)) {
      for (const { function: piece, index, ...rest } of listOf(delta["tool_calls"])) {
        const before = calls[Number(index)] ?? { function: { name: "", arguments: "" } }
        const called = fieldsOf(before["function"])
        const more = fieldsOf(piece)
        const [name, text] = [
          `${String(called["name"])}${String(more["name"] ?? "")}`,
          `${String(called["arguments"])}${String(more["arguments"] ?? "")}`
        ]
        calls[Number(index)] = { ...before, ...rest, function: { name, arguments: text } }
      }
    }
    return calls
  }

  it.live.each([false, true])(`${nameOf(id)}, stream: %s`, (stream) =>
    Effect.gen(function*() {
      // The vendor refuses what does not come back as it was.
      const { assertSound, post, vendor } = yield* given(
        "gemini",
        StrictGemini.make([StrictGemini.answer(parts), StrictGemini.answer([{ text: "Done." }])])
      )
      const answer = yield* post(chat, { ...first, stream })
      const calls = stream
        ? streamedCalls(answer.text)
        : listOf(fieldsOf(listOf(fieldsOf(answer.json)["choices"])[0]?.["message"])["tool_calls"])
      assert.deepStrictEqual(calls.map(plain), expected.map(plain))
      const ids = calls.map((call) => call["id"])
      assert.strictEqual(new Set(ids).size, 2)
      assert.isTrue(ids.every((each) => typeof each === "string" && each !== ""))
      const next = yield* post(chat, {
        ...first,
        messages: [
          ...first.messages,
          { role: "assistant", content: null, tool_calls: calls },
          ...ids.map((tool_call_id) => ({ role: "tool", tool_call_id, content: "r" }))
        ]
      })
      assert.strictEqual(next.status, 200, next.text)
      const [, model, results] = listOf(fieldsOf(vendor.received.at(-1)?.body)["contents"])
      assert.deepStrictEqual(model?.["parts"], parts)
      assert.lengthOf(listOf(results?.["parts"]), 2)
      // A client that drops extra_content gets it back by the call's id.
      const forgotten = yield* post(chat, {
        ...first,
        messages: [
          ...first.messages,
          { role: "assistant", content: null, tool_calls: calls.map((call) => Struct.omit(call, ["extra_content"])) },
          ...ids.map((tool_call_id) => ({ role: "tool", tool_call_id, content: "r" }))
        ]
      })
      assert.strictEqual(forgotten.status, 200, forgotten.text)
      assert.deepStrictEqual(listOf(fieldsOf(vendor.received.at(-1)?.body)["contents"])[1]?.["parts"], parts)
      yield* assertSound(3)
    }).pipe(Effect.scoped))
})
