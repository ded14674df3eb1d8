/** Usage as chat completions give it, wherever a vendor puts it. */
import type { Schema } from "effect"
import { without } from "../../../events/types/JsonAccess.ts"
import type { Usage } from "../../messages/Usage.ts"
import { costIn } from "../../money/VendorCost.ts"
import type { LooseChunk, LooseUsage } from "./LooseWire.ts"

/** In OpenTelemetry's terms; null when the vendor counted nothing. */
const tokensOf = (usage: LooseUsage | null | undefined): Usage | null => {
  const input = usage?.prompt_tokens
  if (usage == null || typeof input !== "number") return null
  const { completion_tokens: output, total_tokens: total } = usage
  const cached = usage.prompt_tokens_details?.cached_tokens ?? usage.prompt_cache_hit_tokens
  const written = usage.prompt_tokens_details?.cache_write_tokens
  const reasoning = usage.completion_tokens_details?.reasoning_tokens
  const [audioIn, audioOut] = [usage.prompt_tokens_details?.audio_tokens, usage.completion_tokens_details?.audio_tokens]
  const input_tokens = Math.round(input)
  const output_tokens = typeof output === "number" ? Math.round(output) : 0
  return {
    input_tokens,
    output_tokens,
    total_tokens: typeof total === "number" ? Math.round(total) : input_tokens + output_tokens,
    ...(typeof cached === "number" ? { cache_read_tokens: Math.round(cached) } : {}),
    ...(typeof written === "number" ? { cache_write_tokens: Math.round(written) } : {}),
    ...(typeof reasoning === "number" ? { reasoning_tokens: Math.round(reasoning) } : {}),
    ...(typeof audioIn === "number" && audioIn > 0 ? { input_audio_tokens: Math.round(audioIn) } : {}),
    ...(typeof audioOut === "number" && audioOut > 0 ? { output_audio_tokens: Math.round(audioOut) } : {}),
    ...(usage.cost == null ? {} : costIn(usage))
  }
}

export const firstChoice = (value: unknown): unknown => {
  const choices = (value as LooseChunk | null | undefined)?.choices
  return Array.isArray(choices) ? choices[0] : undefined
}

/**
 * Where a body or a chunk counts tokens, as it stands there; undefined where it counts none. Beside the choices; Groq has
 * it under its own name, Moonshot within the choice.
 */
export const usageIn = (value: unknown): (LooseUsage & Schema.JsonObject) | undefined => {
  const chunk = value as LooseChunk | null | undefined
  const choice = firstChoice(value) as LooseChunk | null | undefined
  for (const place of [chunk?.usage, chunk?.x_groq?.usage, choice?.usage]) {
    const usage = place as (LooseUsage & Schema.JsonObject) | null | undefined
    if (typeof usage?.prompt_tokens === "number") return usage
  }
  return undefined
}

/** The tokens of a body or a chunk; null where it counts none. */
export const tokensIn = (value: unknown): Usage | null => tokensOf(usageIn(value))

const counted = ["prompt_tokens", "completion_tokens", "total_tokens"] as const

/** With all that the vendor says besides. */
export const raise = (usage: Schema.JsonObject): Usage | null => {
  const tokens = tokensOf(usage)
  return tokens === null ? null : { ...without(usage, counted), ...tokens }
}

const canonical = [
  "input_tokens",
  "output_tokens",
  "cache_read_tokens",
  "cache_write_tokens",
  "reasoning_tokens",
  "cache_write_1h_tokens",
  "input_audio_tokens",
  "output_audio_tokens",
  "cost_usd",
  "prompt_tokens_details",
  "completion_tokens_details"
] as const

const isFields = (value: unknown): value is Schema.JsonObject => typeof value === "object" && value !== null

/** What the vendor counted in detail, with what has a place in the canonical model. */
const details = (
  name: string,
  uncounted: Schema.Json | undefined,
  counts: Readonly<Record<string, number | null | undefined>>
): Schema.JsonObject => {
  const given = Object.entries(counts).filter(([, count]) => count != null)
  const all = { ...(isFields(uncounted) ? uncounted : {}), ...Object.fromEntries(given) } as Schema.JsonObject
  return Object.keys(all).length === 0 ? {} : { [name]: all }
}

export const lower = (usage: Usage): Schema.JsonObject => {
  const { cache_read_tokens, cache_write_tokens, input_tokens, output_tokens, reasoning_tokens, total_tokens } = usage
  return {
    prompt_tokens: input_tokens,
    completion_tokens: output_tokens,
    ...details("prompt_tokens_details", usage["prompt_tokens_details"], {
      cached_tokens: cache_read_tokens,
      cache_write_tokens
    }),
    ...details("completion_tokens_details", usage["completion_tokens_details"], { reasoning_tokens }),
    ...without(usage, canonical),
    total_tokens
  }
}
