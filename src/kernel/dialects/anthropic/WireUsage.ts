/** Tokens as Anthropic counts them: those of a cache stand beside the fresh ones, and are no part of them. */
import { Predicate, Struct } from "effect"
import type { Schema } from "effect"
import { field, isFields } from "../../../events/types/JsonAccess.ts"
import type { Usage } from "../../messages/Usage.ts"
import { given } from "./WireFields.ts"

const counted = [
  "input_tokens",
  "output_tokens",
  "cache_read_input_tokens",
  "cache_creation_input_tokens"
] as const

/** A whole number, never below nothing; undefined where nothing is counted. */
const countIn = (usage: unknown, name: string): number | undefined => {
  const value = field(usage, name)
  return Predicate.isNumber(value) && Number.isFinite(value) ? Math.max(0, Math.round(value)) : undefined
}

/** Null where the vendor counted nothing. */
export const raise = (usage: unknown): Usage | null => {
  const [fresh, output] = [countIn(usage, "input_tokens"), countIn(usage, "output_tokens")]
  if (fresh === undefined && output === undefined) return null
  const [read, written] = [countIn(usage, "cache_read_input_tokens"), countIn(usage, "cache_creation_input_tokens")]
  const forAnHour = countIn(field(usage, "cache_creation"), "ephemeral_1h_input_tokens")
  const input_tokens = (fresh ?? 0) + (read ?? 0) + (written ?? 0)
  return {
    input_tokens,
    output_tokens: output ?? 0,
    total_tokens: input_tokens + (output ?? 0),
    ...given("reasoning_tokens", countIn(field(usage, "output_tokens_details"), "thinking_tokens")),
    ...given("cache_read_tokens", read),
    ...given("cache_write_tokens", written),
    ...(forAnHour === undefined || forAnHour === 0 ? {} : { cache_write_1h_tokens: forAnHour })
  }
}

/** The vendor's other counters, as they stand. */
export const rest = (usage: unknown): Schema.JsonObject => isFields(usage) ? Struct.omit(usage, counted) : {}

/** `others`: counters that this dialect gave besides. */
export const lower = (usage: Usage, others: Schema.JsonObject = {}): Schema.JsonObject => {
  const { cache_read_tokens: read, cache_write_tokens: written, input_tokens, output_tokens, reasoning_tokens } = usage
  return {
    input_tokens: Math.max(0, input_tokens - (read ?? 0) - (written ?? 0)),
    ...given("cache_creation_input_tokens", written),
    ...given("cache_read_input_tokens", read),
    output_tokens,
    ...(reasoning_tokens == null ? {} : { output_tokens_details: { thinking_tokens: reasoning_tokens } }),
    ...others
  }
}
