/** What other dialects ask, as chat completions say it: what is left out is said, and what can't be is refused. */
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema, Struct } from "effect"
import { chat } from "../../../../src/kernel/dialects/chat/ChatDialect.ts"
import { SentRequest } from "../../../../src/kernel/dialects/chat/SentWire.ts"
import type { ChatRequest } from "../../../../src/kernel/messages/ChatRequest.ts"
import type { ContentBlock } from "../../../../src/kernel/messages/ContentBlock.ts"
import { unknownBlock } from "../../../../src/kernel/messages/ContentBlock.ts"

const user = { role: "user", content: "Hello?" } as const
const image = { type: "image", source: { type: "url", url: "https://example.com/a.png" } } as const
const imagePart = { type: "image_url", image_url: { url: "https://example.com/a.png" } }

const lower = (request: Partial<ChatRequest>) => chat.lower.request({ model: "m", messages: [user], ...request })
const sent = (request: Partial<ChatRequest>) => {
  const { body, degradations } = Result.getOrThrow(lower(request))
  Schema.decodeUnknownSync(SentRequest)(body)
  return { body, degradations }
}
const messages = (...given: ChatRequest["messages"]) => sent({ messages: given }).body["messages"]
const result = (tool_call_id: string, output: Schema.Json): ContentBlock => ({
  type: "tool_result",
  tool_call_id,
  output
})

