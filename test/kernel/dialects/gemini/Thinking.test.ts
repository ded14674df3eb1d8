/** How long to think is said as the model's generation takes it. */
import { assert, describe, it } from "@effect/vitest"
import * as Thinking from "../../../../src/kernel/dialects/gemini/Thinking.ts"

const rows = [
  ["gemini-3-flash", "low", { thinkingLevel: "LOW", includeThoughts: true }, false],
  ["gemini-3-flash", "minimal", { thinkingLevel: "MINIMAL", includeThoughts: true }, false],
  ["gemini-3.1-pro-preview", "minimal", { thinkingLevel: "LOW", includeThoughts: true }, true],
  ["gemini-3-pro", "none", { thinkingLevel: "LOW" }, true],
  ["gemini-flash-latest", "none", { thinkingLevel: "MINIMAL" }, true],
  ["gemini-3-flash", "xhigh", { thinkingLevel: "HIGH", includeThoughts: true }, true],
  ["gemini-3-flash", "auto", { includeThoughts: true }, true],
  ["gemini-3-flash", "toString", { includeThoughts: true }, true],
  ["gemini-2.5-flash", "low", { thinkingBudget: 1024, includeThoughts: true }, false],
  ["gemini-2.5-flash", "high", { thinkingBudget: 24_576, includeThoughts: true }, false],
  ["gemini-2.5-flash", "none", { thinkingBudget: 0 }, false],
  ["gemini-2.5-flash", "max", { thinkingBudget: 24_576, includeThoughts: true }, true],
  [undefined, "medium", { thinkingLevel: "MEDIUM", includeThoughts: true }, false]
] as const

describe("Thinking", () => {
  it.each(rows)("asks %s for an effort of %s", (model, reasoning_effort, fields, degraded) => {
    const lowered = Thinking.lower(
      { messages: [], ...(model === undefined ? {} : { model }), reasoning_effort },
      undefined
    )
    assert.deepStrictEqual<unknown>(lowered.fields, fields)
    assert.strictEqual(lowered.degradation !== undefined, degraded)
  })

  it("asks by tokens where both are said, for both at once are refused", () => {
    const request = { messages: [], reasoning_budget_tokens: 0, reasoning_effort: "high" }
    assert.deepStrictEqual<unknown>(Thinking.lower(request, undefined), { fields: { thinkingBudget: 0 } })
  })

  it("leaves thoughts as who speaks this dialect wants them", () => {
    const request = { messages: [], reasoning_budget_tokens: 100 }
    assert.deepStrictEqual<unknown>(Thinking.lower(request, {}).fields, { thinkingBudget: 100 })
    assert.deepStrictEqual<unknown>(Thinking.lower(request, { includeThoughts: false }).fields, {
      thinkingBudget: 100,
      includeThoughts: false
    })
    assert.deepStrictEqual(Thinking.lower({ messages: [] }, undefined).fields, {})
  })

  it.each([
    [{ thinkingBudget: 5 }, { reasoning_budget_tokens: 5, rest: {} }],
    [{ thinking_budget: 5 }, { reasoning_budget_tokens: 5, rest: {} }],
    [{ thinkingLevel: "HIGH", includeThoughts: true }, { reasoning_effort: "high", rest: { includeThoughts: true } }],
    [{ thinkingLevel: "high" }, { rest: { thinkingLevel: "high" } }],
    [{ thinkingBudget: "5" }, { rest: { thinkingBudget: "5" } }],
    [{}, { rest: {} }]
  ])("understands %j", (config, raised) => {
    assert.deepStrictEqual<unknown>(Thinking.raise(config), raised)
  })
})
