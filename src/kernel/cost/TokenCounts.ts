/** The tokens of one call by their kinds, as prices tell them apart. */
import { Schema, Struct } from "effect"
import { isFields } from "../../events/types/JsonAccess.ts"

const count = (description: string, example: number) =>
  Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)).annotate({ description, examples: [example] })

export const TokenCounts = Schema.Struct({
  input_tokens: count("Gross: fresh, read from a cache, written to one, and audio.", 1000),
  output_tokens: count("With those spent on reasoning, and audio.", 100),
  cache_read_tokens: count("Of the input: read from a cache.", 400),
  cache_write_tokens: count("Of the input: written to a cache.", 0),
  cache_write_1h_tokens: count("Of those written to a cache: kept for an hour.", 0),
  input_audio_tokens: count("Of the input: audio.", 0),
  output_audio_tokens: count("Of the output: audio.", 0),
  reasoning_tokens: count("Of the output: spent on reasoning.", 20)
}).annotate({ identifier: "TokenCounts", description: "Tokens by kind." })
export type TokenCounts = typeof TokenCounts.Type

/** The same as it is stored: a kind that is not there is 0. */
export const StoredCounts = TokenCounts.mapFields(Struct.map(Schema.optionalKey))
export type StoredCounts = typeof StoredCounts.Type

export const kinds = Object.keys(TokenCounts.fields) as ReadonlyArray<keyof TokenCounts>

type Mutable = { -readonly [Kind in keyof TokenCounts]: number }

export const none: TokenCounts = {
  input_tokens: 0,
  output_tokens: 0,
  cache_read_tokens: 0,
  cache_write_tokens: 0,
  cache_write_1h_tokens: 0,
  input_audio_tokens: 0,
  output_audio_tokens: 0,
  reasoning_tokens: 0
}

/** Of the canonical usage an event has; null where nobody counted. */
export const ofUsage = (usage: unknown): TokenCounts | null => {
  if (!isFields(usage)) return null
  const counts: Mutable = { ...none }
  for (const kind of kinds) {
    const value = usage[kind]
    if (Number.isSafeInteger(value) && (value as number) > 0) counts[kind] = value as number
  }
  return counts
}

export const add = (one: TokenCounts, other: StoredCounts): TokenCounts => {
  const sum: Mutable = { ...one }
  for (const kind of kinds) sum[kind] += other[kind] ?? 0
  return sum
}

export const toStored = (counts: TokenCounts): StoredCounts => {
  const stored: Partial<Mutable> = {}
  for (const kind of kinds) if (counts[kind] > 0) stored[kind] = counts[kind]
  return stored
}
