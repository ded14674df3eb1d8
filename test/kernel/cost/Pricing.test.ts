/** Who says what a call costs: its vendor, then the configuration, then the public table; and why nobody does. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { Prices } from "../../../src/kernel/cost/PricesConfiguration.ts"
import type { PricedCall } from "../../../src/kernel/cost/Pricing.ts"
import * as Pricing from "../../../src/kernel/cost/Pricing.ts"
import * as TokenCounts from "../../../src/kernel/cost/TokenCounts.ts"
import { tableOf } from "../../support/CostWorld.ts"

const own = Schema.decodeSync(Prices)([{ provider: "p", model: "ours*", input: "3" }])

const table = tableOf({ version: "table 1", models: { a: "1", b: "2", "ours-1": "9" } })

const call = (given: Partial<PricedCall> = {}): PricedCall => ({
  time: 0,
  provider: "p",
  identity: { type: "remote::priced" },
  model: "a",
  responseModel: null,
  counts: { ...TokenCounts.none, input_tokens: 1_000_000 },
  vendorCost: undefined,
  ...given
})

const price = (given?: Partial<PricedCall>) => Pricing.make(own, () => table)(call(given))

describe("Pricing", () => {
  it("takes the table's price, and names its version and the model", () => {
    assert.deepStrictEqual(price(), {
      cost: "1",
      source: "table",
      prices: "table 1",
      price_model: "priced/a",
      unknown: null
    })
  })

  it("takes the model that answered before the one that was asked for", () => {
    assert.strictEqual(price({ responseModel: "b" }).cost, "2")
    assert.strictEqual(price({ responseModel: "never-heard-of" }).cost, "1")
  })

  it("takes a price of the configuration before the table's", () => {
    assert.deepInclude(price({ model: "ours-1" }), {
      cost: "3",
      source: "configuration",
      prices: "configuration",
      price_model: "ours*"
    })
    assert.deepInclude(price({ model: "ours-1", provider: "q" }), { cost: "9", source: "table" })
    // Where nobody knows what the provider was, or it has no public prices.
    assert.strictEqual(price({ model: "ours-1", identity: undefined }).cost, "3")
    assert.strictEqual(price({ model: "ours-1", identity: { type: "inline::llama-cpp" } }).cost, "3")
  })

  it("keeps what the vendor says itself before both", () => {
    assert.deepStrictEqual(price({ model: "ours-1", vendorCost: "0.00014", counts: null }), {
      cost: "0.00014",
      source: "vendor",
      prices: "vendor",
      price_model: null,
      unknown: null
    })
    assert.strictEqual(price({ vendorCost: "free" }).source, "table")
  })

  it.each(
    [
      [{ identity: undefined }, "nothing in the log says what the provider p was"],
      [{ identity: { type: "remote::vllm" } }, "there are no public prices of remote::vllm"],
      [{ model: "x", responseModel: "y" }, "table 1 has no price of priced's y or x"],
      [{ model: "x", responseModel: "x" }, "table 1 has no price of priced's x"],
      [{ counts: null }, "the vendor counted no tokens"]
    ] as const
  )("is null and no zero for %o, and says why", (given, reason) => {
    const { cost, unknown } = price(given)
    assert.deepStrictEqual([cost, unknown], [null, reason])
  })

  it("does not load the table for what it is not asked about", () => {
    const pricing = Pricing.make(own, () => assert.fail("the table was loaded"))
    assert.strictEqual(pricing(call({ vendorCost: "1" })).cost, "1")
    assert.strictEqual(pricing(call({ model: "ours-1" })).cost, "3")
    assert.isNull(pricing(call({ identity: undefined })).cost)
  })

  it("has no price where none is loaded", () => assert.isNull(Pricing.none(call({ vendorCost: "1" })).cost))
})
