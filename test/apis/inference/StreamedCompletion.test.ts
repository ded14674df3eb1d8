import { assert, describe, it } from "@effect/vitest"
import * as StreamedCompletion from "../../../src/apis/inference/StreamedCompletion.ts"

const text = (...chunks: ReadonlyArray<unknown>) =>
  `${
    chunks.map((chunk) => `data: ${typeof chunk === "string" ? chunk : JSON.stringify(chunk)}\n\n`).join("")
  }data: [DONE]\n\n`

const choice = (index: number, delta: object, finish_reason: string | null = null) => ({ index, delta, finish_reason })
const call = (more: object) => ({ tool_calls: [{ index: 0, ...more }] })

describe("StreamedCompletion", () => {
  it("given choices that come in pieces side by side, then each is whole, and the last usage counts", () => {
    const completion = StreamedCompletion.of(text(
      { id: "c", created: 1, model: "m", choices: [choice(1, { role: "assistant", content: "b" })], usage: null },
      {
        id: "c",
        choices: [choice(0, call({ id: "t", type: "function", function: { name: "f", arguments: "{\"a\"" } }))]
      },
      { choices: [choice(0, call({ function: { arguments: ":1}" } }), "tool_calls"), choice(1, {}, "stop")] },
      { choices: [], usage: { total_tokens: 3 } }
    ))
    const called = [{ id: "t", type: "function", function: { name: "f", arguments: "{\"a\":1}" } }]
    assert.deepStrictEqual<unknown>(completion, {
      object: "chat.completion",
      id: "c",
      created: 1,
      model: "m",
      usage: { total_tokens: 3 },
      choices: [
        {
          index: 0,
          message: { refusal: null, role: "assistant", content: null, tool_calls: called },
          logprobs: null,
          finish_reason: "tool_calls"
        },
        {
          index: 1,
          message: { refusal: null, role: "assistant", content: "b" },
          logprobs: null,
          finish_reason: "stop"
        }
      ]
    })
  })

  it("given what is no answer, or says that it failed, then there is none", () => {
    const chunk = { choices: [choice(0, { content: "a" })] }
    for (
      const frames of [[], ["no JSON"], [{ choices: [] }], [{ choices: "odd" }, 7, null, []], [chunk, { error: {} }]]
    ) {
      assert.isUndefined(StreamedCompletion.of(text(...frames)))
    }
    assert.isUndefined(StreamedCompletion.of(""))
  })

  it("given odd choices among good ones, then the good ones count", () =>
    assert.lengthOf(
      StreamedCompletion.of(text({ choices: [null, 7, { delta: { content: "a" } }, { index: "x" }] }))
        ?.["choices"] as never,
      1
    ))
})
