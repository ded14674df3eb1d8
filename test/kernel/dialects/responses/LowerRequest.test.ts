/** What other dialects ask, as Responses say it: what is left out is said, and what can't be left out is refused. */
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema, Struct } from "effect"
import { responses } from "../../../../src/kernel/dialects/responses/ResponsesDialect.ts"
import { SentRequest } from "../../../../src/kernel/dialects/responses/SentWire.ts"
import type { ChatRequest } from "../../../../src/kernel/messages/ChatRequest.ts"
import type { ContentBlock } from "../../../../src/kernel/messages/ContentBlock.ts"
import { unknownBlock } from "../../../../src/kernel/messages/ContentBlock.ts"
import * as OpaqueState from "../../../../src/kernel/messages/OpaqueState.ts"

const user = { role: "user", content: "Hello?" } as const
const lower = (request: Partial<ChatRequest>) => responses.lower.request({ model: "m", messages: [user], ...request })
const sent = (request: Partial<ChatRequest>) => {
  const { body, degradations } = Result.getOrThrow(lower(request))
  Schema.decodeUnknownSync(SentRequest)(body)
  return { body, degradations }
}
const assistant = (...content: ReadonlyArray<ContentBlock>) => [user, { role: "assistant", content }] as const
const input = (request: Partial<ChatRequest>) => (sent(request).body["input"] as ReadonlyArray<unknown>).slice(1)

