/** Usage as chat completions give it, wherever a vendor puts it. */
import { Predicate, Struct } from "effect"
import type { Schema } from "effect"
import { field } from "../../../events/types/JsonAccess.ts"
import type { Usage } from "../../messages/Usage.ts"

const countOf = (value: unknown): number | undefined => Predicate.isNumber(value) ? Math.round(value) : undefined

/** In OpenTelemetry's terms; null when the vendor counted nothing. */
const tokensOf = (usage: unknown): Usage | null => {
  const input = countOf(field(usage, "prompt_tokens"))
  if (input === undefined) return null
  const output = countOf(field(usage, "completion_tokens")) ?? 0
  const cached = countOf(field(field(usage, "prompt_tokens_details"), "cached_tokens")) ??
    countOf(field(usage, "prompt_cache_hit_tokens"))
  const reasoning = countOf(field(field(usage, "completion_tokens_details"), "reasoning_tokens"))
  return {
    input_tokens: input,
    output_tokens: output,
    total_tokens: countOf(field(usage, "total_tokens")) ?? input + output,
    ...(cached === undefined ? {} : { cache_read_tokens: cached }),
    ...(reasoning === undefined ? {} : { reasoning_tokens: reasoning })
  }
}

export const firstChoice = (value: unknown): unknown => {
  const choices = field(value, "choices")
  return Array.isArray(choices) ? choices[0] : undefined
}

/** Beside the choices; Groq has it under its own name, Moonshot within the choice. */
const places = (value: unknown): ReadonlyArray<unknown> => [
  field(value, "usage"),
  field(field(value, "x_groq"), "usage"),
  field(firstChoice(value), "usage")
]

/** The tokens of a body or a chunk; null where it counts none. */
export const tokensIn = (value: unknown): Usage | null => {
  for (const place of places(value)) {
    const tokens = tokensOf(place)
    if (tokens !== null) return tokens
  }
  return null
}

/** The usage of a body or a chunk as it stands there; undefined where it counts none. */
export const usageIn = (value: unknown): Schema.JsonObject | undefined =>
  places(value).find((place): place is Schema.JsonObject => tokensOf(place) !== null)

const counted = ["prompt_tokens", "completion_tokens", "total_tokens"] as const

/** With all that the vendor says besides. */
export const raise = (usage: Schema.JsonObject): Usage | null => {
  const tokens = tokensOf(usage)
  return tokens === null ? null : { ...Struct.omit(usage, counted), ...tokens }
}

const canonical = [
  "input_tokens",
  "output_tokens",
  "cache_read_tokens",
  "cache_write_tokens",
  "reasoning_tokens",
  "cost_usd"
] as const

const details = (name: string, value: number | null | undefined) => value == null ? undefined : { [name]: value }

export const lower = (usage: Usage): Schema.JsonObject => {
  const { cache_read_tokens, input_tokens, output_tokens, reasoning_tokens, total_tokens } = usage
  const prompt = details("cached_tokens", cache_read_tokens)
  const completion = details("reasoning_tokens", reasoning_tokens)
  return {
    prompt_tokens: input_tokens,
    completion_tokens: output_tokens,
    ...(prompt === undefined ? {} : { prompt_tokens_details: prompt }),
    ...(completion === undefined ? {} : { completion_tokens_details: completion }),
    ...Struct.omit(usage, canonical),
    total_tokens
  }
}
