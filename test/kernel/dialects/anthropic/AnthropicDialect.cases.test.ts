/** What people have reported of gateways before Anthropic, as far as the dialect alone answers for it. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import type { Schema } from "effect"
import { anthropic } from "../../../../src/kernel/dialects/anthropic/AnthropicDialect.ts"
import type { ChatRequest } from "../../../../src/kernel/messages/ChatRequest.ts"
import * as Streams from "./AnthropicStreams.ts"

const call = (id: string, city: string) => ({ type: "tool_call" as const, id, name: "weather", input: { city } })

/** As chat completions raise it: each result in a message of its own. */
const parallel: ChatRequest = {
  model: "claude-x",
  max_output_tokens: 100,
  messages: [
    { role: "user", content: "Oslo and Rome?" },
    { role: "assistant", content: [call("t1", "Oslo"), call("t2", "Rome")] },
    { role: "tool", content: [{ type: "tool_result", tool_call_id: "t1", output: "3 C" }] },
    { role: "tool", content: [{ type: "tool_result", tool_call_id: "t2", output: [{ type: "text", text: "17 C" }] }] },
    { role: "user", content: "which is warmer?" }
  ],
  tools: [{
    name: "weather",
    description: "",
    parameters: { type: "object", properties: { city: { type: "string" } } }
  }]
}

const events = (list: ReadonlyArray<readonly [string, Schema.JsonObject]>): string =>
  list.map(([event, value]) => Streams.bytesOf(event, value)).join("")

const block = (index: number, content_block: Schema.JsonObject, ...deltas: ReadonlyArray<Schema.JsonObject>) => [
  ["content_block_start", { index, content_block }] as const,
  ...deltas.map((delta) => ["content_block_delta", { index, delta }] as const),
  ["content_block_stop", { index }] as const
]

const unsignedThinking = { type: "thinking", thinking: "", signature: "" }

const signatures = events([
  ["message_start", {
    message: { id: "msg_1", role: "assistant", content: [], usage: { input_tokens: 10, output_tokens: 1 } }
  }],
  ...block(0, unsignedThinking, { type: "thinking_delta", thinking: "alpha" }, {
    type: "signature_delta",
    signature: "SIG-1"
  }),
  ...block(1, { type: "redacted_thinking", data: "OPAQUE" }),
  ...block(2, unsignedThinking, { type: "signature_delta", signature: "SIG-2" }),
  ...block(3, { type: "tool_use", id: "t1", name: "f", input: {} }, { type: "input_json_delta", partial_json: "{}" }),
  ["message_delta", { delta: { stop_reason: "tool_use" }, usage: { output_tokens: 9 } }],
  ["message_stop", {}]
])

const signed = [
  { type: "thinking", thinking: "alpha", signature: "SIG-1" },
  { type: "redacted_thinking", data: "OPAQUE" },
  { type: "thinking", thinking: "", signature: "SIG-2" },
  { type: "tool_use", id: "t1", name: "f", input: {} }
]

const cached = { input_tokens: 4, cache_creation_input_tokens: 100, cache_read_input_tokens: 1000, output_tokens: 20 }
const counted = {
  input_tokens: 1104,
  output_tokens: 20,
  total_tokens: 1124,
  cache_read_tokens: 1000,
  cache_write_tokens: 100
}

