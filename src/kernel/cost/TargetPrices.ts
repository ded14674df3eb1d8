/** What a model costs now, for who chooses between models: by prices of the configuration, or by the public table. */
import { Context } from "effect"
import * as Money from "../money/Money.ts"
import type { Configured } from "./ConfiguredCosts.ts"
import * as PricesConfiguration from "./PricesConfiguration.ts"
import type { PriceTable } from "./PriceTable.ts"
import { load } from "./PriceTable.ts"
import { identityOf } from "./ProviderIdentities.ts"
import type { Rate, Rates } from "./Rates.ts"

/** US dollars for a million tokens. */
export interface TargetPrice {
  readonly input: number
  readonly output: number
}

/** Of a provider instance's model, as its vendor calls it, at a time, milliseconds since 1970; undefined: nobody knows. */
export type PriceOf = (provider: string, model: string, time: number) => TargetPrice | undefined

const numberOf = ({ base }: Rate): number => Number(Money.toText(base))

const priceIn = ({ input, output }: Rates): TargetPrice | undefined =>
  input === undefined || output === undefined ? undefined : { input: numberOf(input), output: numberOf(output) }

/** Of instances of one API. `table` is asked for when it is first needed. */
export const make = ({ prices, providers }: Configured, api: string, table: () => PriceTable = load): PriceOf => {
  const own = PricesConfiguration.compile(prices)
  const identities = new Map((providers[api] ?? []).map((entry) => [entry.provider_id, identityOf(entry)]))
  return (provider, model, time) => {
    const configured = own(provider, [model])
    if (configured !== undefined) return priceIn(configured.rates)
    const identity = identities.get(provider)
    if (identity === undefined) return undefined
    const vendor = table().vendorOf(identity.type, identity.baseUrl)
    const price = vendor === undefined ? undefined : table().priceOf(vendor, model, time)
    return price === undefined ? undefined : priceIn(price.rates)
  }
}

/** Of the server's inference providers. */
export const TargetPrices = Context.Reference<PriceOf>("strata/kernel/cost/TargetPrices", {
  defaultValue: () => () => undefined
})
