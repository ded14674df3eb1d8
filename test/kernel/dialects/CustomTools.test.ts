/** A tool of text goes to each vendor in the form it knows, and its call comes back as what it is. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import type { Schema } from "effect"
import { anthropic } from "../../../src/kernel/dialects/anthropic/AnthropicDialect.ts"
import { chat, openAiChat } from "../../../src/kernel/dialects/chat/ChatDialect.ts"
import * as CustomTools from "../../../src/kernel/dialects/CustomTools.ts"
import type { Dialect } from "../../../src/kernel/dialects/Dialect.ts"
import { responses } from "../../../src/kernel/dialects/responses/ResponsesDialect.ts"
import * as Translation from "../../../src/kernel/dialects/Translation.ts"
import * as DialectProperties from "../../support/DialectProperties.ts"

type Json = Schema.JsonObject

const user = { role: "user", content: "How many?" }
const flat = { syntax: "lark", definition: "start: /a/" }
const chatTool = (format: Json = { type: "text" }) => ({
  type: "custom",
  custom: { name: "sql", description: "d", format }
})
const tool = (format: Json = { type: "text" }) => ({ type: "custom", name: "sql", description: "d", format })
const other = { type: "function", function: { name: "f", parameters: {} } }
const call = { id: "c1", type: "custom", custom: { name: "sql", input: "SELECT 1" } }
const conversation = [
  user,
  { role: "assistant", content: null, tool_calls: [call] },
  { role: "tool", tool_call_id: "c1", content: "one" }
]

const asked = (client: Dialect, vendor: Dialect, body: Json) => {
  const raised = DialectProperties.raised(client, body)
  const request = client.name === vendor.name ? raised : client.raise.forOthers?.(raised) ?? raised
  return Result.map(
    Translation.lowerCall(vendor, request, { client, model: "m", stream: false }),
    ({ call: { body }, degradations }) => ({ body, degradations, names: CustomTools.namesOf(request) })
  )
}

const sent = (...given: Parameters<typeof asked>) => Result.getOrThrow(asked(...given))

describe("a tool that takes text", () => {
  it("goes back as it came to a vendor of its client's dialect, whoever that is", () => {
    const body = {
      model: "m",
      messages: conversation,
      tools: [other, chatTool({ type: "grammar", grammar: flat })],
      tool_choice: { type: "custom", custom: { name: "sql" } }
    }
    for (const vendor of [chat, openAiChat]) assert.deepStrictEqual<unknown>(sent(chat, vendor, body).body, body)
  })

  it("goes from one dialect that has it to another", () => {
    const format = { type: "grammar", ...flat }
    const { body, degradations } = sent(chat, responses, {
      model: "m",
      messages: conversation,
      tools: [chatTool({ type: "grammar", grammar: flat })]
    })
    assert.deepStrictEqual(degradations, [])
    assert.deepStrictEqual<unknown>(body["tools"], [tool(format)])
    assert.deepStrictEqual<unknown>((body["input"] as ReadonlyArray<Json>).slice(1), [
      { type: "custom_tool_call", call_id: "c1", name: "sql", input: "SELECT 1" },
      { type: "function_call_output", call_id: "c1", output: "one" }
    ])
    const back = sent(responses, openAiChat, {
      model: "m",
      input: body["input"]!,
      tools: [{ type: "web_search" }, tool(format), { type: "function", name: "f", parameters: {} }],
      tool_choice: { type: "custom", name: "sql" }
    }).body
    assert.deepStrictEqual<unknown>(back["messages"], conversation)
    assert.deepStrictEqual<unknown>(
      (back["tools"] as ReadonlyArray<Json>)[0],
      chatTool({ type: "grammar", grammar: flat })
    )
    assert.deepStrictEqual<unknown>(back["tool_choice"], { type: "custom", custom: { name: "sql" } })
  })

  it("is a function to a vendor that speaks chat, and has none", () => {
    const { body } = sent(responses, chat, { model: "m", input: "hello", tools: [tool()] })
    const [spec] = body["tools"] as ReadonlyArray<Json>
    assert.deepInclude(spec, { type: "function" })
    assert.deepInclude(spec?.["function"] as Json, { name: "sql", description: "d" })
  })

  it("of a conversation that was had without the tool is a function's call, as it was before", () => {
    const input = [
      { type: "custom_tool_call", call_id: "c1", name: "sql", input: "SELECT 1" },
      { type: "custom_tool_call_output", call_id: "c1", output: "one" }
    ]
    const { body } = sent(responses, openAiChat, { model: "m", input })
    const [first] = body["messages"] as ReadonlyArray<Json>
    assert.deepStrictEqual<unknown>(first?.["tool_calls"], [
      { id: "c1", type: "function", function: { name: "sql", arguments: "{\"input\":\"SELECT 1\"}" } }
    ])
  })

  it("is refused where its text keeps to a grammar, and the vendor knows none", () => {
    for (const vendor of [anthropic, chat]) {
      const refused = asked(responses, vendor, {
        model: "m",
        input: "hello",
        tools: [tool({ type: "grammar", ...flat })]
      })
      assert.isTrue(Result.isFailure(refused))
      if (Result.isFailure(refused)) {
        const error = refused.failure
        assert.strictEqual(CustomTools.placeIn(error, [other, tool({ type: "grammar" })]), "tools[1].format")
        assert.strictEqual(
          CustomTools.placed(error, [chatTool({ type: "grammar" })]).param,
          "tools[0].custom.format"
        )
        assert.strictEqual(CustomTools.placed(error, [other]), error)
      }
    }
  })

  it("is called as what it is by a vendor of Responses, whole and streamed, for a client of chat", () => {
    const vendor = CustomTools.reading(responses, new Set(["sql"]))
    const item = { type: "custom_tool_call", id: "ctc_1", call_id: "c1", name: "sql", input: "SELECT 1" }
    const body = { id: "resp_1", created_at: 1, model: "m", status: "completed", output: [item] }
    const whole = Result.getOrThrow(vendor.raise.response(body, "p/m"))
    const message = (value: Json) => (value["choices"] as ReadonlyArray<Json>)[0]!["message"] as Json
    assert.deepStrictEqual<unknown>(message(chat.lower.response(whole))["tool_calls"], [call])
    const events = [
      { type: "response.created", response: { ...body, output: [], status: "in_progress" } },
      { type: "response.output_item.added", output_index: 0, item: { ...item, input: "" } },
      { type: "response.custom_tool_call_input.delta", output_index: 0, item_id: "ctc_1", delta: "SELECT 1" },
      { type: "response.output_item.done", output_index: 0, item },
      { type: "response.completed", response: body }
    ]
    const stream = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("")
    const { add } = chat.lower.stream()
    const text = Buffer.concat(DialectProperties.read(vendor, stream, "p/m").flatMap(add)).toString()
    assert.deepStrictEqual<unknown>(chat.conversation.answer(text, true)?.message["tool_calls"], [call])
  })

  it("streamed by a vendor of chat adds up to the plain answer", () => {
    const message = { role: "assistant", content: null, tool_calls: [call, { ...call, id: "c2" }] }
    const body = { id: "chatcmpl-1", created: 1, model: "m", object: "chat.completion" }
    const choices = [{ index: 0, message, finish_reason: "tool_calls" }]
    const chunk = (delta: Json, finish_reason: string | null = null) =>
      `data: ${
        JSON.stringify({ ...body, object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason }] })
      }\n\n`
    const stream = [
      chunk({ role: "assistant", tool_calls: [{ index: 0, ...call, custom: { name: "sql", input: "" } }] }),
      chunk({ tool_calls: [{ index: 0, custom: { input: "SELECT " } }] }),
      chunk({ tool_calls: [{ index: 0, custom: { input: "1" } }] }),
      chunk({ tool_calls: [{ index: 1, ...call, id: "c2" }] }),
      chunk({}, "tool_calls"),
      "data: [DONE]\n\n"
    ].join("")
    assert.include(stream, "SELECT ")
    DialectProperties.assertSame(chat, { ...body, choices }, stream)
  })
})
