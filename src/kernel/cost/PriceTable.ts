/**
 * The public prices of vendors, as the package `@pydantic/genai-prices` has them in itself: nothing is fetched. It chooses
 * vendor, model and the prices of a time; what a call costs is computed elsewhere, for it computes in binary fractions.
 */
import type * as GenaiPrices from "@pydantic/genai-prices"
import { DateTime } from "effect"
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { pathToFileURL } from "node:url"
import { field, parse, textOrNull } from "../../events/types/JsonAccess.ts"
import * as Money from "../money/Money.ts"
import type { Rate, Rates } from "./Rates.ts"

const packageName = "@pydantic/genai-prices"

type Package = typeof GenaiPrices
type ModelPrice = GenaiPrices.ModelPrice

export interface TablePrice {
  /** As the table calls it: `openai/gpt-4o`. */
  readonly model: string
  readonly rates: Rates
}

export interface PriceTable {
  /** `genai-prices 0.1.8` */
  readonly version: string
  /** The vendor behind a provider type, or behind its address; undefined: none that the table has. */
  readonly vendorOf: (type: string, baseUrl: string | undefined) => string | undefined
  /** What a model cost at a time, milliseconds since 1970; undefined: the table does not have it. */
  readonly priceOf: (vendor: string, model: string, time: number) => TablePrice | undefined
}

/** Where a type's name is not the table's for the vendor. */
const vendorNames: ReadonlyMap<string, string> = new Map([
  ["gemini", "google"],
  ["vertexai", "google"],
  ["bedrock", "aws"],
  ["xai", "x-ai"]
])

const rateOf = (price: ModelPrice[string]): Rate | undefined => {
  if (price === undefined) return undefined
  const { base, tiers } = typeof price === "number" ? { base: price, tiers: [] } : price
  const exact = Money.ofNumber(base)
  const steps = tiers.map(({ price, start }) => ({ above: start, price: Money.ofNumber(price) }))
    .sort((one, other) => one.above - other.above)
  const whole = steps.flatMap(({ above, price }) => price === undefined ? [] : [{ above, price }])
  return exact === undefined || whole.length < steps.length ? undefined : { base: exact, tiers: whole }
}

const ratesOf = (price: ModelPrice): Rates => ({
  input: rateOf(price["input_mtok"]),
  cacheRead: rateOf(price["cache_read_mtok"]),
  cacheWrite: rateOf(price["cache_write_mtok"]),
  cacheWrite1h: rateOf(price["cache_write_1h_mtok"]),
  inputAudio: rateOf(price["input_audio_mtok"]),
  output: rateOf(price["output_mtok"]),
  reasoning: rateOf(price["output_reasoning_mtok"]),
  outputAudio: rateOf(price["output_audio_mtok"]),
  perThousandCalls: rateOf(price["requests_kcount"])?.base
})

/** Google's names are paths: `publishers/google/models/gemini-2.5-flash`. */
const resourcePath = /^(?:[\w-]+\/)*models\//

/** Models whose prices are kept; a model's prices depend on the time only where the table says so. */
const maximumKept = 1000

const make = ({ calcPrice, findProvider }: Package, version: string): PriceTable => {
  const kept = new Map<string, TablePrice | undefined>()
  /** As many as there are instances. */
  const vendors = new Map<string, string | undefined>()

  const vendorOf = (type: string, baseUrl: string | undefined): string | undefined => {
    const byUrl = baseUrl === undefined ? undefined : findProvider({ providerApiUrl: baseUrl })
    if (byUrl !== undefined) return byUrl.id
    const name = type.slice(type.lastIndexOf(":") + 1)
    const id = vendorNames.get(name) ?? name
    // The table takes a name that only contains a vendor's for the vendor: a compatible server is none.
    return findProvider({ providerId: id })?.id === id ? id : undefined
  }

  return {
    version,
    vendorOf: (type, baseUrl) => {
      const key = `${type} ${baseUrl ?? ""}`
      if (!vendors.has(key)) vendors.set(key, vendorOf(type, baseUrl))
      return vendors.get(key)
    },
    priceOf: (vendor, model, time) => {
      const key = `${vendor} ${model}`
      if (kept.has(key)) return kept.get(key)
      const calculated = calcPrice({}, model.replace(resourcePath, ""), {
        providerId: vendor,
        timestamp: DateTime.toDateUtc(DateTime.makeUnsafe(time))
      })
      const price = calculated === null ? undefined : {
        model: `${calculated.provider.id}/${calculated.model.id}`,
        rates: ratesOf(calculated.model_price)
      }
      if (calculated !== null && Array.isArray(calculated.model.prices)) return price
      if (kept.size >= maximumKept) kept.clear()
      kept.set(key, price)
      return price
    }
  }
}

let loaded: PriceTable | undefined

/** The table of the package as it is installed. It is large: a server that has answered nothing does without. */
export const load = (): PriceTable => {
  if (loaded !== undefined) return loaded
  const require = createRequire(import.meta.url)
  const main = require.resolve(packageName)
  const manifest = parse(readFileSync(new URL("../package.json", pathToFileURL(main)), "utf8"))
  const version = textOrNull(field(manifest, "version")) ?? "of an unknown version"
  return loaded = make(require(packageName) as Package, `genai-prices ${version}`)
}
