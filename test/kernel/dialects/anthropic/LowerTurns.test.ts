/** Messages of other dialects become turns that Anthropic takes, and what is lost is told. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { anthropic } from "../../../../src/kernel/dialects/anthropic/AnthropicDialect.ts"
import { unknownBlock } from "../../../../src/kernel/messages/ContentBlock.ts"
import type { Message } from "../../../../src/kernel/messages/Message.ts"

const lowered = (...messages: ReadonlyArray<Message>) =>
  Result.map(anthropic.lower.request({ model: "m", messages }), ({ body, degradations }) => ({
    system: body["system"],
    messages: body["messages"],
    less: degradations.map(({ requested }) => requested)
  }))

const of = (...messages: ReadonlyArray<Message>) => Result.getOrThrow(lowered(...messages))

const text = (text: string) => ({ type: "text" as const, text })
const user: Message = { role: "user", content: "Hello?" }
const hello = { role: "user", content: [text("Hello?")] }

describe("LowerTurns", () => {
  it("lets a developer's message stand in its place, as a file", () => {
    const developer: Message = { role: "developer", content: [text("a"), text("b")] }
    assert.deepStrictEqual<unknown>(of(user, { role: "assistant", content: "Hi." }, developer).messages, [
      hello,
      { role: "assistant", content: [text("Hi.")] },
      { role: "user", content: [text("<context_file>\na"), text("b\n</context_file>")] }
    ])
  })

  it("puts the system's words before the conversation, and tells of those that stood within it", () => {
    const system: Message = { role: "system", content: "Be brief." }
    assert.deepStrictEqual<unknown>(of(system, user), { system: "Be brief.", messages: [hello], less: [] })
    assert.deepStrictEqual<unknown>(of(system, user, { role: "system", content: "Be kind." }), {
      system: [text("Be brief."), text("Be kind.")],
      messages: [hello],
      less: ["a system prompt within the conversation"]
    })
  })

  it("leaves out thoughts that Anthropic did not sign, and says whose they are", () => {
    const thoughts: Message = {
      role: "assistant",
      content: [
        { type: "thinking", thinking: "a", content: ["ENCRYPTED", "rs_1"], producer_model: "openai/gpt-5" },
        { type: "thinking", thinking: "b", signature: "G", provider_options: { gemini: { a: 1 } } },
        { type: "thinking", thinking: "c" },
        { type: "reasoning", content: [], summary: [] },
        { type: "thinking", thinking: "d", signature: "SIG", cache_control: { type: "ephemeral" } },
        { type: "thinking", thinking: "e", signature: "G", producer_dialect: "gemini" },
        { type: "redacted_thinking", data: "R", producer_dialect: "responses" },
        { type: "redacted_thinking", data: "A", producer_dialect: "anthropic" },
        { ...text("Hi."), signature: "G" },
        { type: "tool_call", id: "t", name: "f", input: {}, signature: "G" }
      ]
    }
    assert.deepStrictEqual<unknown>(of(user, thoughts), {
      system: undefined,
      messages: [hello, {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "d", signature: "SIG" },
          { type: "redacted_thinking", data: "A" },
          text("Hi."),
          { type: "tool_use", id: "t", name: "f", input: {} }
        ]
      }],
      less: [
        "thinking of openai/gpt-5",
        "thinking of gemini",
        "thinking of another model",
        "a mark of the cache on thinking",
        "thinking of responses",
        "the signature of a text",
        "the signature of a tool call"
      ]
    })
  })

  it("says that names of those who speak are lost", () => {
    const { less, messages } = of({ ...user, name: "Ada" }, {
      role: "tool",
      name: "f",
      tool_call_id: "t",
      content: "r"
    })
    assert.deepStrictEqual(less, ["the name of a message of the role user"])
    assert.notInclude(JSON.stringify(messages), "Ada")
  })

  it("renames ids with letters that are refused, calls and results alike", () => {
    const call = (id: string) => ({ type: "tool_call" as const, id, name: "f", input: {} })
    const result = (tool_call_id: string) => ({ type: "tool_result" as const, tool_call_id, output: "r" })
    const { messages } = of(
      user,
      { role: "assistant", content: [call("a.b"), call("a:b"), call("a_b"), call("")] },
      { role: "tool", content: [result("a.b"), result("a:b"), result("a_b"), result("")] }
    )
    const names = JSON.stringify(messages).match(/"(tool_use_)?id":"[^"]*"/g)?.map((each) => each.replace(/.*:/, ""))
    const expected = ["\"a_b_2\"", "\"a_b_3\"", "\"a_b\"", "\"call\""]
    assert.deepStrictEqual(names, [...expected, ...expected])
  })

  it("writes what a tool gave: text, blocks in order, other JSON as its text", () => {
    const image = { type: "image" as const, source: { type: "url", url: "https://example.com/a.png" } }
    const outputs = ["r", [text("a"), image, text("b")], { a: [1] }, [1, 2], "", null]
    const results = outputs.map((output, index) => ({
      type: "tool_result" as const,
      tool_call_id: `t${index}`,
      output
    }))
    const content = (of({ role: "tool", content: results }).messages as ReadonlyArray<{ readonly content: unknown }>)[0]
      ?.content
    assert.deepStrictEqual((content as ReadonlyArray<{ readonly content?: unknown }>).map(({ content }) => content), [
      "r",
      [text("a"), image, text("b")],
      "{\"a\":[1]}",
      "[1,2]",
      undefined,
      "null"
    ])
  })

  it("takes a tool's message whose call stands beside its content", () => {
    assert.deepStrictEqual<unknown>(of({ role: "tool", tool_call_id: "t", content: "r" }).messages, [
      { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: "r" }] }
    ])
  })

  it("refuses a call that names no tool", () => {
    const nameless = { type: "tool_call" as const, id: "t", name: "", input: {} }
    const failure = lowered(user, { role: "assistant", content: [nameless] })
    assert.isTrue(Result.isFailure(failure) && failure.failure.param === "messages")
  })

  it("refuses what a user says in no block that Anthropic has, and leaves it out where a model said it", () => {
    const audio = unknownBlock("input_audio", { data: "AA==" })
    const failure = lowered({ role: "user", content: [audio] })
    assert.isTrue(Result.isFailure(failure) && failure.failure.param === "messages")
    assert.deepStrictEqual(of(user, { role: "assistant", content: [audio, text("Hi.")] }).less, ["a block input_audio"])
  })
})
