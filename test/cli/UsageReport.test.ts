/** Usage as a person reads it: a cost that is not known is no 0. */
import { assert, describe, it } from "@effect/vitest"
import type { UsageGroup } from "../../src/apis/usage/UsageModels.ts"
import * as UsageReport from "../../src/cli/UsageReport.ts"
import * as TokenCounts from "../../src/kernel/cost/TokenCounts.ts"
import type { Totals } from "../../src/kernel/cost/UsageTotals.ts"

const totals = (given: Partial<Totals>): Totals => ({
  ...TokenCounts.none,
  call_count: 1,
  cost: "0.003",
  currency: "USD",
  unpriced_call_count: 0,
  unpriced: [],
  ...given
})

const group = (given: Partial<UsageGroup>): UsageGroup => ({ id: "[]", object: "usage.group", ...totals({}), ...given })

describe("UsageReport", () => {
  it("has a line for each group, one for all, and one for each model without a price", () => {
    const unpriced = [{ provider: "vllm", model: "qwen", reason: "there are no public prices of remote::vllm" }]
    const lines = UsageReport.lines(
      ["day", "principal"],
      [
        group({
          day: "2026-11-26",
          principal: "alice",
          input_tokens: 1000,
          cache_read_tokens: 400,
          output_tokens: 100
        }),
        group({ day: "2026-11-27", principal: null, cost: null, unpriced_call_count: 1 })
      ],
      totals({ call_count: 2, input_tokens: 1000, cache_read_tokens: 400, unpriced_call_count: 1, unpriced })
    )
    assert.deepStrictEqual(lines, [
      "day         principal  calls  input  cached  output  cost USD  unpriced",
      "2026-11-26  alice          1   1000     400     100     0.003",
      "2026-11-27  -              1      0       0       0   unknown         1",
      "total                      2   1000     400       0     0.003         1",
      "No cost of vllm qwen: there are no public prices of remote::vllm"
    ])
  })
})
