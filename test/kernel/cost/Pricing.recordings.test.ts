/**
 * What recorded calls of real vendors cost: five of them computed by hand, and all of them against prices that are written
 * out here once more, in billionths of a dollar, over the counts as the wire has them.
 */
import { assert, describe, it } from "@effect/vitest"
import { Predicate } from "effect"
import { field } from "../../../src/events/types/JsonAccess.ts"
import type { Cost } from "../../../src/kernel/cost/CostRow.ts"
import { load } from "../../../src/kernel/cost/PriceTable.ts"
import * as Pricing from "../../../src/kernel/cost/Pricing.ts"
import * as TokenCounts from "../../../src/kernel/cost/TokenCounts.ts"
import * as Money from "../../../src/kernel/money/Money.ts"
import type { RecordedAnswer } from "../../support/RecordedAnswers.ts"
import * as RecordedAnswers from "../../support/RecordedAnswers.ts"
import { Recordings } from "../../support/Recordings.ts"

const pricing = Pricing.make([], load)

const costOf = ({ model, response_model, usage, vendor }: RecordedAnswer): Cost =>
  pricing({
    time: Date.UTC(2026, 10, 27),
    provider: vendor,
    identity: RecordedAnswers.identities[vendor],
    model,
    responseModel: response_model,
    counts: TokenCounts.ofUsage(usage),
    vendorCost: undefined
  })

/** For one token, in billionths of a dollar: fresh input, input of a cache, output. As the vendors' price lists had them. */
const billionths: Readonly<Record<string, readonly [input: bigint, cached: bigint, output: bigint]>> = {
  "openai/gpt-4o-2024-08-06": [2500n, 1250n, 10_000n],
  "openai/gpt-4o-mini-2024-07-18": [150n, 75n, 600n],
  "openai/o4-mini-2025-04-16": [1100n, 275n, 4400n],
  "openai/text-embedding-3-small": [20n, 20n, 0n],
  "azure/gpt-4o-2024-11-20": [2500n, 1250n, 10_000n],
  "bedrock/openai.gpt-oss-20b-1:0": [70n, 70n, 300n],
  "vertex/gemini-2.0-flash": [100n, 25n, 400n],
  "gemini/gemini-2.5-flash-lite": [100n, 10n, 400n]
}

/** The first of these counts that a value has. */
const first = (value: unknown, ...paths: ReadonlyArray<ReadonlyArray<string>>): bigint => {
  for (const path of paths) {
    const count = path.reduce(field, value)
    if (Predicate.isNumber(count)) return BigInt(count)
  }
  return 0n
}

/** Read off the wire here, without what is tested. */
const expected = ({ response_model, values, vendor }: RecordedAnswer): bigint | undefined => {
  const prices = billionths[`${vendor}/${response_model}`]
  const usage = values.toReversed()
    .map((value) =>
      field(value, "usage") ?? field(value, "usage_metadata") ?? field(field(value, "interaction"), "usage")
    )
    .find(Predicate.isObject)
  if (prices === undefined || usage === undefined) return undefined
  const input = first(usage, ["prompt_tokens"], ["prompt_token_count"], ["total_input_tokens"])
  const output = first(usage, ["completion_tokens"], ["candidates_token_count"], ["total_output_tokens"])
  const cached = first(usage, ["prompt_tokens_details", "cached_tokens"], ["total_cached_tokens"])
  return (input - cached) * prices[0] + cached * prices[1] + output * prices[2]
}

const asBillionths = (cost: string): bigint => {
  const [whole = "", part = ""] = cost.split(".")
  assert.isAtMost(part.length, 9)
  return BigInt(whole + part.padEnd(9, "0"))
}

describe.skipIf(!Recordings.available)(`the cost of recorded calls ${Recordings.reason}`, () => {
  const answers = RecordedAnswers.load()

  it.each([
    {
      // gpt-4o-2024-08-06, $2.50 and $10.00 for a million: 20 × 2.50 + 1 × 10.00 = 60 millionths
      vendor: "openai",
      input: 20,
      output: 1,
      cost: "0.00006"
    },
    {
      // gpt-4o-2024-11-20, $2.50 and $10.00: 59 × 2.50 + 37 × 10.00 = 147.5 + 370 = 517.5 millionths
      vendor: "azure",
      input: 59,
      output: 37,
      cost: "0.0005175"
    },
    {
      // gpt-oss-20b, $0.07 and $0.30: 74 × 0.07 + 73 × 0.30 = 5.18 + 21.9 = 27.08 millionths
      vendor: "bedrock",
      input: 74,
      output: 73,
      cost: "0.00002708"
    },
    {
      // gemini-2.5-flash-lite, $0.10 and $0.40: 58 × 0.10 + 15 × 0.40 = 5.8 + 6 = 11.8 millionths
      vendor: "gemini",
      input: 58,
      output: 15,
      cost: "0.0000118"
    },
    {
      // gemini-2.0-flash, $0.10 and $0.40: 4026 × 0.10 + 2090 × 0.40 = 402.6 + 836 = 1238.6 millionths
      vendor: "vertex",
      input: 4026,
      output: 2090,
      cost: "0.0012386"
    }
  ])("is computed by hand for $vendor: $input and $output tokens cost $cost", ({ cost, input, output, vendor }) => {
    const answer = answers.find(({ usage, ...each }) =>
      each.vendor === vendor && field(usage, "input_tokens") === input && field(usage, "output_tokens") === output
    )
    assert.isDefined(answer, "the recording is there")
    assert.deepInclude(costOf(answer!), { cost, source: "table", prices: load().version, unknown: null })
  })

  it("is for each what the price lists say, and for all of them their sum", () => {
    let [sum, priced, byHand] = [Money.zero, 0, 0n]
    for (const answer of answers) {
      const [{ cost }, wanted] = [costOf(answer), expected(answer)]
      assert.strictEqual(cost === null ? undefined : asBillionths(cost), wanted, JSON.stringify(answer.usage))
      if (cost === null || wanted === undefined) continue
      priced++
      sum = Money.add(sum, Money.parse(cost)!)
      byHand += wanted
    }
    assert.isAbove(priced, 100)
    assert.strictEqual(asBillionths(Money.toText(sum)), byHand)
  })

  it("is not known, with the reason, for every other one", () => {
    const reasons = new Map<string, number>()
    for (const answer of answers) {
      const { cost, unknown } = costOf(answer)
      assert.strictEqual(cost === null, unknown !== null)
      if (unknown !== null) reasons.set(unknown, (reasons.get(unknown) ?? 0) + 1)
    }
    const table = load().version
    assert.sameMembers([...reasons.keys()], [
      "the vendor counted no tokens",
      "there are no public prices of remote::ollama",
      "there are no public prices of remote::vllm",
      "there are no public prices of remote::watsonx",
      `${table} has no price of aws's openai.gpt-oss-20b`
    ])
  })
})
