/** What a custom tool is called with, in whatever form a model wrote it. */
import { assert, describe, it } from "@effect/vitest"
import * as CustomCall from "../../../src/kernel/messages/CustomCall.ts"

const call = { type: "tool_call", id: "c", name: "sql" } as const

describe("CustomCall", () => {
  it("is the text under input, or else all that the model wrote", () => {
    assert.strictEqual(CustomCall.textOf({ ...call, input: CustomCall.inputOf("SELECT 1") }), "SELECT 1")
    assert.strictEqual(CustomCall.textOf({ ...call, input: {}, arguments: "SELECT 1" }), "SELECT 1")
    assert.strictEqual(CustomCall.textOf({ ...call, input: { query: "SELECT 1" } }), "{\"query\":\"SELECT 1\"}")
  })
})
