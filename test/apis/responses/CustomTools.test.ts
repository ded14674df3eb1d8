/** Tools that take text, over vendors that have them and over those that know functions alone, for clients of both dialects. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema } from "effect"
import OpenAI from "openai"
import { field, listOf } from "../../../src/events/types/JsonAccess.ts"
import type { ReceivedRequest } from "../../support/FakeUpstream.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import * as OpenResponses from "../../support/OpenResponses.ts"
import * as ResponsesWorld from "../../support/ResponsesWorld.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { Strata } from "../../support/Strata.ts"
import * as Vendors from "../../support/Vendors.ts"

type Json = Schema.JsonObject

const query = "SELECT \"città\"\nFROM t -- 😀"
const words = "One row."

const hasResult = (body: unknown): boolean => JSON.stringify(body).includes("one row")

/** JSON text in pieces, cut where it pleases nobody. */
const pieces = (text: string): ReadonlyArray<string> => text.match(/[^]{1,3}/g) ?? []

const openAi = ({ body, method }: ReceivedRequest): ScriptedAnswer | undefined => {
  if (method !== "POST") return undefined
  const head = { id: "chatcmpl-1", created: 1, model: "m" }
  const isOver = hasResult(body)
  const call = { id: "call_1", type: "custom", custom: { name: "sql", input: query } }
  const finish_reason = isOver ? "stop" : "tool_calls"
  if (field(body, "stream") !== true) {
    const message = { role: "assistant", ...isOver ? { content: words } : { content: null, tool_calls: [call] } }
    return ScriptedAnswer.json(200, {
      ...head,
      object: "chat.completion",
      choices: [{ index: 0, message, finish_reason }]
    })
  }
  const chunk = (delta: Json, finish_reason: string | null = null) => ({
    ...head,
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta, finish_reason }]
  })
  return ScriptedAnswer.events([
    ...isOver ? [chunk({ content: words })] : [
      chunk({ role: "assistant", tool_calls: [{ index: 0, ...call, custom: { name: "sql", input: "" } }] }),
      ...pieces(query).map((input) => chunk({ tool_calls: [{ index: 0, custom: { input } }] }))
    ],
    chunk({}, finish_reason)
  ])
}

const input = { input: query }
/** As a model may write it: with escapes of every kind. */
const escaped = JSON.stringify(input).replaceAll("à", "\\u00e0").replaceAll("😀", "\\ud83d\\ude00")

const event = (type: string, fields: Json) => ({ type, ...fields })

const claude = ({ body, method }: ReceivedRequest): ScriptedAnswer | undefined => {
  if (method !== "POST") return undefined
  const isOver = hasResult(body)
  const block = isOver
    ? { type: "text", text: words }
    : { type: "tool_use", id: "toolu_1", name: "sql", input }
  const stop_reason = isOver ? "end_turn" : "tool_use"
  if (field(body, "stream") !== true) return Vendors.message([block], { stop_reason })
  const usage = { input_tokens: 1, output_tokens: 1 }
  const message = { id: "msg_1", type: "message", role: "assistant", model: "c", content: [], stop_reason: null, usage }
  const begun = isOver ? { type: "text", text: "" } : { ...block, input: {} }
  const deltas = isOver
    ? [{ type: "text_delta", text: words }]
    : pieces(escaped).map((partial_json) => ({ type: "input_json_delta", partial_json }))
  return Vendors.messageEvents(
    event("message_start", { message }),
    event("content_block_start", { index: 0, content_block: begun }),
    ...deltas.map((delta) => event("content_block_delta", { index: 0, delta })),
    event("content_block_stop", { index: 0 }),
    event("message_delta", { delta: { stop_reason }, usage }),
    event("message_stop", {})
  )
}

const gemini = ({ body, method }: ReceivedRequest): ScriptedAnswer | undefined => {
  if (method !== "POST") return undefined
  const part = hasResult(body) ? { text: words } : { functionCall: { name: "sql", args: input } }
  const answer = { candidates: [{ content: { role: "model", parts: [part] }, finishReason: "STOP", index: 0 }] }
  return ScriptedAnswer.json(200, answer)
}