describe("LowerRequest to chat completions", () => {
  it("writes a tool's result as text, as texts in order, or as JSON", () => {
    const outputs = ["rain", [{ type: "text", text: "a" }, { type: "text", text: "b" }], { rain: true }, []]
    const written = messages(user, { role: "tool", content: outputs.map((each, index) => result(`c${index}`, each)) })
    assert.deepStrictEqual(written, [
      user,
      { role: "tool", tool_call_id: "c0", content: "rain" },
      { role: "tool", tool_call_id: "c1", content: [{ type: "text", text: "a" }, { type: "text", text: "b" }] },
      { role: "tool", tool_call_id: "c2", content: "{\"rain\":true}" },
      { role: "tool", tool_call_id: "c3", content: "[]" }
    ])
  })

  it("writes a tool's JSON as it is where it has the type of a part alone", () => {
    const outputs = [[{ type: "text", value: 5 }], [{ type: "image" }], [{ type: "image", source: null }]]
    const written = messages(user, { role: "tool", content: outputs.map((each, index) => result(`c${index}`, each)) })
    assert.deepStrictEqual(
      written,
      [user, ...outputs.map((each, at) => ({ role: "tool", tool_call_id: `c${at}`, content: JSON.stringify(each) }))]
    )
  })

  it("leaves out a message of which nothing can be said, and notes it", () => {
    const search = unknownBlock("responses_block", { block: { type: "web_search_call" } })
    const { body, degradations } = sent({ messages: [user, { role: "assistant", content: [search] }, user] })
    assert.deepStrictEqual(body["messages"], [user, user])
    assert.strictEqual(degradations[0]?.requested, "a web_search_call block")
  })

  it("puts a result's images behind the last result of the turn, and says so", () => {
    const request = {
      messages: [
        user,
        { role: "tool", content: [result("a", [{ type: "text", text: "a map" }, image])] },
        { role: "tool", content: [result("b", [image])] },
        { role: "tool", content: [result("c", "sun")] },
        { role: "user", content: "and?" }
      ]
    } as const
    const { body, degradations } = sent(request)
    assert.deepStrictEqual(body["messages"], [
      user,
      { role: "tool", tool_call_id: "a", content: [{ type: "text", text: "a map" }] },
      { role: "tool", tool_call_id: "b", content: "the result of b is the image below" },
      { role: "tool", tool_call_id: "c", content: "sun" },
      {
        role: "user",
        content: [
          { type: "text", text: "Of the result of a:" },
          imagePart,
          { type: "text", text: "Of the result of b:" },
          imagePart
        ]
      },
      { role: "user", content: "and?" }
    ])
    assert.strictEqual(degradations.length, 2)
  })

  it("puts results before what the user says in the same turn", () => {
    const content = [{ type: "text", text: "and?" }, result("a", [image])] as const
    assert.deepStrictEqual(
      (messages(user, { role: "user", content }) as ReadonlyArray<{ role: string }>).map(({ role }) => role),
      ["user", "tool", "user", "user"]
    )
  })

  it("lets marks of the cache pass that came in this dialect, and no others", () => {
    const mark = { type: "ephemeral" }
    const body = {
      model: "m",
      messages: [{ role: "user", content: [{ type: "text", text: "a", cache_control: mark }] }],
      tools: [{ type: "function", function: { name: "f", parameters: {} }, cache_control: mark }]
    }
    const raised = Result.getOrThrow(chat.raise.request(body))
    assert.deepStrictEqual((raised.messages[0]!.content as ReadonlyArray<ContentBlock>)[0]?.cache_control, mark)
    assert.deepStrictEqual(raised.tools?.[0]?.cache_control, mark)
    assert.deepStrictEqual(sent(raised).body, body)
    const foreign = sent({
      messages: [{ role: "user", content: [{ type: "text", text: "a", cache_control: mark }] }],
      tools: [{ name: "f", parameters: {}, cache_control: mark }]
    })
    assert.isFalse(JSON.stringify(foreign.body).includes("ephemeral"))
  })

  it("never writes what another dialect said for itself", () => {
    const options = { provider_options: { anthropic: { container: "secret" } } }
    const { body } = sent({
      ...options,
      messages: [{ ...user, ...options, content: [{ type: "text", text: "a", ...options }] }],
      tools: [{ name: "f", parameters: {}, ...options }],
      conversation_id: "secret",
      timeout: 3
    })
    assert.isFalse(JSON.stringify(body).includes("secret"))
    assert.hasAllKeys(body, ["model", "messages", "tools"])
  })

  it.each<[Partial<ChatRequest>, Schema.JsonObject, number]>([
    [{ temperature: 3 }, { temperature: 2 }, 1],
    [{ temperature: 1, top_p: 0.5 }, { temperature: 1, top_p: 0.5 }, 0],
    [{ top_k: 5 }, {}, 1],
    [{ stop: ["a", "b"] }, { stop: ["a", "b"] }, 0],
    [{ max_output_tokens: 5 }, { max_completion_tokens: 5 }, 0],
    [{ reasoning_effort: "low", reasoning_budget_tokens: 0 }, { reasoning_effort: "none" }, 0],
    [{ reasoning_budget_tokens: 5000 }, { reasoning_effort: "medium" }, 1],
    [{ reasoning_effort: "low", reasoning_budget_tokens: -1 }, { reasoning_effort: "low" }, 0],
    [{ tool_choice: { name: "f" } }, { tool_choice: { type: "function", function: { name: "f" } } }, 0]
  ])("takes %j as %j", (request, fields, count) => {
    const { body, degradations } = sent(request)
    assert.deepStrictEqual(Struct.omit(body, ["messages", "model"]), fields)
    assert.strictEqual(degradations.length, count)
  })

  it("leaves out a signature that is good in another dialect alone, and says so", () => {
    const signed = (producer_dialect: string | null): ContentBlock => ({
      type: "tool_call",
      id: "a",
      name: "f",
      input: {},
      signature: "S",
      producer_dialect
    })
    const given = (block: ContentBlock) => sent({ messages: [user, { role: "assistant", content: [block] }] })
    const foreign = given(signed("gemini"))
    assert.isFalse(JSON.stringify(foreign.body).includes("thought_signature"))
    assert.strictEqual(foreign.degradations.length, 1)
    for (const own of [null, "chat"]) {
      assert.include(JSON.stringify(given(signed(own)).body), "\"thought_signature\":\"S\"")
    }
  })

  it("refuses what would be answered otherwise, and leaves out what would not", () => {
    const block = unknownBlock("anthropic_block", { block: { type: "document" } })
    const refused = lower({ messages: [{ role: "user", content: [block] }] })
    assert.strictEqual(Result.isFailure(refused) ? refused.failure.param : "sent", "messages")
    const { degradations } = sent({
      messages: [user, { role: "assistant", content: [block, { type: "text", text: "a" }] }]
    })
    assert.strictEqual(degradations.length, 1)
  })
})
