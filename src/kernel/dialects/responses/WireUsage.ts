/** Usage as Responses give it, with what a vendor counts besides. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { isFields, without } from "../../../events/types/JsonAccess.ts"
import type { Usage } from "../../messages/Usage.ts"
import { costIn } from "../../money/VendorCost.ts"

const count = (value: unknown): number | undefined => Predicate.isNumber(value) ? Math.round(value) : undefined

const detailsIn = (usage: Schema.JsonObject, name: string): Schema.JsonObject => {
  const details = usage[name]
  return isFields(details) ? details : {}
}

const inputs = { cache_read_tokens: "cached_tokens", cache_write_tokens: "cache_write_tokens" } as const
const outputs = { reasoning_tokens: "reasoning_tokens" } as const

const raiseDetails = (details: Schema.JsonObject, names: Readonly<Record<string, string>>) => {
  const counts: Record<string, number> = {}
  for (const canonical in names) {
    const value = count(details[names[canonical]!])
    if (value !== undefined) counts[canonical] = value
  }
  return counts
}

const rest = (usage: Schema.JsonObject, name: string, names: Readonly<Record<string, string>>): Schema.JsonObject => {
  const more = without(detailsIn(usage, name), Object.values(names))
  return Object.keys(more).length === 0 ? {} : { [name]: more }
}

const counted = ["input_tokens", "output_tokens", "total_tokens"] as const
const detailed = ["input_tokens_details", "output_tokens_details"] as const

/** Null where nothing is counted. */
export const raise = (usage: unknown): Usage | null => {
  if (!isFields(usage)) return null
  const input = count(usage["input_tokens"])
  if (input === undefined) return null
  const output = count(usage["output_tokens"]) ?? 0
  return {
    ...without(usage, [...counted, ...detailed]),
    ...rest(usage, "input_tokens_details", inputs),
    ...rest(usage, "output_tokens_details", outputs),
    input_tokens: input,
    output_tokens: output,
    total_tokens: count(usage["total_tokens"]) ?? input + output,
    ...raiseDetails(detailsIn(usage, "input_tokens_details"), inputs),
    ...raiseDetails(detailsIn(usage, "output_tokens_details"), outputs),
    ...costIn(usage)
  }
}

/** The dialect has no word for what is not counted: it says 0. */
export const lower = (usage: Usage): Schema.JsonObject => {
  const { cache_read_tokens, cache_write_tokens, input_tokens, output_tokens, reasoning_tokens, total_tokens } = usage
  const others = without(usage, [
    ...counted,
    ...detailed,
    ...Object.keys(inputs),
    ...Object.keys(outputs),
    "cache_write_1h_tokens",
    "input_audio_tokens",
    "output_audio_tokens",
    "cost_usd"
  ])
  return {
    ...others,
    input_tokens,
    input_tokens_details: {
      ...detailsIn(usage as Schema.JsonObject, "input_tokens_details"),
      cached_tokens: cache_read_tokens ?? 0,
      ...(cache_write_tokens == null ? {} : { cache_write_tokens })
    },
    output_tokens,
    output_tokens_details: {
      ...detailsIn(usage as Schema.JsonObject, "output_tokens_details"),
      reasoning_tokens: reasoning_tokens ?? 0
    },
    total_tokens
  }
}
