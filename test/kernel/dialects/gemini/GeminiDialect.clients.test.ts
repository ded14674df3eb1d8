/** What only Gemini reads survives a trip over clients of other dialects, and what only others read one over its own. */
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { anthropic } from "../../../../src/kernel/dialects/anthropic/AnthropicDialect.ts"
import type { Dialect } from "../../../../src/kernel/dialects/Dialect.ts"
import { gemini } from "../../../../src/kernel/dialects/gemini/GeminiDialect.ts"
import { SentRequest } from "../../../../src/kernel/dialects/gemini/SentWire.ts"
import { responses } from "../../../../src/kernel/dialects/responses/ResponsesDialect.ts"
import { call, content, head, raisedAnswer, result, signed } from "./GeminiWire.ts"

type Fields = Schema.JsonObject
type List = ReadonlyArray<Fields>

const parts = [
  { text: "hm", thought: true },
  signed({ text: "so", thought: true }, "VDE="),
  signed({ text: "So" }, "VDI="),
  signed(call("f", { q: "a" }), "U0E="),
  call("f", { q: "b" }),
  signed({ text: "" }, "VDM=")
]

const answer = raisedAnswer({
  ...head,
  candidates: [{ index: 0, content: content(...parts), finishReason: "STOP" }]
}, "google/gemini-3")
const ids = answer.content.flatMap((block) => block.type === "tool_call" ? [String(block["id"])] : [])

/** How clients send back what they were answered, with the results of their tools. */
const clients: ReadonlyArray<{ readonly dialect: Dialect; readonly next: (answer: Fields) => Fields }> = [
  {
    dialect: anthropic,
    next: ({ content }) => ({
      model: "gemini-3-pro",
      max_tokens: 100,
      messages: [
        { role: "user", content: "hi" },
        { role: "assistant", content: content! },
        { role: "user", content: ids.map((id) => ({ type: "tool_result", tool_use_id: id, content: "x" })) }
      ]
    })
  },
  {
    dialect: responses,
    next: ({ output }) => ({
      model: "gemini-3-pro",
      input: [
        { role: "user", content: "hi" },
        ...output as List,
        ...ids.map((call_id) => ({ type: "function_call_output", call_id, output: "x" }))
      ]
    })
  }
]

describe("GeminiDialect, before clients of other dialects", () => {
  it.each(clients)("gets back what it answered a client of $dialect.name as it came", ({ dialect, next }) => {
    const request = Result.getOrThrow(dialect.raise.request(next(dialect.lower.response(answer))))
    const { body, degradations } = Result.getOrThrow(gemini.lower.request(request))
    Schema.decodeUnknownSync(SentRequest)(body)
    assert.deepStrictEqual<unknown>((body["contents"] as List).slice(1), [
      content(...parts),
      { role: "user", parts: [result("f", { output: "x" }), result("f", { output: "x" })] }
    ])
    assert.deepStrictEqual(degradations, [])
  })

  it("gives Anthropic back what it answered a client of Gemini's", () => {
    const said = [
      { type: "thinking", thinking: "t", signature: "EqQB" },
      { type: "redacted_thinking", data: "Em" },
      { type: "text", text: "x" },
      { type: "tool_use", id: "toolu_1", name: "f", input: { a: 1 } }
    ]
    const usage = { input_tokens: 1, output_tokens: 2 }
    const body = {
      id: "m",
      type: "message",
      role: "assistant",
      model: "claude",
      content: said,
      stop_reason: "tool_use",
      usage
    }
    const lowered = gemini.lower.response(Result.getOrThrow(anthropic.raise.response(body, "anthropic/claude")))
    const [candidate] = lowered["candidates"] as List
    const request = Result.getOrThrow(gemini.raise.request({
      contents: [
        { role: "user", parts: [{ text: "hi" }] },
        candidate!["content"]!,
        { role: "user", parts: [result("f", { output: "x" }, "toolu_1")] }
      ],
      generationConfig: { maxOutputTokens: 10 }
    }))
    const again = Result.getOrThrow(anthropic.lower.request({ ...request, model: "claude" }))
    assert.deepStrictEqual<unknown>((again.body["messages"] as List).slice(1), [
      { role: "assistant", content: said },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1", content: "x" }] }
    ])
    assert.deepStrictEqual(again.degradations, [])
  })
})
