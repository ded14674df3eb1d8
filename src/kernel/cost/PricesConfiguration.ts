/** The section `prices`: what models cost that the table of prices does not have, or not as they are paid here. */
import { Effect, Schema } from "effect"
import * as Money from "../money/Money.ts"
import { text } from "../provider/FieldSchema.ts"
import type { Rate, Rates } from "./Rates.ts"

const expected = "a decimal in quotes, \"0.15\", not below zero"

/** Text, for a number of YAML is a binary fraction. */
const decimal = (description: string) =>
  Schema.optionalKey(
    Schema.String.annotate({ expected, description, examples: ["0.15"] }).check(
      Schema.makeFilter((value: string) => Money.parse(value) !== undefined, { expected })
    )
  )

const perMillion = (what: string) => decimal(`US dollars for a million ${what}`)

const fields = {
  input: perMillion("tokens of input"),
  output: perMillion("tokens of output"),
  cache_read: perMillion("tokens of input that are read from a cache; default: as input"),
  cache_write: perMillion("tokens of input that are written to a cache; default: as input"),
  cache_write_1h: perMillion("tokens of input that are written to a cache for an hour; default: as cache_write"),
  input_audio: perMillion("tokens of input that are audio; default: as input"),
  reasoning: perMillion("tokens of output that are spent on reasoning; default: as output"),
  output_audio: perMillion("tokens of output that are audio; default: as output"),
  per_call: decimal("US dollars for each call, besides its tokens")
}

const OwnPrice = Schema.Struct({
  provider: text.annotate({
    description: "Provider instances it holds for, by their provider_id; one that ends in * is a prefix",
    default: "*"
  }).pipe(Schema.withDecodingDefaultKey(Effect.succeed("*"))),
  model: text.annotate({
    description: "Models it holds for, as their vendor calls them; one that ends in * is a prefix"
  }).annotateKey({ messageMissingKey: "missing: name a model, or a prefix of some: \"gpt-4o*\"" }),
  ...fields
}).annotate({ expected: "a mapping with model and prices" }).check(
  Schema.makeFilter((price: { readonly [Field in keyof typeof fields]?: string }) =>
    Object.keys(fields).some((name) => Object.hasOwn(price, name))
      ? undefined
      : `no price: give one of ${Object.keys(fields).join(", ")}`
  )
)

export const Prices = Schema.Array(OwnPrice).annotate({
  expected: "a list of prices, each starting with \"- model:\"",
  description: "Prices of your own, which go before the public ones: the first that fits a call counts",
  default: [],
  examples: [[{ provider: "openai", model: "gpt-4o*", input: "2.25", output: "9" }]]
})
export type Prices = typeof Prices.Type

const fits = (pattern: string, name: string): boolean =>
  pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : pattern === name

const rate = (price: string | undefined): Rate | undefined => {
  const base = price === undefined ? undefined : Money.parse(price)
  return base === undefined ? undefined : { base, tiers: [] }
}

export interface OwnRates {
  /** The pattern that fits. */
  readonly model: string
  readonly rates: Rates
}

/** The prices for a call, by the models it may be meant by, the likeliest first. */
export const compile = (prices: Prices) => {
  const compiled = prices.map((price) => ({
    provider: price.provider,
    model: price.model,
    rates: {
      input: rate(price.input),
      output: rate(price.output),
      cacheRead: rate(price.cache_read),
      cacheWrite: rate(price.cache_write),
      cacheWrite1h: rate(price.cache_write_1h),
      inputAudio: rate(price.input_audio),
      reasoning: rate(price.reasoning),
      outputAudio: rate(price.output_audio),
      perThousandCalls: price.per_call === undefined ? undefined : thousandfold(price.per_call)
    }
  }))
  return (provider: string, models: ReadonlyArray<string>): OwnRates | undefined =>
    compiled.find((price) => fits(price.provider, provider) && models.some((model) => fits(price.model, model)))
}

const thousandfold = (price: string): Money.Money | undefined => {
  const money = Money.parse(price)
  return money === undefined ? undefined : Money.times(1000, money, 0)
}
