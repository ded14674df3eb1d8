/** Tokens as Google counts them, whatever an API of it calls them: thoughts beside the answer, what tools read beside the input. */
import { Predicate, Struct } from "effect"
import type { Schema } from "effect"
import { isFields, objectsIn } from "../../../events/types/JsonAccess.ts"
import type { Usage } from "../../messages/Usage.ts"

/** What an API calls its fields. */
export interface Names {
  readonly input: string
  readonly output: string
  readonly thoughts: string
  readonly total: string
  readonly cached: string
  /** Absent: it has none. */
  readonly written?: string
  /** Beside the input. */
  readonly toolUse: string
  /** Lists by what the tokens stand for. */
  readonly details: { readonly input: string; readonly output: string; readonly tokens: string; readonly audio: string }
}

const countOf = (value: unknown): number | undefined =>
  Predicate.isNumber(value) && Number.isFinite(value) ? Math.round(value) : undefined

export const make = ({ details, toolUse, ...names }: Names) => {
  const { cached, input, output, thoughts, total, written } = names
  const counted = Object.values(names)

  /** Absent where there are none. */
  const audio = (list: unknown, name: "input_audio_tokens" | "output_audio_tokens") => {
    const count = objectsIn(list).filter(({ modality }) => modality === details.audio)
      .reduce((sum, each) => sum + (countOf(each[details.tokens]) ?? 0), 0)
    return count > 0 ? { [name]: count } : {}
  }

  return {
    /** Null where nothing is counted. */
    raise: (usage: unknown): Usage | null => {
      if (!isFields(usage)) return null
      const of = (name: string | undefined) => name === undefined ? undefined : countOf(usage[name])
      const [asked, answered, thought, all] = [of(input), of(output), of(thoughts), of(total)]
      const [read, kept] = [of(cached), of(written)]
      if (asked === undefined && answered === undefined && all === undefined) return null
      const input_tokens = (asked ?? 0) + (of(toolUse) ?? 0)
      const output_tokens = (answered ?? 0) + (thought ?? 0)
      return {
        input_tokens,
        output_tokens,
        total_tokens: all ?? input_tokens + output_tokens,
        ...(thought === undefined ? {} : { reasoning_tokens: thought }),
        ...(read === undefined ? {} : { cache_read_tokens: read }),
        ...(kept === undefined ? {} : { cache_write_tokens: kept }),
        ...audio(usage[details.input], "input_audio_tokens"),
        ...audio(usage[details.output], "output_audio_tokens")
      }
    },
    /** What is counted besides, for who speaks this dialect again. */
    others: (usage: unknown): Schema.JsonObject =>
      isFields(usage) ? Struct.omit(usage, counted) as Schema.JsonObject : {},
    lower: (usage: Usage, others: Schema.JsonObject): Schema.JsonObject => {
      const { cache_read_tokens, cache_write_tokens, reasoning_tokens } = usage
      const named = (name: string | undefined, count: number | null | undefined) =>
        name === undefined || count == null ? {} : { [name]: count }
      return {
        ...others,
        [input]: Math.max(usage.input_tokens - (countOf(others[toolUse]) ?? 0), 0),
        [output]: Math.max(usage.output_tokens - (reasoning_tokens ?? 0), 0),
        ...named(thoughts, reasoning_tokens),
        ...named(cached, cache_read_tokens),
        ...named(written, cache_write_tokens),
        [total]: usage.total_tokens
      }
    }
  }
}
