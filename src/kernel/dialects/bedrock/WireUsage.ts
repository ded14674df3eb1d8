/** Tokens as Bedrock counts them: those of a cache stand beside the fresh ones, and are no part of them. */
import { Predicate, Struct } from "effect"
import type { Schema } from "effect"
import { field, isFields } from "../../../events/types/JsonAccess.ts"
import type { Usage } from "../../messages/Usage.ts"
import { given } from "../anthropic/WireFields.ts"

const counted = [
  "inputTokens",
  "outputTokens",
  "totalTokens",
  "cacheReadInputTokens",
  "cacheWriteInputTokens"
] as const

const countIn = (usage: unknown, name: typeof counted[number]): number | undefined => {
  const value = field(usage, name)
  return Predicate.isNumber(value) && Number.isFinite(value) ? Math.max(0, Math.round(value)) : undefined
}

/** Null where nothing is counted. */
export const raise = (usage: unknown): Usage | null => {
  const [fresh, output, total, read, written] = counted.map((name) => countIn(usage, name))
  if (fresh === undefined && output === undefined) return null
  const input_tokens = (fresh ?? 0) + (read ?? 0) + (written ?? 0)
  return {
    input_tokens,
    output_tokens: output ?? 0,
    total_tokens: total ?? input_tokens + (output ?? 0),
    ...given("cache_read_tokens", read),
    ...given("cache_write_tokens", written)
  }
}

/** The vendor's other counters, as they stand. */
export const rest = (usage: unknown): Schema.JsonObject => isFields(usage) ? Struct.omit(usage, counted) : {}

export const lower = (usage: Usage, others: Schema.JsonObject = {}): Schema.JsonObject => {
  const { cache_read_tokens: read, cache_write_tokens: written, input_tokens, output_tokens, total_tokens } = usage
  return {
    inputTokens: Math.max(0, input_tokens - (read ?? 0) - (written ?? 0)),
    outputTokens: output_tokens,
    totalTokens: total_tokens,
    ...given("cacheReadInputTokens", read),
    ...given("cacheWriteInputTokens", written),
    ...others
  }
}
