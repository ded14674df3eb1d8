/** Prices of one's own: as a file writes them, and for which calls they hold. */
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { compile, Prices } from "../../../src/kernel/cost/PricesConfiguration.ts"
import { decodingIssues } from "../../../src/kernel/issues/SchemaIssues.ts"
import * as Money from "../../../src/kernel/money/Money.ts"

const decode = Schema.decodeUnknownSync(Prices)

/** As whoever writes a file reads it. */
const problem = (prices: Schema.Json): string =>
  Result.match(Schema.decodeUnknownResult(Schema.Struct({ prices: Prices }), { errors: "all" })({ prices }), {
    onSuccess: () => "",
    onFailure: (error) => decodingIssues(error, { prices }, []).map(({ message, path }) => `${path}: ${message}`).join()
  })

describe("prices of the configuration", () => {
  it("hold for the first pattern that fits provider and model", () => {
    const rates = compile(decode([
      { provider: "house", model: "gpt-4o*", input: "1" },
      { model: "gpt-4o-mini", input: "2" },
      { provider: "o*", model: "*", input: "3" }
    ]))
    const input = (provider: string, ...models: ReadonlyArray<string>) => {
      const own = rates(provider, models)
      return own?.rates.input === undefined ? undefined : [own.model, Money.toText(own.rates.input.base)]
    }
    assert.deepStrictEqual(input("house", "gpt-4o-2024-08-06"), ["gpt-4o*", "1"])
    assert.deepStrictEqual(input("openai", "gpt-4o-mini"), ["gpt-4o-mini", "2"])
    assert.deepStrictEqual(input("openai", "gpt-4o-mini-2024-07-18", "gpt-4o-mini"), ["gpt-4o-mini", "2"])
    assert.deepStrictEqual(input("openai", "o3"), ["*", "3"])
    assert.isUndefined(input("house", "o3"))
  })

  it("have a price for each kind, and for the call", () => {
    const own = compile(decode([{ model: "m", output: "0.10", per_call: "0.002", reasoning: "7" }]))("p", ["m"])!
    assert.strictEqual(Money.toText(own.rates.output!.base), "0.1")
    assert.strictEqual(Money.toText(own.rates.reasoning!.base), "7")
    assert.strictEqual(Money.toText(own.rates.perThousandCalls!), "2")
    assert.isUndefined(own.rates.input)
  })

  it.each([
    [[{ model: "m", input: 0.15 }], "a decimal in quotes"],
    [[{ model: "m", input: "-1" }], "a decimal in quotes"],
    [[{ model: "m", input: "1e3" }], "a decimal in quotes"],
    [[{ input: "1" }], "name a model"],
    [[{ model: "m" }], "no price: give one of input, output"],
    [{}, "a list of prices"]
  ])("refuses %j and says what is expected", (prices, expected) => assert.include(problem(prices), expected))
})
