import { assert, describe, it } from "@effect/vitest"
import type { StreamPart } from "../../../../src/kernel/messages/StreamPart.ts"
import { LlamaAnswer } from "../../../../src/providers/inline/llama-cpp/LlamaAnswer.ts"

const given = (stops: ReadonlyArray<string> = []) => {
  const parts: Array<StreamPart> = []
  let stopped = 0
  const answer = new LlamaAnswer({
    id: "chatcmpl-019ac2a0-0000-7000-8000-000000000000",
    model: "m",
    callsBefore: 2,
    promptTokens: 5,
    degradations: [],
    stops,
    stop: () => void stopped++,
    add: (part) => void parts.push(part)
  })
  const text = (text: string) => answer.chunk({ text, tokens: [1] })
  const last = () => {
    const part = parts.at(-1)
    return part?.type === "response" ? part.response : undefined
  }
  return { answer, parts, text, last, stopped: () => stopped }
}

describe("LlamaAnswer", () => {
  it("tells thoughts, text and calls as they come, and all of it at the end", () => {
    const { answer, last, parts, text } = given()
    answer.chunk({ type: "segment", text: "Hm.", tokens: [1] })
    text("I ")
    text("look.")
    answer.callChunk({ callIndex: 0, functionName: "f", paramsChunk: "{\"a\":", done: false })
    answer.callChunk({ callIndex: 0, functionName: "f", paramsChunk: "1}", done: true })
    answer.callChunk({ callIndex: 1, functionName: "g", paramsChunk: "", done: true })
    answer.finish("functionCalls", (text) => text.length)
    const response = last()
    assert.deepStrictEqual<unknown>(response?.content, [
      { type: "thinking", thinking: "Hm." },
      { type: "text", text: "I look." },
      { type: "tool_call", id: "call_2", name: "f", input: { a: 1 } },
      { type: "tool_call", id: "call_3", name: "g", input: {} }
    ])
    assert.strictEqual(response?.finish_reason, "tool_calls")
    assert.deepStrictEqual(response?.usage, { input_tokens: 5, output_tokens: 12, total_tokens: 17 })
    const ends = parts.flatMap((part) => part.type === "block_end" ? [part.block] : [])
    assert.deepStrictEqual(ends, response?.content)
  })

  it("ends before a stop, and lets the model stop once", () => {
    const { answer, last, stopped, text } = given([" END"])
    for (const each of ["one", " E", "ND", " two"]) text(each)
    answer.finish("abort", () => 0)
    assert.deepStrictEqual(last()?.content, [{ type: "text", text: "one" }])
    assert.strictEqual(last()?.finish_reason, "stop")
    assert.strictEqual(stopped(), 1)
  })

  it.each([["maxTokens", "length"], ["eogToken", "stop"]])("says of %s that it is %s", (reason, expected) => {
    const { answer, last, text } = given()
    text("a")
    answer.finish(reason, () => 0)
    assert.strictEqual(last()?.finish_reason, expected)
  })
})
