/** A conversation in the Responses dialect is read off requests and answers, and put into requests again. */
import { assert, describe, it } from "@effect/vitest"
import { responses } from "../../../../src/kernel/dialects/responses/ResponsesDialect.ts"
import { answer, call, message, reasoning, streamOf, text } from "./ResponsesSamples.ts"

const { conversation } = responses
const output = [reasoning, message("msg_1", text("Hi")), call]

describe("WireConversation of Responses", () => {
  it("finds the same answer in a body and in a stream, with all its items", () => {
    const plain = conversation.answer(JSON.stringify(answer(output)), false)
    assert.deepStrictEqual(plain, { message: { role: "assistant", output }, finish_reason: "tool_calls" })
    assert.deepStrictEqual(conversation.answer(Buffer.concat(streamOf(output)).toString(), true), plain)
    assert.deepStrictEqual(conversation.toolCalls(plain!.message), ["call_1"])
  })

  it("finds what a stream held that broke off, and nothing where there is nothing", () => {
    const broken = streamOf(output).filter((frame) => !Buffer.from(frame).includes("response.completed"))
    assert.deepStrictEqual(conversation.answer(Buffer.concat(broken).toString(), true)?.message, {
      role: "assistant",
      output
    })
    assert.isUndefined(conversation.answer("", true))
    assert.isUndefined(conversation.answer("{}", false))
  })

  it("goes on with the answer's items", () => {
    const user = { type: "message", role: "user", content: "Hello?" }
    const { message: answered } = conversation.answer(JSON.stringify(answer(output)), false)!
    const result = conversation.toolResult("call_1", "rain")
    const request = conversation.request({ store: false }, "m", [user, answered, result])
    assert.deepStrictEqual(request, { store: false, model: "m", input: [user, ...output, result] })
    assert.deepStrictEqual(conversation.messages(request), [user, ...output, result])
    assert.deepStrictEqual(conversation.toolResults(result), ["call_1"])
    assert.deepStrictEqual(
      conversation.replaceToolResults(result, { call_1: "sun" }),
      conversation.toolResult("call_1", "sun")
    )
    assert.deepStrictEqual(conversation.replaceToolResults(user, { call_1: "sun" }), user)
  })

  it("adds what the model is to know: as a message, or behind a tool's result", () => {
    const context = { text: "more", role: "user", append_to_last_tool_result: true } as const
    assert.deepStrictEqual(conversation.addContext({ input: "Hello?" }, context)["input"], [
      { type: "message", role: "user", content: "Hello?" },
      { type: "message", role: "user", content: "more" }
    ])
    const result = conversation.toolResult("call_1", "rain")
    assert.deepStrictEqual(conversation.addContext({ input: [result] }, context)["input"], [
      { ...result, output: "rain\n\nmore" }
    ])
    assert.deepStrictEqual(conversation.addContext({ input: [{ ...result, output: [] }] }, context)["input"], [
      { ...result, output: [{ type: "input_text", text: "more" }] }
    ])
    assert.deepStrictEqual(conversation.addContext({ prompt: {} }, context), { prompt: {} })
  })
})
