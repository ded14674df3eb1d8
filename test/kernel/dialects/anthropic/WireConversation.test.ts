/** What sessions read off requests and answers of this dialect, and what forks change. */
import { assert, describe, it } from "@effect/vitest"
import { conversation } from "../../../../src/kernel/dialects/anthropic/WireConversation.ts"
import * as Samples from "./AnthropicSamples.ts"
import * as Streams from "./AnthropicStreams.ts"

const result = (tool_use_id: string, content: string) => ({ type: "tool_result", tool_use_id, content })
const user = { role: "user", content: "Hello?" }
const both = { role: "user", content: [result("a", "1"), result("b", "2"), { type: "text", text: "and?" }] }

describe("WireConversation", () => {
  it("reads the turns of a request", () => {
    assert.deepStrictEqual(conversation.messages({ messages: [user, both] }), [user, both])
    assert.isNull(conversation.messages({}))
  })

  it.each(Samples.answers)("reads an answer, streamed as plain: $name", ({ body }) => {
    const plain = conversation.answer(JSON.stringify(body), false)
    assert.deepStrictEqual<unknown>(plain?.message, { role: "assistant", content: body["content"] })
    assert.isString(plain?.finish_reason)
    assert.deepStrictEqual(conversation.answer(Streams.streamOf(body), true), plain)
  })

  it("reads no answer of a failure", () => {
    assert.isUndefined(conversation.answer("{\"type\":\"error\",\"error\":{}}", false))
    assert.isUndefined(conversation.answer("event: error\ndata: {\"type\":\"error\"}\n\n", true))
    assert.isUndefined(conversation.answer("no JSON", false))
  })

  it("knows calls and results by their ids", () => {
    const message = {
      role: "assistant",
      content: [{ type: "tool_use", id: "a", name: "f", input: {} }, { type: "tool_use" }]
    }
    assert.deepStrictEqual(conversation.toolCalls(message), ["a"])
    assert.deepStrictEqual(conversation.toolCalls(user), [])
    assert.deepStrictEqual(conversation.toolResults(both), ["a", "b"])
    assert.deepStrictEqual(conversation.toolResults(message), [])
  })

  it("replaces results by their calls, and nothing else", () => {
    assert.deepStrictEqual<unknown>(conversation.replaceToolResults(both, { b: "new", toString: "x" }), {
      role: "user",
      content: [result("a", "1"), result("b", "new"), { type: "text", text: "and?" }]
    })
    assert.deepStrictEqual<unknown>(conversation.replaceToolResults(user, { a: "new" }), user)
  })

  it("asks anew with another conversation: results of parallel calls in one turn", () => {
    const results = [conversation.toolResult("a", "1"), conversation.toolResult("b", "2")]
    assert.deepStrictEqual<unknown>(
      conversation.request({ model: "m", max_tokens: 5, system: "s" }, "other", [user, ...results]),
      {
        model: "other",
        max_tokens: 5,
        system: "s",
        messages: [user, { role: "user", content: [result("a", "1"), result("b", "2")] }]
      }
    )
    assert.isNumber(conversation.request(undefined, "m", [user])["max_tokens"])
  })
})