const given = Effect.gen(function*() {
  const upstreams = {
    openai: yield* FakeUpstream.make({ respond: openAi }),
    anthropic: yield* FakeUpstream.make({ respond: claude }),
    gemini: yield* FakeUpstream.make({ respond: gemini })
  }
  const { url } = yield* Strata.make({
    level: "raw",
    providers: Object.entries(upstreams).map(([type, upstream]) =>
      Vendors.entry(type, upstream, type === "openai" ? { custom_tools: true } : {})
    )
  })
  const sdk = new OpenAI({
    baseURL: `${url}/v1`,
    apiKey: "k",
    maxRetries: 0,
    defaultHeaders: { "x-strata-session-id": "s" }
  })
  return {
    sdk,
    received: (vendor: string) => upstreams[vendor as keyof typeof upstreams].received.map(({ body }) => body),
    post: (path: string, body: Json) => Http.post(url, path, body, { "x-strata-session-id": "s" }),
    verify: Effect.map(Http.post(url, "/v1/sessions/s/verify", {}), ({ json }) => json)
  }
})

const tool = { type: "custom", name: "sql", description: "Asks the database.", format: { type: "text" } } as const
const chatTool = {
  type: "custom",
  custom: { name: "sql", description: "Asks the database.", format: { type: "text" } }
} as const
const vendors = ["openai", "anthropic", "gemini"] as const

const parameters = (input: unknown) => field(field(field(input, "properties"), "input"), "type")