describe("adapter: Anthropic", () => {
  it("anthropic-parallel-tool-results: one turn, results first, in order, then the text", () => {
    const { body, degradations } = Result.getOrThrow(anthropic.lower.request(parallel))
    assert.deepStrictEqual<unknown>(body["messages"], [
      { role: "user", content: [{ type: "text", text: "Oslo and Rome?" }] },
      {
        role: "assistant",
        content: [
          { type: "tool_use", id: "t1", name: "weather", input: { city: "Oslo" } },
          { type: "tool_use", id: "t2", name: "weather", input: { city: "Rome" } }
        ]
      },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "t1", content: "3 C" },
          { type: "tool_result", tool_use_id: "t2", content: [{ type: "text", text: "17 C" }] },
          { type: "text", text: "which is warmer?" }
        ]
      }
    ])
    assert.deepStrictEqual(degradations, [])
  })

  it("anthropic-thinking-signatures-stream: each signature stays with its block, streamed and plain", () => {
    const last = Streams.partsOf(anthropic.raise.stream(), signatures).at(-1)
    const streamed = last?.type === "response" ? last.response : undefined
    const plain = Result.getOrThrow(anthropic.raise.response({
      id: "msg_1",
      content: signed,
      stop_reason: "tool_use",
      usage: { input_tokens: 10, output_tokens: 9 }
    }))
    assert.deepStrictEqual(streamed, plain)
    const next: ChatRequest = {
      model: "m",
      messages: [
        { role: "user", content: "Hello?" },
        { role: "assistant", content: plain.content },
        { role: "tool", content: [{ type: "tool_result", tool_call_id: "t1", output: "r" }] }
      ]
    }
    const { body } = Result.getOrThrow(anthropic.lower.request(next))
    assert.deepStrictEqual<unknown>((body["messages"] as ReadonlyArray<Schema.JsonObject>)[1], {
      role: "assistant",
      content: signed
    })
  })

  it("anthropic-usage-with-cache: cached tokens are input, once; the same in a stream", () => {
    const message = { id: "msg_1", content: [], stop_reason: "end_turn", usage: cached }
    assert.deepStrictEqual(Result.getOrThrow(anthropic.raise.response(message)).usage, counted)
    assert.deepStrictEqual(anthropic.summary.answer({ status: 200, json: message, frames: undefined }).usage, counted)
    const text = Streams.streamOf(message)
    const last = Streams.partsOf(anthropic.raise.stream(), text).at(-1)
    assert.deepStrictEqual(last?.type === "response" ? last.response.usage : last, counted)
    const frames = text.split("\n\n").map((frame) => [0, `${frame}\n\n`] as const)
    assert.deepStrictEqual(anthropic.summary.answer({ status: 200, json: undefined, frames }).usage, counted)
    assert.deepStrictEqual<unknown>(anthropic.lower.response({ content: [], usage: counted })["usage"], cached)
  })

  it("anthropic-error-inside-a-stream: the text so far, then a failure and no answer; pings make nothing", () => {
    const error = { type: "error", error: { type: "overloaded_error", message: "Overloaded" } }
    const text = events([
      ["message_start", { type: "message_start", message: { id: "msg_1", content: [] } }],
      ["ping", { type: "ping" }],
      ["content_block_start", { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }],
      ["content_block_delta", { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Hel" } }],
      ["error", error]
    ])
    const parts = Streams.partsOf(anthropic.raise.stream(), text)
    assert.deepStrictEqual(parts.map(({ type }) => type), ["response_start", "block_start", "block_delta", "error"])
    assert.deepStrictEqual<unknown>(parts.at(-1), {
      type: "error",
      error,
      failure: {
        kind: "overloaded",
        message: "Overloaded",
        type: "overloaded_error",
        code: "overloaded_error",
        param: null
      }
    })
    const frames = text.split("\n\n").map((frame) => [0, `${frame}\n\n`] as const)
    assert.deepStrictEqual(anthropic.failureOf({ status: 200, json: undefined, frames }), {
      type: "vendor_error",
      message: "Overloaded"
    })
    assert.strictEqual(anthropic.endingOf?.(text), "failed")
    const written = Streams.written(anthropic.lower.stream(), parts)
    assert.isTrue(written.endsWith(Streams.bytesOf("error", error)))
    assert.notInclude(written, "message_stop")
  })

  it("anthropic-429-headers: the body is a rate limit's, in Anthropic's form again", () => {
    const body = { type: "error", error: { type: "rate_limit_error", message: "quota" } }
    const failure = anthropic.errors.raise(429, body)
    assert.deepInclude(failure, { kind: "rate_limit", message: "quota", type: "rate_limit_error" })
    assert.deepStrictEqual<unknown>(anthropic.errors.envelope({ message: failure.message, type: failure.type! }), body)
  })
})
