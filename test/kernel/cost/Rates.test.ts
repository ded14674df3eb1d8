/** What a call costs by its kinds of tokens. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import type { Rate, Rates } from "../../../src/kernel/cost/Rates.ts"
import { costOf } from "../../../src/kernel/cost/Rates.ts"
import type { TokenCounts } from "../../../src/kernel/cost/TokenCounts.ts"
import * as Counts from "../../../src/kernel/cost/TokenCounts.ts"
import * as Money from "../../../src/kernel/money/Money.ts"

const rate = (price: string, ...tiers: ReadonlyArray<readonly [above: number, price: string]>): Rate => ({
  base: Money.parse(price)!,
  tiers: tiers.map(([above, price]) => ({ above, price: Money.parse(price)! }))
})

const counts = (given: Partial<TokenCounts>): TokenCounts => ({ ...Counts.none, ...given })

/** As text; of an unknown one the reason. */
const cost = (rates: Rates, given: Partial<TokenCounts> | null): string => {
  const amount = costOf(rates, given === null ? null : counts(given))
  return "unknown" in amount ? amount.unknown : Money.toText(amount.cost)
}

describe("the cost of tokens", () => {
  it("is that of the input and that of the output", () => {
    // 1000 × 2.5 / 1000000 + 100 × 10 / 1000000 = 0.0025 + 0.001
    assert.strictEqual(
      cost({ input: rate("2.5"), output: rate("10") }, { input_tokens: 1000, output_tokens: 100 }),
      "0.0035"
    )
  })

  it("takes out of the whole what has a price of its own", () => {
    const rates = {
      input: rate("3"),
      cacheRead: rate("0.3"),
      cacheWrite: rate("3.75"),
      cacheWrite1h: rate("6"),
      output: rate("15"),
      reasoning: rate("20")
    }
    const tokens = {
      input_tokens: 1000,
      cache_read_tokens: 400,
      cache_write_tokens: 300,
      cache_write_1h_tokens: 100,
      output_tokens: 50,
      reasoning_tokens: 20
    }
    // Fresh 1000 - 400 - 300 = 300: 300×3 + 400×0.3 + 200×3.75 + 100×6 = 900 + 120 + 750 + 600 = 2370
    // 30×15 + 20×20 = 450 + 400 = 850; 2370 + 850 = 3220 millionths
    assert.strictEqual(cost(rates, tokens), "0.00322")
  })

  it("leaves in the whole what has none", () => {
    const tokens = {
      input_tokens: 10,
      cache_read_tokens: 4,
      cache_write_tokens: 3,
      output_tokens: 8,
      reasoning_tokens: 5
    }
    // 10×1 + 8×2 = 26 millionths
    assert.strictEqual(cost({ input: rate("1"), output: rate("2") }, tokens), "0.000026")
    // An hour's cache costs as any other: 6×1 + 4×2 = 14
    assert.strictEqual(
      cost({ input: rate("1"), cacheWrite: rate("2") }, {
        input_tokens: 10,
        cache_write_tokens: 4,
        cache_write_1h_tokens: 3
      }),
      "0.000014"
    )
  })

  it("has other prices where the whole input is longer, and not at the step itself", () => {
    const rates = { input: rate("3", [200_000, "6"]), output: rate("15", [200_000, "22.5"]) }
    // 200000×3 + 100×15 = 601500
    assert.strictEqual(cost(rates, { input_tokens: 200_000, output_tokens: 100 }), "0.6015")
    // 200001×6 + 100×22.5 = 1200006 + 2250 = 1202256
    assert.strictEqual(cost(rates, { input_tokens: 200_001, output_tokens: 100 }), "1.202256")
  })

  it("has a price for the call besides, and where that is all, needs no counts", () => {
    // 1 / 1000 × 5 = 0.005
    const perCall = { perThousandCalls: Money.parse("5") }
    assert.strictEqual(cost(perCall, null), "0.005")
    assert.strictEqual(cost(perCall, { input_tokens: 7 }), "0.005")
    // 0.005 + 10×1/1000000
    assert.strictEqual(cost({ ...perCall, input: rate("1") }, { input_tokens: 10 }), "0.00501")
    assert.strictEqual(cost({ ...perCall, input: rate("1") }, null), "the vendor counted no tokens")
  })

  it("is not known, which is not zero, where a price or a count is missing or contradicts another", () => {
    assert.strictEqual(cost({ input: rate("1") }, null), "the vendor counted no tokens")
    assert.strictEqual(cost({}, { input_tokens: 1 }), "there is no price for input tokens")
    assert.strictEqual(
      cost({ input: rate("1") }, { input_tokens: 1, output_tokens: 1 }),
      "there is no price for output tokens"
    )
    assert.include(
      cost({ input: rate("1"), cacheRead: rate("1") }, { input_tokens: 1, cache_read_tokens: 2 }),
      "the counts contradict each other"
    )
    assert.include(
      cost({ input: rate("1"), cacheRead: rate("1"), inputAudio: rate("9") }, {
        input_tokens: 9,
        cache_read_tokens: 2,
        input_audio_tokens: 2
      }),
      "how much of the audio was read from a cache"
    )
  })

  const count = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 2 ** 40 }))

  it.prop(
    "is the same whether a kind is part of the whole, or has the same price by itself, for any counts",
    { fresh: count, read: count, written: count, output: count },
    ({ fresh, output, read, written }) => {
      const tokens = {
        input_tokens: fresh + read + written,
        cache_read_tokens: read,
        cache_write_tokens: written,
        output_tokens: output
      }
      const one = rate("0.1")
      assert.strictEqual(
        cost({ input: one, output: one, cacheRead: one, cacheWrite: one }, tokens),
        cost({ input: one, output: one }, tokens)
      )
    }
  )
})
