/** A canonical conversation as sessions, forks and hooks read and change it. */
import { assert, describe, it } from "@effect/vitest"
import { canonical } from "../../../../src/kernel/dialects/canonical/CanonicalDialect.ts"

const { conversation } = canonical

const call = (id: string) => ({ type: "tool_call", id, name: "f", input: {} })
const content = [{ type: "text", text: "x" }, call("c1"), call("c2")]
const response = { content, finish_reason: "tool_calls" }
const context = { text: "Note.", role: "user", append_to_last_tool_result: true } as const

const result = (output: unknown) => ({
  role: "tool",
  content: [{ type: "tool_result", tool_call_id: "c1", output }]
})

const outputWith = (output: unknown) =>
  Object(conversation.addContext({ messages: [result(output)] } as never, context)).messages[0].content[0].output

describe("CanonicalConversation", () => {
  it("finds the answer of a body and of a stream", () => {
    const message = { role: "assistant", content }
    assert.deepStrictEqual(conversation.answer(JSON.stringify(response), false), {
      message,
      finish_reason: "tool_calls"
    })
    const text = `data: {"type":"block_delta","index":0,"text":"x"}\n\ndata: ${
      JSON.stringify({ type: "response", response })
    }\n\ndata: [DONE]\n\n`
    assert.deepStrictEqual(conversation.answer(text, true), { message, finish_reason: "tool_calls" })
    for (const [text, streamed] of [["{}", false], ["no JSON", false], ["data: {}\n\n", true]] as const) {
      assert.isUndefined(conversation.answer(text, streamed))
    }
  })

  it("knows calls and results by their ids, and replaces what a tool gave", () => {
    assert.deepStrictEqual(conversation.toolCalls({ role: "assistant", content }), ["c1", "c2"])
    const given = conversation.toolResult("c1", "rain")
    assert.deepStrictEqual(conversation.toolResults(given), ["c1"])
    assert.deepStrictEqual(conversation.replaceToolResults(given, { c1: "sun" }), conversation.toolResult("c1", "sun"))
    assert.deepStrictEqual(conversation.replaceToolResults(given, { other: "sun" }), given)
    assert.deepStrictEqual(conversation.toolCalls({ role: "user", content: "text" }), [])
  })

  it("adds context within the last result, whatever its form", () => {
    assert.strictEqual(outputWith("rain"), "rain\n\nNote.")
    assert.strictEqual(outputWith(""), "Note.")
    assert.strictEqual(outputWith({ celsius: 4 }), "{\"celsius\":4}\n\nNote.")
    assert.strictEqual(outputWith(null), "Note.")
    const text = { type: "text", text: "rain" }
    assert.deepStrictEqual(outputWith([text]), [text, { type: "text", text: "Note." }])
  })

  it("adds context behind the conversation where it does not end in a result, or was not asked to", () => {
    const added = { role: "user", content: "Note." }
    const hello = { role: "user", content: "Hello?" }
    assert.deepStrictEqual(conversation.addContext({ messages: [hello] }, context)["messages"], [hello, added])
    const apart = { ...context, append_to_last_tool_result: false }
    const last = result("rain") as never
    assert.deepStrictEqual(conversation.addContext({ messages: [last] }, apart)["messages"], [last, added])
    assert.deepStrictEqual(conversation.addContext({}, context)["messages"], [added])
  })

  it("keeps what else a request says when another conversation takes its place", () => {
    const message = { role: "user", content: "x" }
    assert.deepStrictEqual(conversation.request({ model: "a", seed: 1, messages: [] }, "b", [message]), {
      model: "b",
      seed: 1,
      messages: [message]
    })
    assert.deepStrictEqual(conversation.messages({ messages: [message, null, 1] }), [message])
    assert.isNull(conversation.messages({}))
  })
})
