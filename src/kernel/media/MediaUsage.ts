/** What a vendor counted for sound, pictures and their texts, as usage of calls is written. */
import { Predicate } from "effect"
import { field, isFields } from "../../events/types/JsonAccess.ts"
import type { Answer } from "../calls/Call.ts"
import { valuesOf } from "../dialects/sse/SseJson.ts"
import type { Usage } from "../messages/Usage.ts"

const countIn = (value: unknown, ...names: ReadonlyArray<string>): number | undefined => {
  for (const name of names) {
    const count = field(value, name)
    if (Predicate.isNumber(count) && Number.isSafeInteger(count) && count >= 0) return count
  }
  return undefined
}

const named = (name: keyof Usage, count: number | undefined) => count === undefined ? {} : { [name]: count }

/** Null: nobody counted tokens; seconds are none. */
export const ofJson = (usage: unknown): Usage | null => {
  if (!isFields(usage)) return null
  const input = countIn(usage, "input_tokens", "prompt_tokens")
  const output = countIn(usage, "output_tokens", "completion_tokens")
  if (input === undefined && output === undefined) return null
  const inputDetails = field(usage, "input_token_details") ?? field(usage, "input_tokens_details")
  const outputDetails = field(usage, "output_token_details") ?? field(usage, "output_tokens_details")
  return {
    input_tokens: input ?? 0,
    output_tokens: output ?? 0,
    total_tokens: countIn(usage, "total_tokens") ?? (input ?? 0) + (output ?? 0),
    ...named("input_audio_tokens", countIn(inputDetails, "audio_tokens")),
    ...named("output_audio_tokens", countIn(outputDetails, "audio_tokens")),
    ...named("cache_read_tokens", countIn(inputDetails, "cached_tokens"))
  }
}

/** The values of an answer: its JSON, or what its events say. */
export const valuesIn = ({ frames, json }: Answer): ReadonlyArray<unknown> =>
  frames === undefined ? [json] : valuesOf(frames.map(([, text]) => text).join(""))

/** The last that counts. */
export const ofAnswer = (answer: Answer): Usage | null => {
  const usages = valuesIn(answer).map((value) => ofJson(field(value, "usage")))
  return usages.findLast((usage) => usage !== null) ?? null
}