describe("tools that take text", () => {
  it.live.each(vendors)("are called in a response over %s, whole and gone on with", (vendor) =>
    Effect.gen(function*() {
      const { received, sdk, verify } = yield* given
      const model = `${vendor}/m`
      const first = yield* Effect.promise(() =>
        sdk.responses.create({ model, input: "How many?", tools: [tool], tool_choice: { type: "custom", name: "sql" } })
      )
      OpenResponses.checkResponse(first)
      const [call] = first.output
      assert.deepInclude(Object(call), { type: "custom_tool_call", name: "sql", input: query, status: "completed" })
      assert.strictEqual(first.status, "completed")
      assert.deepStrictEqual<unknown>(first.tools, [tool])
      const second = yield* Effect.promise(() =>
        sdk.responses.create({
          model,
          tools: [tool],
          previous_response_id: first.id,
          input: [{
            type: "custom_tool_call_output",
            call_id: call?.type === "custom_tool_call" ? call.call_id : "",
            output: "one row"
          }]
        })
      )
      assert.strictEqual(second.output_text, words)
      assert.deepInclude(yield* verify, { status: "identical", requests: 2 })
      const [asked, again] = received(vendor).slice(-2)
      const sent = JSON.stringify(again)
      assert.include(sent, JSON.stringify(query).slice(1, -1))
      if (vendor === "openai") {
        assert.deepStrictEqual<unknown>(field(asked, "tools"), [chatTool])
        assert.deepStrictEqual<unknown>(field(asked, "tool_choice"), { type: "custom", custom: { name: "sql" } })
        assert.deepStrictEqual<unknown>(listOf(field(again, "messages")).slice(1), [
          {
            role: "assistant",
            content: null,
            tool_calls: [{ id: "call_1", type: "custom", custom: { name: "sql", input: query } }]
          },
          { role: "tool", tool_call_id: "call_1", content: "one row" }
        ])
      }
      if (vendor === "anthropic") {
        const [spec] = listOf(field(asked, "tools"))
        assert.deepInclude(spec as Json, { name: "sql", description: "Asks the database." })
        assert.strictEqual(parameters(field(spec, "input_schema")), "string")
        assert.deepStrictEqual<unknown>(field(asked, "tool_choice"), { type: "tool", name: "sql" })
        const [, said] = listOf(field(again, "messages"))
        assert.deepStrictEqual<unknown>(field(said, "content"), [{
          type: "tool_use",
          id: "toolu_1",
          name: "sql",
          input
        }])
      }
    }).pipe(Effect.scoped))

  it.live.each(vendors)("are called in a response over %s that is streamed", (vendor) =>
    Effect.gen(function*() {
      const { post } = yield* given
      const answer = yield* post("/v1/responses", {
        model: `${vendor}/m`,
        input: "How many?",
        tools: [tool],
        stream: true
      })
      const events = ResponsesWorld.eventsOf(answer)
      const of = (type: string) => events.filter((event) => event["type"] === type)
      const deltas = of("response.custom_tool_call_input.delta").map(({ delta }) => delta)
      assert.strictEqual(deltas.join(""), query)
      // Gemini gives arguments whole.
      if (vendor !== "gemini") assert.isAbove(deltas.length, 5)
      assert.deepStrictEqual(of("response.custom_tool_call_input.done").map(({ input }) => input), [query])
      const added = of("response.output_item.added")[0]?.["item"]
      assert.deepInclude(added as Json, { type: "custom_tool_call", name: "sql", input: "", status: "in_progress" })
      const done = of("response.output_item.done")[0]?.["item"]
      assert.deepInclude(done as Json, { type: "custom_tool_call", name: "sql", input: query, status: "completed" })
      assert.strictEqual(field(done, "id"), field(added, "id"))
      assert.deepStrictEqual(field(of("response.completed")[0]?.["response"], "output"), [done])
      // The same again, from what is kept.
      const id = String(field(of("response.completed")[0]?.["response"], "id"))
      assert.isNotEmpty(id)
    }).pipe(Effect.scoped))

  it.live.each(vendors)(
    "are called in a chat completion over %s, and gone on with",
    (vendor) =>
      Effect.gen(function*() {
        const { received, sdk, verify } = yield* given
        const model = `${vendor}/m`
        const user = { role: "user", content: "How many?" } as const
        const asked = { model, messages: [user], tools: [chatTool] }
        const first = yield* Effect.promise(() => sdk.chat.completions.create(asked))
        const message = first.choices[0]!.message
        const [call] = message.tool_calls ?? []
        assert.deepInclude(call, { type: "custom", custom: { name: "sql", input: query } })
        assert.strictEqual(first.choices[0]!.finish_reason, "tool_calls")
        const streamed = yield* Effect.promise(() => sdk.chat.completions.stream(asked).finalChatCompletion())
        assert.deepInclude(Object(streamed.choices[0]!.message.tool_calls?.[0]), {
          type: "custom",
          custom: { name: "sql", input: query }
        })
        const second = yield* Effect.promise(() =>
          sdk.chat.completions.create({
            ...asked,
            messages: [user, message, { role: "tool", tool_call_id: call!.id, content: "one row" }]
          })
        )
        assert.strictEqual(second.choices[0]!.message.content, words)
        assert.include(JSON.stringify(received(vendor).at(-1)), "one row")
        if (vendor === "anthropic") {
          assert.deepStrictEqual<unknown>(listOf(field(received(vendor).at(-1), "messages")).slice(1), [
            { role: "assistant", content: [{ type: "tool_use", id: "toolu_1", name: "sql", input }] },
            { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1", content: "one row" }] }
          ])
        }
        assert.deepInclude(yield* verify, { status: "identical", requests: 3 })
      }).pipe(Effect.scoped)
  )

  it.live("whose text keeps to a grammar are refused by their place over a vendor that knows none", () =>
    Effect.gen(function*() {
      const { post, received, verify } = yield* given
      const grammar = { syntax: "regex", definition: "SELECT .*" }
      const format = { type: "grammar", ...grammar }
      const search = { type: "function", name: "f" }
      const asked = { input: "How many?", tools: [search, { ...tool, format }] }
      for (const stream of [false, true]) {
        const refused = yield* post("/v1/responses", { ...asked, model: "anthropic/m", stream })
        assert.strictEqual(refused.status, 400, refused.text)
        assert.deepInclude(field(refused.json, "error") as Json, {
          param: "tools[1].format",
          code: "unsupported_value"
        })
        assert.include(refused.text, "send its format as")
      }
      const chatTools = [{ type: "custom", custom: { name: "sql", format: { type: "grammar", grammar } } }]
      const messages = [{ role: "user", content: "How many?" }]
      const chat = yield* post("/v1/chat/completions", { model: "gemini/m", messages, tools: chatTools })
      assert.strictEqual(chat.status, 400)
      assert.deepInclude(field(chat.json, "error") as Json, { param: "tools[0].custom.format" })
      const kept = yield* post("/v1/responses", { ...asked, model: "openai/m" })
      assert.strictEqual(kept.status, 200, kept.text)
      assert.deepStrictEqual<unknown>(listOf(field(received("openai").at(-1), "tools"))[1], {
        type: "custom",
        custom: { name: "sql", description: "Asks the database.", format: { type: "grammar", grammar } }
      })
      const checked = yield* verify
      assert.deepInclude(checked, { status: "identical", requests: 4 }, JSON.stringify(checked).slice(0, 3000))
    }).pipe(Effect.scoped))

  it.live("without a name are refused", () =>
    Effect.gen(function*() {
      const { post } = yield* given
      const refused = yield* post("/v1/responses", { model: "anthropic/m", input: "x", tools: [{ type: "custom" }] })
      assert.strictEqual(refused.status, 400)
      assert.deepInclude(field(refused.json, "error") as Json, { param: "tools[0].name" })
    }).pipe(Effect.scoped))
})
