/** What Google does not take of a request, and what is done about it: one rule a field. */
import { Result, Struct } from "effect"
import type { ChatRequest } from "../../messages/ChatRequest.ts"
import type { Degradation } from "../../messages/ChatResponse.ts"
import { NotOfDialect } from "../NotOfDialect.ts"
import { generation } from "./ModelPath.ts"

type Field = keyof ChatRequest & string

/** Instead of what is asked; `undefined` leaves it out, a text says why it can't be. */
type Outcome<Value> = { readonly value: Value | undefined } | { readonly refused: string }

interface Rule {
  readonly field: Field
  readonly reason: string
  /** What is asked and done, where the field's value does not say it. */
  readonly words?: Pick<Degradation, "requested" | "actual">
  /** Undefined: it may stay. Called where the field has a value. */
  readonly apply: (request: ChatRequest) => Outcome<unknown> | undefined
}

const clamped = (field: "temperature", least: number, most: number): Rule => ({
  field,
  reason: `Gemini takes ${least} to ${most}`,
  apply: ({ [field]: value }) => {
    const within = Math.min(Math.max(value!, least), most)
    return within === value ? undefined : { value: within }
  }
})

const mostStops = 5
const [leastSeed, mostSeed] = [-(2 ** 31), 2 ** 31 - 1]

/** Least and most tokens to think with, before Gemini 3: https://ai.google.dev/gemini-api/docs/thinking */
const budgetOf = (model: string): readonly [least: number, most: number, off: boolean] =>
  model.includes("pro")
    ? [128, 32_768, false]
    : model.includes("lite")
    ? [512, 24_576, true]
    : [1, 24_576, true]

export const rules: ReadonlyArray<Rule> = [
  clamped("temperature", 0, 2),
  {
    field: "stop",
    reason: `Gemini takes ${mostStops} texts that end an answer`,
    apply: ({ stop }) => {
      const texts = stop!.filter((text) => text !== "")
      if (texts.length > mostStops) {
        return { refused: `stop: ${texts.length} texts, of which Gemini takes ${mostStops}` }
      }
      return texts.length === stop!.length ? undefined : { value: texts }
    }
  },
  {
    field: "seed",
    reason: "Gemini takes seeds of 32 bits",
    apply: ({ seed }) => seed! < leastSeed || seed! > mostSeed ? { value: undefined } : undefined
  },
  {
    field: "reasoning_budget_tokens",
    reason: "the model takes no such budget",
    apply: ({ model, reasoning_budget_tokens: budget }) => {
      if (model == null || (generation(model) ?? 3) >= 3) return undefined
      const [least, most, off] = budgetOf(model)
      if (budget === -1 || (budget === 0 && off)) return undefined
      const within = Math.min(Math.max(budget!, least), most)
      return within === budget ? undefined : { value: within }
    }
  },
  {
    field: "parallel_tool_calls",
    reason: "Gemini decides itself how many tools an answer calls",
    apply: ({ parallel_tool_calls: parallel }) => parallel === false ? { value: undefined } : undefined
  },
  {
    field: "tools",
    reason: "Gemini has no strict functions",
    words: { requested: "strict tools", actual: "tools" },
    apply: ({ tools }) =>
      tools!.some(({ strict }) => strict === true)
        ? { value: tools!.map((tool) => Struct.omit(tool, ["strict"])) }
        : undefined
  }
]

export interface Limited {
  readonly request: ChatRequest
  readonly degradations: ReadonlyArray<Degradation>
}

const degradation = ({ field, reason, words }: Rule, before: unknown, after: unknown): Degradation => ({
  requested: `${field} ${JSON.stringify(before)}`,
  actual: after === undefined ? `without ${field}` : `${field} ${JSON.stringify(after)}`,
  ...words,
  reason
})

/** The request as far as it can be asked; fails where the answer would not be what was asked for. */
export const apply = (request: ChatRequest): Result.Result<Limited, NotOfDialect> => {
  const degradations: Array<Degradation> = []
  const changes: Record<string, unknown> = {}
  for (const rule of rules) {
    const before = request[rule.field]
    const outcome = before == null ? undefined : rule.apply(request)
    if (outcome === undefined) continue
    if ("refused" in outcome) {
      return Result.fail(new NotOfDialect({ dialect: "gemini", detail: outcome.refused, param: rule.field }))
    }
    degradations.push(degradation(rule, before, outcome.value))
    changes[rule.field] = outcome.value ?? null
  }
  return Result.succeed({ request: { ...request, ...changes } as ChatRequest, degradations })
}