describe("LowerRequest to Responses", () => {
  it("keeps nothing at the vendor, and asks for encrypted reasoning", () => {
    assert.deepInclude(sent({ reasoning_effort: "low" }).body, {
      store: false,
      include: ["reasoning.encrypted_content"]
    })
  })

  it("writes a tool's JSON as it is where it has the type of a part alone", () => {
    const outputs = [[{ type: "text", value: 5 }], [{ type: "image" }], [{ type: "image", source: null }]]
    const content = outputs.map((output, at) => ({ type: "tool_result" as const, tool_call_id: `c${at}`, output }))
    assert.deepStrictEqual(
      input({ messages: [user, { role: "tool", content }] }),
      outputs.map((each, at) => ({ type: "function_call_output", call_id: `c${at}`, output: JSON.stringify(each) }))
    )
  })

  it("joins the system's first words into instructions, and leaves its later ones in place", () => {
    const { body } = sent({
      messages: [
        { role: "system", content: [{ type: "text", text: "a", cache_control: { type: "ephemeral" } }] },
        { role: "system", content: "b" },
        user,
        { role: "system", content: "c" }
      ]
    })
    assert.strictEqual(body["instructions"], "a\n\nb")
    assert.deepStrictEqual((body["input"] as ReadonlyArray<{ role: string }>).map(({ role }) => role), [
      "user",
      "system"
    ])
  })

  it("takes the system's words for the input where nobody else speaks", () => {
    const { body } = sent({ messages: [{ role: "system", content: "a" }] })
    assert.deepStrictEqual(body["input"], [{ type: "message", role: "system", content: "a" }])
  })

  it.each<[string, ContentBlock]>([
    ["a signature of another vendor", {
      type: "thinking",
      thinking: "hm",
      signature: "sig",
      producer_model: "anthropic/c"
    }],
    ["a sealed state", {
      type: "thinking",
      thinking: "hm",
      content: [OpaqueState.seal({ dialect: "x", fields: {} }), "rs_1"]
    }],
    ["a state of another dialect", {
      type: "thinking",
      thinking: "hm",
      content: ["x", "y"],
      producer_dialect: "bedrock"
    }],
    ["redacted thinking", { type: "redacted_thinking", data: "x" }],
    ["reasoning that only its vendor keeps", { type: "thinking", thinking: "hm", content: [null, "rs_1"] }],
    ["a block of another dialect", unknownBlock("anthropic_block", { block: {} })]
  ])("leaves out %s, and says so", (_, block) => {
    const request = { messages: assistant(block, { type: "text", text: "Hi" }) }
    assert.deepStrictEqual(input(request), [{ type: "message", role: "assistant", content: "Hi" }])
    assert.strictEqual(sent(request).degradations.length, 1)
  })

  it("sends its own reasoning back before the call it belongs to", () => {
    const request = {
      messages: assistant(
        { type: "thinking", thinking: "", content: ["gAAA", "rs_1"] },
        { type: "tool_call", id: "c", name: "f", input: {} }
      )
    }
    assert.deepStrictEqual(input(request), [
      { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "gAAA" },
      { type: "function_call", call_id: "c", name: "f", arguments: "{}" }
    ])
  })

  it("writes a tool's result as text, as parts in order, or as JSON", () => {
    const image = { type: "image", source: { type: "url", url: "https://example.com/a.png" } }
    const outputs = ["rain", [{ type: "text", text: "a" }, image, { type: "text", text: "b" }], { rain: true }, []]
    const results = outputs.map((output, index) => ({
      type: "tool_result" as const,
      tool_call_id: `c${index}`,
      output
    }))
    const items = input({ messages: [user, { role: "tool", content: results }] }) as ReadonlyArray<Schema.JsonObject>
    assert.deepStrictEqual<unknown>(items.map(({ output }) => output), [
      "rain",
      [
        { type: "input_text", text: "a" },
        { type: "input_image", image_url: "https://example.com/a.png", detail: "auto" },
        { type: "input_text", text: "b" }
      ],
      "{\"rain\":true}",
      "[]"
    ])
  })

  it("puts results before what the user says in the same turn", () => {
    const items = input({
      messages: [user, {
        role: "user",
        content: [{ type: "text", text: "and?" }, { type: "tool_result", tool_call_id: "c", output: "rain" }]
      }]
    }) as ReadonlyArray<Schema.JsonObject>
    assert.deepStrictEqual(items.map(({ type }) => type), ["function_call_output", "message"])
  })

  it("is not strict with tools of which nothing is said", () => {
    const tools = (strict: boolean | null | undefined) =>
      sent({ tools: [{ name: "f", parameters: {}, ...(strict === undefined ? {} : { strict }) }] }).body["tools"]
    assert.deepStrictEqual(
      [undefined, null, true].map(tools),
      [false, null, true].map((strict) => [
        { type: "function", name: "f", parameters: {}, strict }
      ])
    )
  })

  it.each<[Partial<ChatRequest>, Schema.JsonObject, number]>([
    [{ temperature: 3 }, { temperature: 2 }, 1],
    [{ temperature: 1 }, { temperature: 1 }, 0],
    [{ top_p: 2 }, { top_p: 1 }, 1],
    [{ max_output_tokens: 1 }, { max_output_tokens: 16 }, 1],
    [{ top_k: 5, seed: 1, presence_penalty: 1, frequency_penalty: 1 }, {}, 4],
    [{ stop: [] }, {}, 0],
    [{ reasoning_effort: "high" }, { reasoning: { effort: "high" } }, 0],
    [{ reasoning_effort: "high", reasoning_budget_tokens: 0 }, { reasoning: { effort: "none" } }, 0],
    [{ reasoning_budget_tokens: 2000 }, { reasoning: { effort: "medium" } }, 1],
    [{ reasoning_budget_tokens: 99_999 }, { reasoning: { effort: "high" } }, 1],
    [{ reasoning_effort: "low", reasoning_budget_tokens: -1 }, { reasoning: { effort: "low" } }, 0],
    [{ tool_choice: { type: "odd" } }, {}, 1],
    [{ metadata: { a: 1 } }, { metadata: { a: "1" } }, 0]
  ])("takes %j as %j", (request, fields, count) => {
    const { body, degradations } = sent(request)
    assert.deepStrictEqual(Struct.omit(body, ["include", "input", "model", "store"]), fields)
    assert.strictEqual(degradations.length, count)
  })

  it.each<[string, Partial<ChatRequest>]>([
    ["stop", { stop: ["\n"] }],
    ["messages", { messages: [] }],
    ["messages", {
      messages: [{ role: "user", content: [unknownBlock("chat_part", { part: { type: "input_audio" } })] }]
    }]
  ])("refuses what would be answered otherwise: %s", (param, request) => {
    const lowered = lower(request)
    assert.strictEqual(Result.isFailure(lowered) ? lowered.failure.param : "sent", param)
  })

  it("leaves the caller's request as it is", () => {
    const request = {
      model: "m",
      messages: assistant({ type: "redacted_thinking", data: "x" }),
      temperature: 9
    } as const
    const before = structuredClone(request)
    lower(request)
    assert.deepStrictEqual(request, before)
  })
})
