/** Arguments that are no object are found, and called as their client calls them. */
import { assert, describe, it } from "@effect/vitest"
import * as ToolInput from "../../../src/kernel/dialects/ToolInput.ts"

const call = (more: object) => ({ type: "tool_call" as const, id: "c", name: "f", input: {}, ...more })
const said = (...content: ReadonlyArray<ReturnType<typeof call>>) => [
  { role: "user" as const, content: "Hello?" },
  { role: "assistant" as const, content }
]

describe("ToolInput", () => {
  it.each([
    [undefined, [call({}), call({ arguments: "{ \"a\": 1 }" }), call({ arguments: "" }), call({ arguments: null })]],
    ["messages.1.tool_calls.1.function.arguments", [call({}), call({ arguments: "{" })]],
    ["messages.1.tool_calls.0.function.arguments", [call({ arguments: "[]" })]],
    ["messages.1.content.0.input", [call({ provider_options: { anthropic: { input: "a" } } })]]
  ])("says %s", (path, calls) => {
    assert.strictEqual(ToolInput.faultIn(said(...calls)), path)
  })
})
