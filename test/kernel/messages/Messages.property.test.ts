/** The canonical model is open: what it does not know survives a round trip, at every level. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { ChatRequest } from "../../../src/kernel/messages/ChatRequest.ts"
import { ChatResponse } from "../../../src/kernel/messages/ChatResponse.ts"
import { ContentBlock } from "../../../src/kernel/messages/ContentBlock.ts"
import { Message } from "../../../src/kernel/messages/Message.ts"
import { ResponseFormat } from "../../../src/kernel/messages/ResponseFormat.ts"
import { StreamPart } from "../../../src/kernel/messages/StreamPart.ts"
import { ToolCall, ToolResult, ToolSpec } from "../../../src/kernel/messages/Tools.ts"
import { Usage } from "../../../src/kernel/messages/Usage.ts"

const schemas = {
  ChatRequest,
  ChatResponse,
  ContentBlock,
  Message,
  ResponseFormat,
  StreamPart,
  ToolCall,
  ToolResult,
  ToolSpec,
  Usage
}

/** Through JSON text and back. */
const roundTrip = <T, E>(schema: Schema.Codec<T, E>, value: T): T =>
  Schema.decodeUnknownSync(schema)(JSON.parse(JSON.stringify(Schema.encodeSync(schema)(value))))

const same = (one: unknown, other: unknown) =>
  assert.deepStrictEqual(JSON.parse(JSON.stringify(one)), JSON.parse(JSON.stringify(other)))

const blocks: ReadonlyArray<Schema.JsonObject> = [
  { type: "text", text: "a", cache_control: { type: "ephemeral" }, visibility: "user" },
  { type: "thinking", thinking: "t", signature: "s", content: ["enc", "rs_1"], producer_model: "p/m" },
  { type: "redacted_thinking", data: "d" },
  { type: "reasoning", content: [{ a: 1 }], summary: [] },
  { type: "tool_call", id: "c", name: "f", input: { x: [1, null] }, extra_content: { google: { signature: "s" } } },
  { type: "tool_result", tool_call_id: "c", output: [{ type: "text", text: "x" }], is_error: true },
  { type: "image", source: { type: "base64", media_type: "image/png", data: "AA==" } },
  { type: "web_search_tool_result", tool_use_id: "w", content: [{ url: "u" }] },
  { type: "", odd: null }
]

const malformed: ReadonlyArray<Schema.JsonObject> = [
  { type: "text" },
  { type: "text", text: 1 },
  { type: "tool_call", id: "c", name: "f", input: "x" },
  { type: "text", text: "a", visibility: "everyone" },
  { text: "a" }
]

describe("messages", () => {
  for (const [name, schema] of Object.entries(schemas)) {
    const codec = schema as unknown as Schema.Codec<unknown, Schema.Json>
    it.prop(`keeps any ${name} through JSON`, { value: codec }, ({ value }) => same(roundTrip(codec, value), value))
  }

  it.each(blocks)("keeps the block %j whole", (block) => {
    assert.deepStrictEqual<unknown>(Schema.decodeUnknownSync(ContentBlock)(block), block)
    const message = { role: "assistant", content: [block], of_a_vendor: { deep: [block] }, producer_model: "p/m" }
    same(Schema.decodeUnknownSync(Message)(message), message)
    const request = { messages: [message], tools: [{ name: "f", parameters: {}, strict: true }], store: false }
    same(Schema.decodeUnknownSync(ChatRequest)(request), request)
  })

  it.each(malformed)("refuses the block %j", (block) => {
    assert.throws(() => Schema.decodeUnknownSync(ContentBlock)(block))
  })
})
