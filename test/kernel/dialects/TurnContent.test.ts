import { assert, describe, it } from "@effect/vitest"
import { contentOf } from "../../../src/kernel/dialects/TurnContent.ts"

const text = (text: string) => ({ type: "text" as const, text })
const result = { type: "tool_result" as const, tool_call_id: "c", output: "rain" }

describe("TurnContent", () => {
  it("has what a developer says as a file of the user's", () =>
    assert.deepStrictEqual(contentOf({ role: "developer", content: "Be brief." }), [
      text("<context_file>\nBe brief.\n</context_file>")
    ]))

  it("has a tool's text and blocks as the result of the call that it names", () => {
    const given = { role: "tool" as const, tool_call_id: "c" }
    assert.deepStrictEqual(contentOf({ ...given, content: "rain" }), [result])
    assert.deepStrictEqual<unknown>(contentOf({ ...given, content: [text("rain")] }), [
      { ...result, output: [text("rain")] }
    ])
  })

  it("leaves results that are there, and all else", () => {
    assert.deepStrictEqual(contentOf({ role: "tool", tool_call_id: "c", content: [result] }), [result])
    assert.deepStrictEqual(contentOf({ role: "tool", content: "rain" }), [text("rain")])
    assert.deepStrictEqual(contentOf({ role: "user", content: "Hi" }), [text("Hi")])
  })
})
