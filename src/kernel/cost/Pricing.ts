/** What a call costs: as its vendor says, by prices of the configuration, or by the public table; or why nobody knows. */
import { Predicate } from "effect"
import * as Money from "../money/Money.ts"
import type { Cost } from "./CostRow.ts"
import type { Prices } from "./PricesConfiguration.ts"
import * as PricesConfiguration from "./PricesConfiguration.ts"
import type { PriceTable } from "./PriceTable.ts"
import * as Rates from "./Rates.ts"
import type { TokenCounts } from "./TokenCounts.ts"

/** Which provider it is: what tells its vendor. */
export interface ProviderIdentity {
  readonly type: string
  readonly baseUrl?: string | undefined
}

export interface PricedCall {
  /** Milliseconds since 1970: prices change. */
  readonly time: number
  readonly provider: string
  /** Undefined: nothing says what the instance was. */
  readonly identity: ProviderIdentity | undefined
  /** As it was asked for. */
  readonly model: string
  /** As it answered, where it says so. */
  readonly responseModel: string | null
  readonly counts: TokenCounts | null
  /** What the vendor itself says it costs, a decimal. */
  readonly vendorCost: string | undefined
}

export type Pricing = (call: PricedCall) => Cost

const unknown = (reason: string, from: Partial<Cost> = {}): Cost => ({
  cost: null,
  source: null,
  prices: null,
  price_model: null,
  ...from,
  unknown: reason
})

const calculated = (
  amount: Rates.Amount,
  from: { readonly source: "configuration" | "table"; readonly prices: string; readonly price_model: string }
): Cost =>
  "unknown" in amount ? unknown(amount.unknown, from) : { ...from, cost: Money.toText(amount.cost), unknown: null }

/** Where nothing has prices: for who only reads the table. */
export const none: Pricing = () => unknown("no prices are loaded here: strata costs recompute computes it")

/** `table` is asked for when it is first needed. */
export const make = (own: Prices, table: () => PriceTable): Pricing => {
  const ownRates = PricesConfiguration.compile(own)
  return ({ counts, identity, model, provider, responseModel, time, vendorCost }) => {
    const stated = vendorCost === undefined ? undefined : Money.parse(vendorCost)
    if (stated !== undefined) {
      return { cost: Money.toText(stated), source: "vendor", prices: "vendor", price_model: null, unknown: null }
    }
    const models = [...new Set([responseModel, model].filter(Predicate.isNotNull))]
    const configured = ownRates(provider, models)
    if (configured !== undefined) {
      return calculated(Rates.costOf(configured.rates, counts), {
        source: "configuration",
        prices: "configuration",
        price_model: configured.model
      })
    }
    if (identity === undefined) return unknown(`nothing in the log says what the provider ${provider} was`)
    const prices = table()
    const vendor = prices.vendorOf(identity.type, identity.baseUrl)
    if (vendor === undefined) return unknown(`there are no public prices of ${identity.type}`)
    for (const name of models) {
      const price = prices.priceOf(vendor, name, time)
      if (price !== undefined) {
        return calculated(Rates.costOf(price.rates, counts), {
          source: "table",
          prices: prices.version,
          price_model: price.model
        })
      }
    }
    return unknown(`${prices.version} has no price of ${vendor}'s ${models.join(" or ")}`, { prices: prices.version })
  }
}
