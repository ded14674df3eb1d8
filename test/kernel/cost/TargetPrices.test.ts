/** What a model costs for who chooses: own prices go before the table's, and a half-known price is none. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { Prices } from "../../../src/kernel/cost/PricesConfiguration.ts"
import { load } from "../../../src/kernel/cost/PriceTable.ts"
import * as TargetPrices from "../../../src/kernel/cost/TargetPrices.ts"

const prices = Schema.decodeSync(Prices)([
  { provider: "cheap", model: "m*", input: "0.25", output: "1.5" },
  { provider: "half", model: "*", input: "1" }
])

const providers = {
  inference: [
    { provider_id: "cheap", provider_type: "remote::openai", config: {} },
    { provider_id: "openai", provider_type: "remote::openai", config: {} },
    { provider_id: "half", provider_type: "remote::openai", config: {} },
    { provider_id: "local", provider_type: "inline::llama-cpp", config: {} }
  ]
}

const priceOf = TargetPrices.make({ prices, providers }, "inference")
const now = Date.UTC(2026, 10, 1)

describe("prices of targets", () => {
  it("are those of the configuration first", () =>
    assert.deepStrictEqual(priceOf("cheap", "m1", now), { input: 0.25, output: 1.5 }))

  it("are the public table's for a vendor it has", () => {
    const price = priceOf("openai", "gpt-4o", now)
    assert.isAbove(price!.output, price!.input)
    assert.isDefined(load().priceOf("openai", "gpt-4o", now))
  })

  it("are not known by half, nor of who has none", () => {
    assert.isUndefined(priceOf("half", "x", now))
    assert.isUndefined(priceOf("local", "x", now))
    assert.isUndefined(priceOf("nobody", "x", now))
  })
})
