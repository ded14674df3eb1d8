/** Public reports about vendors whose streams are no server-sent events: each case is a test of a whole server. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Struct } from "effect"
import type { Schema } from "effect"
import { payloadOf } from "../../src/events/types/Envelope.ts"
import type { Dialect } from "../../src/kernel/dialects/Dialect.ts"
import * as Adapters from "../support/Adapters.ts"
import { Http } from "../support/Http.ts"
import * as PublicCases from "../support/PublicCases.ts"
import { fieldsOf, listOf } from "../support/strict/StrictVendor.ts"
import * as TranslatingStrata from "../support/TranslatingStrata.ts"
import * as Vendors from "../support/Vendors.ts"

const { inputOf, nameOf } = PublicCases
const { session } = TranslatingStrata

const framesOf = (dialect: Dialect, values: ReadonlyArray<unknown>) =>
  Vendors.frames(
    Adapters.framesOf(dialect, values.map((value) => Buffer.from(`data: ${JSON.stringify(value)}\n\n`))),
    { headers: { "content-type": Adapters.contentTypeOf(dialect) } }
  )

const given = (adapter: Adapters.Adapter, values: ReadonlyArray<unknown>) =>
  Effect.map(
    TranslatingStrata.make(adapter.name.slice("remote::".length), ({ method }) =>
      method === "GET" ? undefined : framesOf(adapter.dialect, values), { models: ["q"], ...adapter.config }),
    (world) => ({
      ...world,
      post: (body: unknown) =>
        Http.post(world.strata.url, "/v1/chat/completions", body, { "x-strata-session-id": session }),
      asked: () =>
        world.vendor.received.filter(({ method }) =>
          method === "POST"
        ).map(({ body }) => fieldsOf(body)),
      payloads: (type: string) =>
        Effect.map(world.strata.events({ types: [type] }), (events) => events.map((event) => Object(payloadOf(event))))
    })
  )

const valuesOf = (text: string): ReadonlyArray<Schema.JsonObject> =>
  text.split("\n\n").flatMap((frame) => frame.startsWith("data: {") ? [JSON.parse(frame.slice(6))] : [])

const choicesOf = (text: string) => valuesOf(text).flatMap((value) => listOf(value["choices"])).map(fieldsOf)

const deltasOf = (text: string) => choicesOf(text).map(({ delta }) => fieldsOf(delta))

const finishOf = (text: string) =>
  choicesOf(text).map(({ finish_reason }) => finish_reason).findLast((each) => each != null)

const usageOf = (text: string) => fieldsOf(valuesOf(text).findLast(({ usage }) => usage != null)?.["usage"])

/** Tool calls, put together as clients do it: by their index. */
const callsOf = (text: string) => {
  const calls = new Map<unknown, { id: string; name: string; arguments: string }>()
  for (const piece of deltasOf(text).flatMap(({ tool_calls }) => listOf(tool_calls)).map(fieldsOf)) {
    const call = calls.get(piece["index"]) ?? { id: "", name: "", arguments: "" }
    const { arguments: more = "", name = "" } = fieldsOf(piece["function"])
    calls.set(piece["index"], {
      id: call.id + String(piece["id"] ?? ""),
      name: call.name + String(name),
      arguments: call.arguments + String(more)
    })
  }
  return [...calls]
}

