/** Tokens as Ollama counts them: those of a prompt that it has in its cache are counted with the others, or not at all. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { field } from "../../../events/types/JsonAccess.ts"
import type { Usage } from "../../messages/Usage.ts"

export const counted = ["prompt_eval_count", "eval_count"] as const

const countIn = (value: unknown, name: typeof counted[number]): number | undefined => {
  const count = field(value, name)
  return Predicate.isNumber(count) && Number.isFinite(count) ? Math.max(0, Math.round(count)) : undefined
}

/** Null where nothing is counted. */
export const raise = (answer: unknown): Usage | null => {
  const [prompt, output] = counted.map((name) => countIn(answer, name))
  if (prompt === undefined && output === undefined) return null
  const [input_tokens, output_tokens] = [prompt ?? 0, output ?? 0]
  return { input_tokens, output_tokens, total_tokens: input_tokens + output_tokens }
}

export const lower = ({ input_tokens, output_tokens }: Usage): Schema.JsonObject => ({
  prompt_eval_count: input_tokens,
  eval_count: output_tokens
})
