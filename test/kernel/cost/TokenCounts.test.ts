/** Counts are read off whatever an event has, and added kind by kind. */
import { assert, describe, it } from "@effect/vitest"
import * as TokenCounts from "../../../src/kernel/cost/TokenCounts.ts"

describe("TokenCounts", () => {
  it("takes the counts it knows, and 0 for those that are not there", () => {
    assert.deepStrictEqual(
      TokenCounts.ofUsage({ input_tokens: 5, output_tokens: 2, reasoning_tokens: 1, total_tokens: 7, other: 9 }),
      { ...TokenCounts.none, input_tokens: 5, output_tokens: 2, reasoning_tokens: 1 }
    )
  })

  it.each([undefined, null, 3, "x", []])(
    "is null where nobody counted: %o",
    (usage) => assert.isNull(TokenCounts.ofUsage(usage))
  )

  it.each(["5", -1, 0.5, NaN, null, {}, 2 ** 60])(
    "takes %o for no count",
    (count) => assert.deepStrictEqual(TokenCounts.ofUsage({ input_tokens: count }), TokenCounts.none)
  )

  it("is stored without what is 0, and adds up the same", () => {
    const counts = TokenCounts.ofUsage({ input_tokens: 5, reasoning_tokens: 1 })!
    assert.deepStrictEqual(TokenCounts.toStored(counts), { input_tokens: 5, reasoning_tokens: 1 })
    assert.deepStrictEqual(TokenCounts.add(TokenCounts.none, TokenCounts.toStored(counts)), counts)
  })

  it("adds each kind", () => {
    const one = TokenCounts.ofUsage(Object.fromEntries(TokenCounts.kinds.map((kind, index) => [kind, index + 1])))!
    const sum = TokenCounts.add(one, one)
    assert.deepStrictEqual(
      TokenCounts.kinds.map((kind) => sum[kind]),
      TokenCounts.kinds.map((_, index) => 2 * index + 2)
    )
  })
})