describe("adapter: Ollama", () => {
  const id = "ollama-native-tools"
  const request = fieldsOf(inputOf(id)["request"])
  const lines = listOf(inputOf(id)["vendor_ndjson"])
  const [calling, ...rest] = listOf(request["messages"])
  const called = (text: string) => {
    const [call] = listOf(fieldsOf(calling)["tool_calls"]).map(fieldsOf)
    return {
      ...request,
      stream_options: { include_usage: true },
      messages: [
        {
          ...fieldsOf(calling),
          tool_calls: [{ ...call, function: { ...fieldsOf(call?.["function"]), arguments: text } }]
        },
        ...rest
      ]
    }
  }

  it.live(nameOf(id), () =>
    Effect.gen(function*() {
      const { asked, assertSound, payloads, post } = yield* given(Adapters.localOllama, lines)
      const { status, text } = yield* post(called("{\"path\":\"a\"}"))
      assert.strictEqual(status, 200, text)
      const calls = callsOf(text)
      assert.deepStrictEqual(calls.map(([index, call]) => [index, Struct.omit(call, ["id"])]), [
        [0, { name: "read", arguments: "{\"path\":\"a\"}" }],
        [1, { name: "read", arguments: "{\"path\":\"b\"}" }]
      ])
      const ids = calls.map(([, call]) => call.id)
      assert.lengthOf(new Set(ids.filter((each) => each !== "")), 2)
      assert.strictEqual(finishOf(text), "tool_calls")
      assert.strictEqual(deltasOf(text).map(({ reasoning_content }) => reasoning_content ?? "").join(""), "hm")
      assert.deepInclude(usageOf(text), { prompt_tokens: 5, completion_tokens: 7 })
      const body = fieldsOf(asked()[0])
      assert.deepStrictEqual(body["options"], { num_ctx: 16384 })
      assert.isFalse(body["think"])
      assert.deepStrictEqual(fieldsOf(listOf(body["messages"])[0])["tool_calls"], [
        { id: "x", function: { name: "read", arguments: { path: "a" } } }
      ])
      assert.deepInclude((yield* payloads("llm:response"))[0], { finish_reason: "tool_calls" })
      assert.isEmpty(yield* payloads("provider:request_degraded"))
      yield* assertSound(1)
    }).pipe(Effect.scoped))

  it.live(`${id}: a history whose arguments are no JSON is refused, by their place`, () =>
    Effect.gen(function*() {
      const { asked, post } = yield* given(Adapters.localOllama, lines)
      const { json, status } = yield* post(request)
      assert.strictEqual(status, 400)
      assert.deepInclude(fieldsOf(fieldsOf(json)["error"]), {
        param: "messages.0.tool_calls.0.function.arguments"
      })
      assert.isEmpty(asked())
    }).pipe(Effect.scoped))

  it.live(`${id}: an answer that is too long ends for that reason`, () =>
    Effect.gen(function*() {
      const cut = { message: { role: "assistant", content: "Once" }, done: true, done_reason: "length" }
      const { assertSound, payloads, post } = yield* given(Adapters.localOllama, [cut])
      const { text } = yield* post(called("{}"))
      assert.strictEqual(finishOf(text), "length")
      assert.deepInclude((yield* payloads("llm:response"))[0], { finish_reason: "length" })
      yield* assertSound(1)
    }).pipe(Effect.scoped))
})

describe("adapter: Bedrock", () => {
  const id = "bedrock-converse-stream"
  const events = listOf(inputOf(id)["vendor_events"])
  const tools = [{ type: "function", function: { name: "f", parameters: { type: "object", properties: {} } } }]
  const hello = {
    model: "bedrock/q",
    stream: true,
    stream_options: { include_usage: true },
    messages: [{ role: "user", content: "go" }],
    tools
  }

  it.live(nameOf(id), () =>
    Effect.gen(function*() {
      const { asked, assertSound, payloads, post } = yield* given(Adapters.amazon, events)
      const { text } = yield* post(hello)
      const [[index, call] = [], ...others] = callsOf(text)
      assert.isEmpty(others)
      assert.strictEqual(index, 0)
      assert.deepStrictEqual(call, { id: "t1", name: "f", arguments: "{\"a\":1}" })
      assert.strictEqual(finishOf(text), "tool_calls")
      assert.deepInclude(usageOf(text), { prompt_tokens: 9, completion_tokens: 4 })
      assert.deepInclude((yield* payloads("llm:response"))[0], { finish_reason: "tool_calls" })
      assert.property(asked()[0], "toolConfig")
      yield* assertSound(1)
    }).pipe(Effect.scoped))

  it.live(`${id}: without messageStop and metadata`, () =>
    Effect.gen(function*() {
      const { assertSound, payloads, post } = yield* given(Adapters.amazon, events.slice(0, -2))
      const { text } = yield* post(hello)
      assert.property(valuesOf(text).at(-1), "error")
      assert.isUndefined(finishOf(text))
      assert.isEmpty(usageOf(text))
      assert.strictEqual(fieldsOf((yield* payloads("llm:error"))[0].error)["type"], "cut_off")
      yield* assertSound(1)
    }).pipe(Effect.scoped))

  it.live(`${id}: tool_choice none`, () =>
    Effect.gen(function*() {
      const { asked, post } = yield* given(Adapters.amazon, events)
      assert.strictEqual((yield* post({ ...hello, tool_choice: "none" })).status, 200)
      assert.notProperty(asked()[0], "toolConfig")
    }).pipe(Effect.scoped))

  it.live(`${id}: a modelStreamErrorException behind a delta`, () =>
    Effect.gen(function*() {
      const broken = { modelStreamErrorException: { message: "the model broke", originalStatusCode: 500 } }
      const { assertSound, payloads, post } = yield* given(Adapters.amazon, [...events.slice(0, 2), broken])
      const { text } = yield* post(hello)
      assert.deepInclude(fieldsOf(valuesOf(text).at(-1)?.["error"]), { message: "the model broke" })
      assert.isUndefined(finishOf(text))
      assert.deepInclude((yield* payloads("llm:error"))[0].error, { message: "the model broke" })
      yield* assertSound(1)
    }).pipe(Effect.scoped))
})
