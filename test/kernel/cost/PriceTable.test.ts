/** The public prices: which vendor, which model, at which time, and exactly as they are written down. */
import { assert, describe, it } from "@effect/vitest"
import { calcPrice } from "@pydantic/genai-prices"
import { DateTime } from "effect"
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { load } from "../../../src/kernel/cost/PriceTable.ts"
import type { Rate } from "../../../src/kernel/cost/Rates.ts"
import { costOf } from "../../../src/kernel/cost/Rates.ts"
import * as TokenCounts from "../../../src/kernel/cost/TokenCounts.ts"
import * as Money from "../../../src/kernel/money/Money.ts"
import { registry } from "../../../src/providers/Registry.ts"

const table = load()

const november2026 = Date.UTC(2026, 10, 27)

const text = (rate: Rate | undefined): string | undefined => rate === undefined ? undefined : Money.toText(rate.base)

describe("the table of prices", () => {
  it("says its version as the package that is installed has it", () => {
    const main = createRequire(import.meta.url).resolve("@pydantic/genai-prices")
    const { version } = JSON.parse(readFileSync(main.replace(/dist\/.*$/, "package.json"), "utf8"))
    assert.strictEqual(table.version, `genai-prices ${version}`)
    assert.strictEqual(load(), table)
  })

  it.each([
    ["remote::openai", undefined, "openai"],
    ["remote::anthropic", undefined, "anthropic"],
    ["remote::gemini", undefined, "google"],
    ["remote::vertexai", undefined, "google"],
    ["remote::bedrock", undefined, "aws"],
    ["remote::azure", "https://my-house.openai.azure.com", "azure"],
    ["remote::xai", undefined, "x-ai"],
    ["remote::groq", "https://api.groq.com/openai/v1", "groq"],
    // A compatible vendor behind another's type.
    ["remote::openai", "https://openrouter.ai/api/v1", "openrouter"],
    ["remote::passthrough", "https://api.deepseek.com/v1", "deepseek"],
    // A gateway in the house, in front of the vendor the type names.
    ["remote::openai", "http://127.0.0.1:9999/v1", "openai"]
  ])("takes %s at %s for %s", (type, url, vendor) => assert.strictEqual(table.vendorOf(type, url), vendor))

  it.each([
    ["remote::vllm", "http://localhost:8000/v1"],
    ["remote::ollama", undefined],
    ["remote::llama-openai-compat", "https://api.llama.com/compat/v1"],
    ["remote::passthrough", undefined],
    ["remote::strata", "http://localhost:8321"],
    ["inline::llama-cpp", undefined],
    ["", ""]
  ])("takes %s at %s for nobody it has", (type, url) => assert.isUndefined(table.vendorOf(type, url)))

  it("knows which provider types of Strata have public prices", () => {
    const priced = registry.filter(({ type }) => table.vendorOf(type, undefined) !== undefined).map(({ type }) => type)
    assert.includeMembers(priced, [
      "remote::anthropic",
      "remote::azure",
      "remote::cerebras",
      "remote::deepseek",
      "remote::fireworks",
      "remote::gemini",
      "remote::groq",
      "remote::mistral",
      "remote::openai",
      "remote::openrouter",
      "remote::together",
      "remote::xai"
    ])
  })

  it("has the prices of a model under its dated name, and under a path", () => {
    const dated = table.priceOf("openai", "gpt-4o-2024-08-06", november2026)
    assert.strictEqual(dated?.model, "openai/gpt-4o")
    assert.strictEqual(text(dated?.rates.input), "2.5")
    assert.strictEqual(text(dated?.rates.cacheRead), "1.25")
    assert.strictEqual(text(dated?.rates.output), "10")
    const path = table.priceOf("google", "publishers/google/models/gemini-2.5-flash", november2026)
    assert.deepStrictEqual(path, table.priceOf("google", "gemini-2.5-flash", november2026))
    assert.isDefined(path)
  })

  it("has steps, and other models of a vendor that resells them", () => {
    const { rates } = table.priceOf("anthropic", "claude-sonnet-4-5-20250929", november2026)!
    assert.deepStrictEqual(
      rates.input?.tiers.map(({ above, price }) => [above, Money.toText(price)]),
      [[200_000, "6"]]
    )
    assert.strictEqual(table.priceOf("azure", "gpt-4o-2024-11-20", november2026)?.model.split("/")[1], "gpt-4o")
  })

  it("has prices of their time", () => {
    const model = ["deepseek", "deepseek-chat"] as const
    const times = [Date.UTC(2024, 0, 1), Date.UTC(2025, 2, 1, 3), Date.UTC(2026, 10, 27, 3)]
    for (const time of times) {
      const ours = table.priceOf(...model, time)
      const theirs = calcPrice({}, model[1], {
        providerId: model[0],
        timestamp: DateTime.toDateUtc(DateTime.makeUnsafe(time))
      })
      assert.strictEqual(text(ours?.rates.output), String(theirs?.model_price["output_mtok"]))
    }
  })

  it.each(["", "no-such-model", "gpt", "__proto__", "constructor"])("has no price of \"%s\"", (model) => {
    assert.isUndefined(table.priceOf("openai", model, november2026))
    // The second time it is remembered.
    assert.isUndefined(table.priceOf("openai", model, november2026))
  })

  it("gives the cost that the package computes, but for its binary fractions, for plain counts", () => {
    const models = [
      ["openai", "gpt-4o-mini"],
      ["anthropic", "claude-sonnet-4-5"],
      ["google", "gemini-2.5-pro"],
      ["groq", "llama-3.3-70b-versatile"],
      ["mistral", "mistral-large-latest"]
    ] as const
    const usages = [
      { input_tokens: 1234, output_tokens: 567 },
      { input_tokens: 250_001, output_tokens: 3, cache_read_tokens: 1000 },
      { input_tokens: 1, output_tokens: 0 }
    ]
    for (const [vendor, model] of models) {
      const price = table.priceOf(vendor, model, november2026)
      assert.isDefined(price, model)
      for (const usage of usages) {
        const amount = costOf(price!.rates, { ...TokenCounts.none, ...usage })
        const theirs = calcPrice(usage, model, {
          providerId: vendor,
          timestamp: DateTime.toDateUtc(DateTime.makeUnsafe(november2026))
        })!
        assert.approximately(
          "unknown" in amount ? NaN : Number(Money.toText(amount.cost)),
          theirs.total_price,
          theirs.total_price * 1e-12
        )
      }
    }
  })
})
