/** For a vendor of another dialect custom tools stand among the functions, where they stood. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import type { Schema } from "effect"
import * as CustomTool from "../../../../src/kernel/dialects/responses/CustomTool.ts"
import { responses } from "../../../../src/kernel/dialects/responses/ResponsesDialect.ts"

const functionOf = (name: string) => ({ type: "function", name, parameters: {}, strict: false })
const custom = { type: "custom", name: "sql", description: "d", format: { type: "text" }, odd: 1 }
const hosted = { type: "code_interpreter" }

const raised = (more: Schema.JsonObject) =>
  CustomTool.raise(Result.getOrThrow(responses.raise.request({ model: "m", input: "hello", ...more })))

describe("a custom tool of Responses", () => {
  it("stands among the functions, and goes back as it came", () => {
    const tools = [hosted, functionOf("a"), custom, hosted, functionOf("b"), { ...custom, name: "py" }, hosted]
    const request = raised({ tools, tool_choice: { type: "custom", name: "py" } })
    assert.deepStrictEqual(request.tools?.map(({ name }) => name), ["a", "sql", "b", "py"])
    assert.deepStrictEqual(request.tool_choice, { name: "py" })
    const { body } = Result.getOrThrow(responses.lower.request(request))
    assert.deepStrictEqual<unknown>(body["tools"], tools)
    assert.deepStrictEqual<unknown>(body["tool_choice"], { type: "custom", name: "py" })
  })

  it("given there is none, then the request is the same", () => {
    const asked = Result.getOrThrow(
      responses.raise.request({ model: "m", input: "hello", tools: [hosted, functionOf("a")] })
    )
    assert.strictEqual(CustomTool.raise(asked), asked)
  })

  it("keeps the choice of another tool", () => {
    const choice = { type: "code_interpreter" }
    const { body } = Result.getOrThrow(
      responses.lower.request(raised({ tools: [hosted, custom], tool_choice: choice }))
    )
    assert.deepStrictEqual<unknown>(body["tool_choice"], choice)
    assert.deepStrictEqual<unknown>(body["tools"], [hosted, custom])
  })
})
