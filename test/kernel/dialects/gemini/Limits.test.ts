/** What Google does not take of a request is clamped or left out, and told; or refused, where the answer would be another. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import * as Limits from "../../../../src/kernel/dialects/gemini/Limits.ts"
import type { ChatRequest } from "../../../../src/kernel/messages/ChatRequest.ts"

const messages: ChatRequest["messages"] = [{ role: "user", content: "a" }]
const tool = { name: "f", parameters: {} }

const rows: ReadonlyArray<{
  readonly given: Partial<ChatRequest>
  readonly limited: Partial<ChatRequest>
  readonly told: string | undefined
}> = [
  { given: { temperature: 2 }, limited: { temperature: 2 }, told: undefined },
  { given: { temperature: 2.5 }, limited: { temperature: 2 }, told: "temperature 2.5 -> temperature 2" },
  { given: { temperature: -1 }, limited: { temperature: 0 }, told: "temperature -1 -> temperature 0" },
  { given: { stop: ["a", "b", "c", "d", "e"] }, limited: { stop: ["a", "b", "c", "d", "e"] }, told: undefined },
  { given: { stop: ["", "a"] }, limited: { stop: ["a"] }, told: "stop [\"\",\"a\"] -> stop [\"a\"]" },
  { given: { seed: 2 ** 31 - 1 }, limited: { seed: 2 ** 31 - 1 }, told: undefined },
  { given: { seed: 2 ** 31 }, limited: { seed: null }, told: "seed 2147483648 -> without seed" },
  { given: { parallel_tool_calls: true }, limited: { parallel_tool_calls: true }, told: undefined },
  {
    given: { parallel_tool_calls: false },
    limited: { parallel_tool_calls: null },
    told: "parallel_tool_calls false -> without parallel_tool_calls"
  },
  { given: { tools: [{ ...tool, strict: true }] }, limited: { tools: [tool] }, told: "strict tools -> tools" },
  { given: { tools: [{ ...tool, strict: false }] }, limited: { tools: [{ ...tool, strict: false }] }, told: undefined },
  {
    given: { model: "gemini-2.5-pro", reasoning_budget_tokens: 0 },
    limited: { model: "gemini-2.5-pro", reasoning_budget_tokens: 128 },
    told: "reasoning_budget_tokens 0 -> reasoning_budget_tokens 128"
  },
  {
    given: { model: "gemini-2.5-flash", reasoning_budget_tokens: 30_000 },
    limited: { model: "gemini-2.5-flash", reasoning_budget_tokens: 24_576 },
    told: "reasoning_budget_tokens 30000 -> reasoning_budget_tokens 24576"
  },
  {
    given: { model: "gemini-2.5-flash-lite", reasoning_budget_tokens: 100 },
    limited: { model: "gemini-2.5-flash-lite", reasoning_budget_tokens: 512 },
    told: "reasoning_budget_tokens 100 -> reasoning_budget_tokens 512"
  },
  {
    given: { model: "gemini-2.5-pro", reasoning_budget_tokens: -1 },
    limited: { model: "gemini-2.5-pro", reasoning_budget_tokens: -1 },
    told: undefined
  },
  {
    given: { model: "gemini-3-pro", reasoning_budget_tokens: 0 },
    limited: { model: "gemini-3-pro", reasoning_budget_tokens: 0 },
    told: undefined
  }
]

describe("Limits", () => {
  it.each(rows)("makes of $given a request that is taken", ({ given, limited: expected, told }) => {
    const request = { messages, ...given }
    const before = structuredClone(request)
    const { degradations, request: limited } = Result.getOrThrow(Limits.apply(request))
    assert.deepStrictEqual<unknown>(limited, { messages, ...expected })
    assert.deepStrictEqual(
      degradations.map(({ actual, requested }) => `${requested} -> ${actual}`),
      told === undefined ? [] : [told]
    )
    assert.deepStrictEqual(request, before)
  })

  it("refuses more texts that end an answer than are taken: it would go on behind them", () => {
    const refused = Result.getOrThrow(Result.flip(Limits.apply({ messages, stop: ["a", "b", "c", "d", "e", "f"] })))
    assert.strictEqual(refused.param, "stop")
    assert.include(refused.detail, "6")
  })

  it("has one rule a field, each with its reason", () => {
    assert.strictEqual(new Set(Limits.rules.map(({ field }) => field)).size, Limits.rules.length)
    assert.isTrue(Limits.rules.every(({ reason }) => reason !== ""))
  })
})
