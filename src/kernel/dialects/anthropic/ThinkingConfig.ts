/** How much a model thinks: tokens, as many as it wants, or none; and the effort it makes. */
import { Predicate, Struct } from "effect"
import type { Schema } from "effect"
import { isFields } from "../../../events/types/JsonAccess.ts"
import type { ChatRequest } from "../../messages/ChatRequest.ts"
import { optionsFor } from "../../messages/ProviderOptions.ts"
import { dialect, given, isEmpty } from "./WireFields.ts"

/** The words of the wire. */
export const efforts: ReadonlySet<string> = new Set(["low", "medium", "high", "xhigh", "max"])

type Fields = Pick<ChatRequest, "reasoning_budget_tokens" | "reasoning_effort">

/** What becomes canonical of a request, and what is kept for this dialect. */
export interface Raised {
  readonly fields: Fields
  /** `thinking`: what else it says, all of what is not understood, or null: nothing was said of it. */
  readonly options: Schema.JsonObject
}

const ofThinking = (thinking: Schema.JsonObject): Raised => {
  const { budget_tokens, type, ...rest } = thinking
  const budget = type === "enabled" && Predicate.isNumber(budget_tokens) && budget_tokens > 0
    ? budget_tokens
    : budget_tokens !== undefined
    ? undefined
    : type === "adaptive"
    ? -1
    : type === "disabled"
    ? 0
    : undefined
  if (budget === undefined || !Number.isSafeInteger(budget)) return { fields: {}, options: { thinking } }
  return { fields: { reasoning_budget_tokens: budget }, options: isEmpty(rest) ? {} : { thinking: rest } }
}

export const raise = (thinking: unknown, effort: unknown): Raised => {
  const raised = isFields(thinking) ? ofThinking(thinking) : undefined
  const isWord = Predicate.isString(effort) && efforts.has(effort)
  return {
    fields: { ...raised?.fields, ...(isWord ? { reasoning_effort: effort } : {}) },
    // An effort alone is no wish to think on this wire, as it is on others.
    options: raised?.options ?? (isWord ? { thinking: null } : {})
  }
}

const optionOf = (request: Pick<ChatRequest, "provider_options">) => optionsFor(dialect, request)["thinking"]

/** The budget; where there is none, what an effort means. */
const budgetOf = (request: ChatRequest): number | undefined => {
  const { reasoning_budget_tokens: budget, reasoning_effort: effort } = request
  if (budget != null) return budget
  if (effort == null || optionOf(request) !== undefined) return undefined
  return effort === "none" ? 0 : -1
}

/** Whether the model is to think before it answers. */
export const isThinking = (request: ChatRequest): boolean => {
  const budget = budgetOf(request)
  if (budget !== undefined) return budget !== 0
  const option = optionOf(request)
  return isFields(option) && option["type"] !== undefined && option["type"] !== "disabled"
}

export const lower = (request: ChatRequest): Schema.JsonObject => {
  const [budget, option] = [budgetOf(request), optionOf(request)]
  if (isFields(option) && option["type"] !== undefined) return { thinking: option }
  if (budget === undefined) return {}
  const config = budget === 0
    ? { type: "disabled" }
    : budget < 0
    ? { type: "adaptive" }
    : { type: "enabled", budget_tokens: budget }
  return { thinking: { ...(isFields(option) ? option : {}), ...config } }
}

/** `none` is no effort, and no word here. */
export const lowerEffort = ({ reasoning_effort: effort }: ChatRequest): { readonly effort?: string } =>
  given("effort", effort === "none" ? undefined : effort)

/** What is left of an object whose fields are translated; nothing where that is all. */
export const restOf = (value: Schema.JsonObject, names: ReadonlyArray<string>): Schema.JsonObject | undefined => {
  const rest = Struct.omit(value, names)
  return isEmpty(rest) && !isEmpty(value) ? undefined : rest
}
