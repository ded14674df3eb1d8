/** What OpenAI's Responses do not take of a request, field by field, and what becomes of it. */
import { Predicate } from "effect"
import type { ChatRequest } from "../../messages/ChatRequest.ts"
import type { Degradation } from "../../messages/ChatResponse.ts"
import { optionsFor } from "../../messages/ProviderOptions.ts"
import * as ReasoningEffort from "../chat/ReasoningEffort.ts"

/** `value` undefined: the field is not sent. */
type Outcome = { readonly value: number | string | undefined; readonly degradation?: Degradation } | "impossible"

interface Rule {
  readonly field: keyof ChatRequest & string
  readonly apply: (value: unknown) => Outcome
}

const within = (field: string, least: number, most: number): Rule => ({
  field,
  apply: (given) => {
    if (!Predicate.isNumber(given)) return { value: undefined }
    const value = Math.min(Math.max(given, least), most)
    if (value === given) return { value }
    const reason = `the vendor takes ${most === Infinity ? `no less than ${least}` : `${least} to ${most}`}`
    return { value, degradation: { requested: `${field} ${given}`, actual: `${field} ${value}`, reason } }
  }
})

/** An answer without it is still an answer to what was asked. */
const dropped = (field: string): Rule => ({
  field,
  apply: (value) => ({
    value: undefined,
    degradation: {
      requested: `${field} ${JSON.stringify(value)}`,
      actual: `no ${field}`,
      reason: "the vendor has no such setting"
    }
  })
})

/** Without it the answer would not end where it was asked to. */
const stop: Rule = {
  field: "stop",
  apply: (value) => Array.isArray(value) && value.length === 0 ? { value: undefined } : "impossible"
}

/** -1 leaves it to the model. */
const budget: Rule = {
  field: "reasoning_budget_tokens",
  apply: (tokens) => {
    const given = Predicate.isNumber(tokens) ? ReasoningEffort.ofBudget(tokens) : undefined
    if (given === undefined) return { value: undefined }
    const { degradation, effort: value } = given
    return degradation === undefined ? { value } : { value, degradation }
  }
}

export const rules: ReadonlyArray<Rule> = [
  within("temperature", 0, 2),
  within("top_p", 0, 1),
  within("max_output_tokens", 16, Infinity),
  dropped("top_k"),
  dropped("seed"),
  dropped("frequency_penalty"),
  dropped("presence_penalty"),
  stop,
  budget
]

export interface Limited {
  readonly values: Readonly<Record<string, number | string>>
  readonly degradations: ReadonlyArray<Degradation>
  /** A field without which the answer would not be what was asked. */
  readonly impossible: string | undefined
}

/** What a client of this dialect says itself is its own: the vendor judges it. */
export const apply = (request: ChatRequest): Limited => {
  const own = optionsFor("responses", request)
  const values: Record<string, number | string> = {}
  const degradations: Array<Degradation> = []
  for (const { apply, field } of rules) {
    const given = request[field]
    if (given == null || Object.hasOwn(own, field)) continue
    const outcome = apply(given)
    if (outcome === "impossible") return { values, degradations, impossible: field }
    if (outcome.value !== undefined) values[field] = outcome.value
    if (outcome.degradation !== undefined) degradations.push(outcome.degradation)
  }
  return { values, degradations, impossible: undefined }
}
