/** The table of costs as a writer of the log keeps it: with the prices of its configuration, and the public ones. */
import type { AnyProjection } from "../../events/projections/Projection.ts"
import type { ProviderEntries } from "../provider/ProviderEntry.ts"
import type { CostProjection } from "./CostProjection.ts"
import type { Prices } from "./PricesConfiguration.ts"
import type { PriceTable } from "./PriceTable.ts"
import { load } from "./PriceTable.ts"
import * as Pricing from "./Pricing.ts"
import { identityOf } from "./ProviderIdentities.ts"

const isCosts = (projection: AnyProjection): projection is CostProjection => "priced" in projection

/** What the configuration says of prices, and of what instances are. */
export interface Configured {
  readonly prices: Prices
  readonly providers: ProviderEntries
}

/** The tables, that of costs with prices. `table` is asked for when the first call is priced. */
export const price = (
  projections: ReadonlyArray<AnyProjection>,
  { prices, providers }: Configured,
  table: () => PriceTable = load
): ReadonlyArray<AnyProjection> =>
  projections.map((projection) => {
    if (!isCosts(projection)) return projection
    const configured = (providers[projection.api] ?? []).flatMap((entry) => {
      const identity = identityOf(entry)
      return identity === undefined ? [] : [[entry.provider_id, identity] as const]
    })
    return projection.priced(Pricing.make(prices, table), configured)
  })
