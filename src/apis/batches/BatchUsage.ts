/** What an answer of a line says of its model and its tokens, whatever its endpoint. */
import { field, numberOrNull, parse, textOrNull } from "../../events/types/JsonAccess.ts"
import type { BatchTokens } from "./BatchEvents.ts"

export const of = (body: string): { readonly model: string | null; readonly tokens: BatchTokens } => {
  const answer = parse(body)
  const usage = field(answer, "usage")
  const number = (from: unknown, ...names: ReadonlyArray<string>): number => {
    for (const name of names) {
      const value = numberOrNull(field(from, name))
      if (value !== null && Number.isSafeInteger(value)) return value
    }
    return 0
  }
  const details = (...names: ReadonlyArray<string>) =>
    names.map((name) => field(usage, name)).find((each) => each !== undefined)
  // Anthropic counts what a cache gave, or took, beside the input.
  const fromCache = number(usage, "cache_read_input_tokens")
  const intoCache = number(usage, "cache_creation_input_tokens")
  return {
    model: textOrNull(field(answer, "model")),
    tokens: {
      input: number(usage, "prompt_tokens", "input_tokens") + fromCache + intoCache,
      cached: number(details("prompt_tokens_details", "input_tokens_details"), "cached_tokens") + fromCache,
      output: number(usage, "completion_tokens", "output_tokens"),
      reasoning: number(details("completion_tokens_details", "output_tokens_details"), "reasoning_tokens")
    }
  }
}
