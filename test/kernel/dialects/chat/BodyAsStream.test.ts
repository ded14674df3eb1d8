/** A whole completion in the form of a stream. */
import { assert, describe, it } from "@effect/vitest"
import * as BodyAsStream from "../../../../src/kernel/dialects/chat/BodyAsStream.ts"

const framesOf = (value: unknown) =>
  BodyAsStream.frames(JSON.stringify(value))?.map((bytes) => Buffer.from(bytes).toString("utf8"))

describe("BodyAsStream", () => {
  it("keeps every field, and numbers tool calls", () => {
    const call = { id: "call_1", type: "function", function: { name: "f", arguments: "{}" } }
    const [chunk, ...rest] = framesOf({
      id: "c",
      object: "chat.completion",
      usage: { total_tokens: 3 },
      choices: [{
        index: 0,
        message: { role: "assistant", content: null, tool_calls: [call] },
        logprobs: null,
        finish_reason: "tool_calls"
      }]
    })!
    assert.deepStrictEqual(rest, ["data: [DONE]\n\n"])
    assert.deepStrictEqual(JSON.parse(chunk!.slice(5)), {
      id: "c",
      object: "chat.completion.chunk",
      usage: { total_tokens: 3 },
      choices: [{
        index: 0,
        delta: { role: "assistant", content: null, tool_calls: [{ index: 0, ...call }] },
        logprobs: null,
        finish_reason: "tool_calls"
      }]
    })
  })

  it.each([{ error: { message: "no" } }, { choices: [] }, [], null])("is none of %j", (value) => {
    assert.isUndefined(framesOf(value))
  })
})
