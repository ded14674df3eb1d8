/** What several calls used together. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as UsageSum from "../../../src/kernel/messages/UsageSum.ts"

const usage = (output_tokens: number) => ({ input_tokens: 10, output_tokens, total_tokens: 10 + output_tokens })

const Counts = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1_000_000 }))

describe("the usage of several calls", () => {
  it.prop("adds up, in any order", { one: Counts, two: Counts }, ({ one, two }) => {
    assert.deepStrictEqual(UsageSum.add(usage(one), usage(two)), UsageSum.add(usage(two), usage(one)))
    assert.strictEqual(UsageSum.add(usage(one), usage(two))?.output_tokens, one + two)
  })

  it.each([
    ["0.1", "0.2", "0.3"],
    ["0.00042", "1", "1.00042"],
    ["12", "8", "20"],
    ["0.5", null, null],
    ["0.5", undefined, null],
    ["0.5", "many", null]
  ])("adds cost exactly: %s and %s", (one, two, sum) => {
    const costing = (cost_usd: string | null | undefined) => ({
      ...usage(1),
      ...cost_usd === undefined ? {} : { cost_usd }
    })
    assert.strictEqual(UsageSum.add(costing(one), costing(two))?.cost_usd, sum)
    assert.strictEqual(UsageSum.add(costing(two), costing(one))?.cost_usd, sum)
  })

  it("is that of one where the other does not say", () => {
    assert.deepStrictEqual(UsageSum.add(usage(1), null), usage(1))
    assert.deepStrictEqual(UsageSum.add(undefined, usage(1)), usage(1))
    assert.deepStrictEqual(
      UsageSum.add({ ...usage(1), reasoning_tokens: 3 }, { ...usage(1), reasoning_tokens: null }),
      { ...usage(2), input_tokens: 20, total_tokens: 22, reasoning_tokens: 3 }
    )
  })
})
