/** Tokens as Interactions count them: thoughts beside the answer, what tools read beside the input. */
import { Predicate, Struct } from "effect"
import { isFields, objectsIn } from "../../../events/types/JsonAccess.ts"
import type { Usage } from "../../messages/Usage.ts"
import type { Fields } from "./Steps.ts"

const counted = [
  "total_input_tokens",
  "total_output_tokens",
  "total_thought_tokens",
  "total_tokens",
  "total_cached_tokens"
] as const

const countOf = (value: unknown): number | undefined =>
  Predicate.isNumber(value) && Number.isFinite(value) ? Math.round(value) : undefined

/** Of those counted by what they stand for. Absent where there are none. */
const audio = (counts: unknown, name: "input_audio_tokens" | "output_audio_tokens") => {
  const count = objectsIn(counts).filter(({ modality }) => modality === "audio")
    .reduce((sum, { tokens }) => sum + (countOf(tokens) ?? 0), 0)
  return count > 0 ? { [name]: count } : {}
}

/** Null where nothing is counted. */
export const raise = (usage: unknown): Usage | null => {
  if (!isFields(usage)) return null
  const [input, output, thoughts, total, cached] = counted.map((name) => countOf(usage[name]))
  if (input === undefined && output === undefined && total === undefined) return null
  const input_tokens = (input ?? 0) + (countOf(usage["total_tool_use_tokens"]) ?? 0)
  const output_tokens = (output ?? 0) + (thoughts ?? 0)
  return {
    input_tokens,
    output_tokens,
    total_tokens: total ?? input_tokens + output_tokens,
    ...(thoughts === undefined ? {} : { reasoning_tokens: thoughts }),
    ...(cached === undefined ? {} : { cache_read_tokens: cached }),
    ...audio(usage["input_tokens_by_modality"], "input_audio_tokens"),
    ...audio(usage["output_tokens_by_modality"], "output_audio_tokens")
  }
}

/** What is counted besides, for who speaks this dialect again. */
export const others = (usage: unknown): Fields => isFields(usage) ? Struct.omit(usage, counted) as Fields : {}

export const lower = (usage: Usage, others: Fields): Fields => {
  const thoughts = usage.reasoning_tokens ?? undefined
  const cached = usage.cache_read_tokens ?? undefined
  return {
    ...others,
    total_input_tokens: Math.max(usage.input_tokens - (countOf(others["total_tool_use_tokens"]) ?? 0), 0),
    total_output_tokens: Math.max(usage.output_tokens - (thoughts ?? 0), 0),
    ...(thoughts === undefined ? {} : { total_thought_tokens: thoughts }),
    ...(cached === undefined ? {} : { total_cached_tokens: cached }),
    total_tokens: usage.total_tokens
  }
}
