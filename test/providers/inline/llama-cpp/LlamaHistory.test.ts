import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import type { Message } from "../../../../src/kernel/messages/Message.ts"
import * as LlamaHistory from "../../../../src/providers/inline/llama-cpp/LlamaHistory.ts"

const call = (id: string, city: string) => ({
  type: "tool_call" as const,
  id,
  name: "get_weather",
  input: { city }
})
const result = (tool_call_id: string, output: string) => ({ type: "tool_result" as const, tool_call_id, output })

const of = (messages: ReadonlyArray<Message>) => LlamaHistory.of({ messages })

describe("LlamaHistory", () => {
  it("holds in a model's turn its calls with what came of them, and goes on with it", () => {
    const history = Result.getOrThrow(of([
      { role: "system", content: "Be brief." },
      { role: "user", content: [{ type: "text", text: "Which is" }, { type: "text", text: "warmer?" }] },
      { role: "assistant", content: [{ type: "thinking", thinking: "Look." }, call("c1", "Oslo"), call("c2", "Rome")] },
      { role: "tool", content: [result("c1", "4"), { ...result("c2", ""), output: [{ type: "text", text: "19" }] }] }
    ]))
    const called = (city: string, result: string) => ({
      type: "functionCall",
      name: "get_weather",
      params: { city },
      result
    })
    assert.deepStrictEqual<unknown>(history, [
      { type: "system", text: "Be brief." },
      { type: "user", text: "Which is\nwarmer?" },
      {
        type: "model",
        response: [
          { type: "segment", segmentType: "thought", text: "Look.", ended: true },
          called("Oslo", "4"),
          called("Rome", "19")
        ]
      }
    ])
  })

  it("begins the model's turn behind the user's", () => {
    const history = Result.getOrThrow(of([{ role: "user", content: "Hi" }]))
    assert.deepStrictEqual(history.at(-1), { type: "model", response: [] })
  })

  it("names the message that holds what the model can't read", () => {
    const source = { type: "url", url: "https://example.com/a.png" }
    const failure = of([
      { role: "user", content: "Hi" },
      { role: "user", content: [{ type: "image", source }] }
    ])
    assert.deepInclude(Result.isFailure(failure) ? failure.failure : {}, {
      _tag: "InvalidRequestError",
      param: "messages.1.content"
    })
  })

  it("leaves out the encrypted thoughts of other models", () => {
    const history = Result.getOrThrow(of([
      { role: "user", content: "Hi" },
      { role: "assistant", content: [{ type: "redacted_thinking", data: "x" }, { type: "text", text: "Hello" }] },
      { role: "user", content: "Go on" }
    ]))
    assert.deepStrictEqual(history[1], { type: "model", response: ["Hello"] })
  })
})
