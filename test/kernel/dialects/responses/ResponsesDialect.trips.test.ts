/** What only a vendor can read comes back to it over a client of any dialect: plain and streamed, over a turn with a tool. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import type { Schema } from "effect"
import { anthropic } from "../../../../src/kernel/dialects/anthropic/AnthropicDialect.ts"
import { chat } from "../../../../src/kernel/dialects/chat/ChatDialect.ts"
import type { Dialect, WireMessage } from "../../../../src/kernel/dialects/Dialect.ts"
import { gemini } from "../../../../src/kernel/dialects/gemini/GeminiDialect.ts"
import { responses } from "../../../../src/kernel/dialects/responses/ResponsesDialect.ts"
import type { ChatResponse } from "../../../../src/kernel/messages/ChatResponse.ts"
import type { StreamPart } from "../../../../src/kernel/messages/StreamPart.ts"

interface Vendor {
  readonly dialect: Dialect
  readonly answer: Schema.JsonObject
  /** What it must get back of its answer, where it stands in a request. */
  readonly returned: (request: Schema.JsonObject) => unknown
  readonly expected: unknown
}

const messages = ({ contents, input, messages }: Schema.JsonObject) =>
  (messages ?? contents ?? input) as ReadonlyArray<Schema.JsonObject>

const thinking = [
  { type: "thinking", thinking: "alpha", signature: "SIG-1" },
  { type: "redacted_thinking", data: "OPAQUE" },
  { type: "thinking", thinking: "", signature: "SIG-2" },
  { type: "text", text: "ok" },
  { type: "tool_use", id: "c1", name: "f", input: {} }
]
const parts = [
  { text: "hm", thought: true },
  { text: "ok", thoughtSignature: "S0" },
  { functionCall: { name: "f", args: { a: 1 } }, thoughtSignature: "S1" }
]
const output = [
  { type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "hm" }], encrypted_content: "ENC1" },
  {
    type: "message",
    id: "msg_1",
    role: "assistant",
    status: "completed",
    content: [{ type: "output_text", text: "ok" }]
  },
  { type: "reasoning", id: "rs_2", summary: [], encrypted_content: "ENC2" },
  { type: "function_call", id: "fc_1", call_id: "c1", name: "f", arguments: "{}", status: "completed" }
]

const vendors: ReadonlyArray<Vendor> = [
  {
    dialect: anthropic,
    answer: {
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "claude",
      stop_reason: "tool_use",
      content: thinking,
      usage: { input_tokens: 4, output_tokens: 20 }
    },
    returned: (request) => messages(request)[1]?.["content"],
    expected: thinking
  },
  {
    dialect: gemini,
    answer: { candidates: [{ content: { role: "model", parts }, finishReason: "STOP" }] },
    returned: (request) => messages(request)[1]?.["parts"],
    expected: parts
  },
  {
    dialect: responses,
    answer: { id: "resp_1", object: "response", created_at: 1, model: "gpt-5", status: "completed", output },
    returned: (request) =>
      messages(request).slice(1, 5).map(({ encrypted_content, id, type }) =>
        type === "reasoning" ? [id, encrypted_content] : type
      ),
    expected: [["rs_1", "ENC1"], "message", ["rs_2", "ENC2"], "function_call"]
  }
]

const trips = vendors.flatMap((vendor) =>
  [chat, responses, anthropic].filter((client) => client !== vendor.dialect).map((client) => ({
    vendor,
    client,
    name: `${vendor.dialect.name} over a client of ${client.name}`
  }))
)

const streamOf = (response: ChatResponse): ReadonlyArray<StreamPart> => [
  { type: "response_start", metadata: response.metadata ?? {} },
  ...response.content.flatMap((block, index): ReadonlyArray<StreamPart> => {
    const words = block["text"] ?? block["thinking"]
    const named = block.type === "tool_call" ? { id: String(block["id"]), name: String(block["name"]) } : {}
    return [
      { type: "block_start", index, block: block.type, ...named },
      ...(typeof words === "string" && words !== "" ? [{ type: "block_delta" as const, index, text: words }] : []),
      { type: "block_end", index, block }
    ]
  }),
  { type: "response", response }
]

const user = { role: "user", content: "Hello?" }

describe("ResponsesDialect, ChatDialect: trips over clients", () => {
  it.each(trips)("brings back what is of $name", ({ client, vendor }) => {
    const response = Result.getOrThrow(vendor.dialect.raise.response(vendor.answer, "p/m"))
    const { add } = client.lower.stream()
    const text = Buffer.concat(streamOf(response).flatMap((part) => add(part))).toString()
    const answers = [
      client.conversation.answer(JSON.stringify(client.lower.response(response)), false),
      client.conversation.answer(text, true)
    ]
    for (const answer of answers) {
      const { message } = answer!
      const results: ReadonlyArray<WireMessage> = client.conversation.toolCalls(message).map((id) =>
        client.conversation.toolResult(id, "rain")
      )
      const request = client.conversation.request({ max_tokens: 9000 }, "m", [user, message, ...results])
      const raised = Result.getOrThrow(client.raise.request(JSON.parse(JSON.stringify(request))))
      const { body } = Result.getOrThrow(vendor.dialect.lower.request(raised))
      assert.deepStrictEqual(JSON.parse(JSON.stringify(vendor.returned(body))), vendor.expected)
    }
  })
})
