/** A custom tool of chat completions, and its call, are read and written with all that stands in them. */
import { assert, describe, it } from "@effect/vitest"
import type { Schema } from "effect"
import * as CustomTool from "../../../../src/kernel/dialects/chat/CustomTool.ts"
import type { ToolSpec } from "../../../../src/kernel/messages/Tools.ts"

const tools: ReadonlyArray<Schema.JsonObject> = [
  { type: "custom", custom: { name: "sql" } },
  { type: "custom", custom: { name: "sql", description: "d", format: { type: "text" }, odd: 1 }, more: true },
  {
    type: "custom",
    custom: { name: "sql", format: { type: "grammar", grammar: { syntax: "regex", definition: "a" } } }
  }
]

describe("a custom tool of chat completions", () => {
  it("is written as it was read", () => {
    for (const tool of tools) {
      assert.isTrue(CustomTool.isTool(tool))
      const spec = CustomTool.raiseTool(tool) as unknown as ToolSpec
      assert.deepStrictEqual(CustomTool.lowerTool(spec, spec.custom!), tool)
    }
    const { custom } = CustomTool.raiseTool(tools[2]!)
    assert.deepStrictEqual<unknown>(custom, { type: "grammar", syntax: "regex", definition: "a" })
  })

  it("without a name, or of another form, is left to the vendor", () => {
    for (const custom of [null, {}, { name: 1 }, { name: "sql", format: "text" }]) {
      assert.isFalse(CustomTool.isTool({ type: "custom", custom }))
    }
  })

  it("is called with text", () => {
    const called = CustomTool.raiseCall({ type: "custom", custom: { name: "sql", input: "a", odd: 1 } })
    assert.deepStrictEqual<unknown>(called, { name: "sql", input: { input: "a" }, custom: true, more: { odd: 1 } })
    for (const custom of [null, { name: "sql" }, { input: "a" }]) {
      assert.isUndefined(CustomTool.raiseCall({ type: "custom", custom }))
    }
  })
})
