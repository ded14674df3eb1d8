/** Whatever JSON comes is read without a throw; whatever is canonical is sent as the vendor takes it, and comes back. */
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { chat } from "../../../../src/kernel/dialects/chat/ChatDialect.ts"
import { SentRequest } from "../../../../src/kernel/dialects/chat/SentWire.ts"
import { SseReader } from "../../../../src/kernel/dialects/sse/SseReader.ts"
import type { ChatRequest } from "../../../../src/kernel/messages/ChatRequest.ts"
import { ChatResponse } from "../../../../src/kernel/messages/ChatResponse.ts"

const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

const Id = Schema.String.check(Schema.isPattern(/^[a-z]{1,8}$/))
const Text = Schema.Struct({ type: Schema.Literal("text"), text: Schema.String })
const Image = Schema.Struct({
  type: Schema.Literal("image"),
  source: Schema.Struct({ type: Schema.Literal("url"), url: Schema.String.check(Schema.isPattern(/^https:/)) })
})
const Call = Schema.Struct({ type: Schema.Literal("tool_call"), id: Id, name: Id, input: Schema.JsonObject })
const Thought = Schema.Struct({
  type: Schema.Literal("thinking"),
  thinking: Schema.String,
  signature: Schema.optionalKey(Id),
  content: Schema.optionalKey(Schema.Array(Id))
})
const Redacted = Schema.Struct({ type: Schema.Literal("redacted_thinking"), data: Schema.String })
const ToolResult = Schema.Struct({
  type: Schema.Literal("tool_result"),
  tool_call_id: Id,
  output: Schema.Union([Schema.Array(Schema.Union([Text, Image])), Schema.Json])
})

const Request = Schema.Struct({
  model: Id,
  messages: Schema.NonEmptyArray(Schema.Union([
    Schema.Struct({
      role: Schema.Literals(["user", "system", "developer"]),
      content: Schema.Union([Schema.String, Schema.Array(Text)])
    }),
    Schema.Struct({
      role: Schema.Literal("assistant"),
      content: Schema.Array(Schema.Union([Thought, Redacted, Text, Call]))
    }),
    Schema.Struct({ role: Schema.Literal("tool"), content: Schema.Array(ToolResult) })
  ])),
  temperature: Schema.optionalKey(Schema.Finite),
  top_k: Schema.optionalKey(Schema.Int),
  reasoning_budget_tokens: Schema.optionalKey(Schema.Int)
})

const Fields = Schema.Record(
  Schema.Literals([
    "role",
    "content",
    "tool_calls",
    "thinking_blocks",
    "reasoning_content",
    "refusal",
    "extra_content",
    "images"
  ]),
  Schema.optionalKey(Schema.Union([
    Schema.Array(Schema.Union([Thought, Redacted, Text, Schema.JsonObject])),
    Schema.Json
  ]))
)

const framesOf = (text: string) => {
  const reader = new SseReader()
  return [...reader.feed(Buffer.from(text)), ...reader.end()]
}

describe("ChatDialect, whatever comes", () => {
  it.prop("reads any JSON without a throw", { body: Schema.Json, message: Fields }, ({ body, message }) => {
    for (
      const each of [body, { model: "m", messages: [message, body], tools: body }, {
        choices: [{ message }],
        usage: body
      }]
    ) {
      chat.raise.request(each)
      const response = chat.raise.response(each, "p/m")
      if (Result.isSuccess(response)) {
        Schema.decodeUnknownSync(ChatResponse)(json(response.success))
        chat.lower.response(response.success)
      }
    }
  })

  it.prop(
    "reads any stream without a throw, and ends each block once",
    { deltas: Schema.Array(Fields) },
    ({ deltas }) => {
      const text = deltas.map((delta) => `data: ${JSON.stringify({ id: "c", choices: [{ index: 0, delta }] })}\n\n`)
        .join("")
      const raiser = chat.raise.stream("p/m")
      const parts = [...framesOf(text).flatMap((frame) => raiser.add(frame)), ...raiser.end()]
      const indexes = (type: "block_start" | "block_end") =>
        parts.flatMap((part) => part.type === type ? [part.index] : []).sort((one, other) => one - other)
      assert.deepStrictEqual(indexes("block_end"), indexes("block_start"))
      assert.deepStrictEqual(indexes("block_end"), indexes("block_end").map((_, index) => index))
    }
  )

  it.prop("sends any request as the vendor takes it", { request: Request }, ({ request }) => {
    const { body } = Result.getOrThrow(chat.lower.request(request as ChatRequest))
    Schema.decodeUnknownSync(SentRequest)(json(body))
  })

  it.prop("gets thoughts back from a client, plain and streamed", {
    content: Schema.NonEmptyArray(Schema.Union([Thought, Redacted]))
  }, ({ content }) => {
    // Words alone are one text.
    const thoughts = content.map((block) => block.type === "thinking" ? { signature: "s", ...block } : block)
    const response = { content: thoughts, metadata: {} }
    const { message } =
      (json(chat.lower.response(response)) as { choices: ReadonlyArray<{ message: Schema.JsonObject }> }).choices[0]!
    const { add } = chat.lower.stream()
    const text = Buffer.concat([
      ...thoughts.flatMap((block, index) => [
        ...add({ type: "block_start", index, block: block.type }),
        ...(block.type === "thinking" ? add({ type: "block_delta", index, text: block.thinking }) : []),
        ...add({ type: "block_end", index, block })
      ]),
      ...add({ type: "response", response })
    ]).toString()
    for (const each of [message, chat.conversation.answer(text, true)!.message]) {
      const { messages } = Result.getOrThrow(chat.raise.request({ model: "m", messages: [json(each)] }))
      assert.deepStrictEqual<unknown>(json(messages[0]!.content), json(thoughts))
    }
  })
})
