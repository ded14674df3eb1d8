/** How long the model is to think: in tokens, or in words; what Google takes depends on the model's generation. */
import { Predicate } from "effect"
import { tableOf } from "../../../events/types/Table.ts"
import type { ChatRequest } from "../../messages/ChatRequest.ts"
import type { Degradation } from "../../messages/ChatResponse.ts"
import { generation } from "./ModelPath.ts"
import type { Fields } from "./ProtoNames.ts"
import { named } from "./ProtoNames.ts"
import { firstStrict } from "./Signatures.ts"

/** Models before it know tokens alone: https://ai.google.dev/gemini-api/docs/thinking */
const firstWithLevels = firstStrict

const levels = tableOf<string>({ minimal: "MINIMAL", low: "LOW", medium: "MEDIUM", high: "HIGH" })

/** As Google's endpoint for OpenAI's clients takes them: https://ai.google.dev/gemini-api/docs/openai */
const budgets = tableOf<number>({ none: 0, minimal: 1024, low: 1024, medium: 8192, high: 24_576 })

/** The nearest word that both tables have. */
const nearest = tableOf<string>({ none: "minimal", xhigh: "high", max: "high" })

const wordIn = (table: Readonly<Record<string, string | number>>, effort: string): string | undefined =>
  Object.hasOwn(table, effort) ? effort : Object.hasOwn(nearest, effort) ? nearest[effort] : undefined

export interface Thinking {
  readonly reasoning_budget_tokens?: number
  readonly reasoning_effort?: string
  /** Said besides, or in words that the levels do not have. */
  readonly rest: Fields
}

export const raise = (config: Fields): Thinking => {
  const { thinkingBudget, thinkingLevel, ...rest } = named(config)
  const effort = Predicate.isString(thinkingLevel) ? thinkingLevel.toLowerCase() : ""
  const isLevel = Object.hasOwn(levels, effort) && levels[effort] === thinkingLevel
  const isBudget = Number.isSafeInteger(thinkingBudget)
  return {
    ...(isBudget ? { reasoning_budget_tokens: Number(thinkingBudget) } : {}),
    ...(isLevel ? { reasoning_effort: effort } : {}),
    rest: {
      ...rest,
      ...(isBudget || thinkingBudget === undefined ? {} : { thinkingBudget }),
      ...(isLevel || thinkingLevel === undefined ? {} : { thinkingLevel })
    }
  }
}

export interface LoweredThinking {
  readonly fields: Fields
  readonly degradation?: Degradation
}

const degraded = (requested: string, fields: Fields): LoweredThinking => ({
  fields,
  degradation: { requested, actual: JSON.stringify(fields), reason: "the model has no such effort" }
})

const ofEffort = (effort: string, model: string | null | undefined): LoweredThinking => {
  const requested = `reasoning_effort ${effort}`
  if ((generation(model) ?? firstWithLevels) < firstWithLevels) {
    const word = wordIn(budgets, effort)
    if (word === undefined) return degraded(requested, {})
    const fields = { thinkingBudget: budgets[word]! }
    return word === effort ? { fields } : degraded(requested, fields)
  }
  const near = wordIn(levels, effort)
  if (near === undefined) return degraded(requested, {})
  // Pro does not think less than low.
  const word = near === "minimal" && /-pro\b/.test(model ?? "") ? "low" : near
  const fields = { thinkingLevel: levels[word]! }
  return word === effort ? { fields } : degraded(requested, fields)
}

/** Both at once are refused: the tokens go before. Thoughts are shown to who asks for thinking, as others show them. */
export const lower = (request: ChatRequest, own: Fields | undefined): LoweredThinking => {
  const { model, reasoning_budget_tokens: budget, reasoning_effort: effort } = request
  if (budget == null && effort == null) return { fields: own ?? {} }
  const { degradation, fields } = budget == null
    ? ofEffort(effort!, model)
    : { fields: { thinkingBudget: budget }, degradation: undefined }
  const thinks = budget == null ? effort !== "none" : budget !== 0
  const thoughts = own ?? (thinks ? { includeThoughts: true } : {})
  return {
    fields: { ...fields, ...thoughts },
    ...(degradation === undefined ? {} : { degradation })
  }
}
