/** Tokens as Google counts them: thoughts beside the answer, what tools read beside the prompt. */
import { Predicate, Struct } from "effect"
import { isFields, objectsIn } from "../../../events/types/JsonAccess.ts"
import type { Usage } from "../../messages/Usage.ts"
import type { Fields } from "./ProtoNames.ts"

const counted = [
  "promptTokenCount",
  "candidatesTokenCount",
  "thoughtsTokenCount",
  "totalTokenCount",
  "cachedContentTokenCount",
  // Google counts none; clients that know of it read what another vendor counted.
  "cacheWriteTokenCount"
] as const

const countOf = (value: unknown): number | undefined =>
  Predicate.isNumber(value) && Number.isFinite(value) ? Math.round(value) : undefined

/** Of those counted by what they stand for: `AUDIO`. Absent where there are none. */
const audio = (details: unknown, name: "input_audio_tokens" | "output_audio_tokens") => {
  const count = objectsIn(details).filter(({ modality }) => modality === "AUDIO")
    .reduce((sum, { tokenCount }) => sum + (countOf(tokenCount) ?? 0), 0)
  return count > 0 ? { [name]: count } : {}
}

/** Null where nothing is counted. */
export const raise = (metadata: unknown): Usage | null => {
  if (!isFields(metadata)) return null
  const [prompt, answer, thoughts, total, cached, written] = counted.map((name) => countOf(metadata[name]))
  if (prompt === undefined && answer === undefined && total === undefined) return null
  const input_tokens = (prompt ?? 0) + (countOf(metadata["toolUsePromptTokenCount"]) ?? 0)
  const output_tokens = (answer ?? 0) + (thoughts ?? 0)
  return {
    input_tokens,
    output_tokens,
    total_tokens: total ?? input_tokens + output_tokens,
    ...(thoughts === undefined ? {} : { reasoning_tokens: thoughts }),
    ...(cached === undefined ? {} : { cache_read_tokens: cached }),
    ...(written === undefined ? {} : { cache_write_tokens: written }),
    ...audio(metadata["promptTokensDetails"], "input_audio_tokens"),
    ...audio(metadata["candidatesTokensDetails"], "output_audio_tokens")
  }
}

/** What is counted besides, for who speaks this dialect again. */
export const others = (metadata: unknown): Fields => isFields(metadata) ? Struct.omit(metadata, counted) as Fields : {}

export const lower = (usage: Usage, others: Fields): Fields => {
  const thoughts = usage.reasoning_tokens ?? undefined
  const cached = usage.cache_read_tokens ?? undefined
  const written = usage.cache_write_tokens ?? undefined
  return {
    ...others,
    promptTokenCount: Math.max(usage.input_tokens - (countOf(others["toolUsePromptTokenCount"]) ?? 0), 0),
    candidatesTokenCount: Math.max(usage.output_tokens - (thoughts ?? 0), 0),
    ...(thoughts === undefined ? {} : { thoughtsTokenCount: thoughts }),
    ...(cached === undefined ? {} : { cachedContentTokenCount: cached }),
    ...(written === undefined ? {} : { cacheWriteTokenCount: written }),
    totalTokenCount: usage.total_tokens
  }
}
