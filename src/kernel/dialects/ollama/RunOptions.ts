/** What the model runs with: Ollama's `options`, `think` and `format`, and the canonical fields they stand for. */
import { Predicate, Struct } from "effect"
import type { Schema } from "effect"
import { isFields } from "../../../events/types/JsonAccess.ts"
import { tableOf } from "../../../events/types/Table.ts"
import type { ChatRequest } from "../../messages/ChatRequest.ts"
import { given, isEmpty } from "../anthropic/WireFields.ts"
import * as ReasoningEffort from "../chat/ReasoningEffort.ts"
import type { LoweringReport } from "../LoweringReport.ts"
import { dialect } from "./Wire.ts"

type Fields = Schema.JsonObject

/**
 * Fields that no client's dialect has: who sends them, in whatever dialect, means Ollama's own. They go as they stand, and
 * before what canonical fields say.
 */
export const own: ReadonlySet<string> = new Set([
  "options",
  "think",
  "format",
  "keep_alive",
  "truncate",
  "shift"
])

/** Of a request, Ollama's own, whoever's client said them; those said in this dialect go before. */
export const ownOf = ({ provider_options }: ChatRequest): Fields => {
  const { [dialect]: native = {}, ...others } = provider_options ?? {}
  const taken = Object.values(others).flatMap((fields) =>
    Object.entries(fields).filter(([name, value]) => own.has(name) && value !== null)
  )
  return { ...Object.fromEntries(taken), ...native }
}

const numbers = ["temperature", "top_p", "top_k", "seed", "frequency_penalty", "presence_penalty"] as const
const whole: ReadonlySet<string> = new Set(["top_k", "seed", "num_predict"])

const isNumberOf = (name: string, value: unknown): value is number =>
  Predicate.isNumber(value) && (whole.has(name) ? Number.isSafeInteger(value) : Number.isFinite(value))

const isTexts = (value: unknown): value is ReadonlyArray<string> =>
  Array.isArray(value) && value.every(Predicate.isString)

export const lower = (request: ChatRequest, options: unknown): Fields => {
  const { max_output_tokens, stop } = request
  const canonical = {
    ...Struct.pick(request, numbers.filter((name) => request[name] != null)),
    ...given("num_predict", max_output_tokens),
    ...(stop == null || stop.length === 0 ? {} : { stop })
  } as Fields
  const all = { ...canonical, ...(isFields(options) ? options : {}) }
  return isEmpty(all) ? {} : { options: all }
}

export interface Raised {
  readonly canonical: Fields
  /** What has no canonical place. */
  readonly options: Fields
}

export const raise = (options: Fields): Raised => {
  const taken = numbers.filter((name) => isNumberOf(name, options[name]))
  const { num_predict: longest, stop } = options
  const isLongest = isNumberOf("num_predict", longest) && longest >= 0
  const isStop = isTexts(stop) && stop.length > 0
  return {
    canonical: {
      ...Struct.pick(options, taken),
      ...(isLongest ? { max_output_tokens: longest } : {}),
      ...(isStop ? { stop } : {})
    },
    options: Struct.omit(options, [...taken, ...(isLongest ? ["num_predict"] : []), ...(isStop ? ["stop"] : [])])
  }
}

const efforts: ReadonlySet<unknown> = new Set(["low", "medium", "high"])
const nearest = tableOf<string>({ minimal: "low", xhigh: "high", max: "high" })

const effortOf = (effort: string, report: LoweringReport): Fields => {
  if (effort === "none") return { think: false }
  if (efforts.has(effort)) return { think: effort }
  const near = Object.hasOwn(nearest, effort) ? nearest[effort]! : undefined
  report.degrade({
    requested: `reasoning_effort ${effort}`,
    actual: near === undefined ? "without it" : `reasoning_effort ${near}`,
    reason: "Ollama knows the efforts low, medium and high"
  })
  return near === undefined ? {} : { think: near }
}

/** Ollama counts no tokens of thought: a budget is an effort. */
export const lowerThinking = (request: ChatRequest, think: unknown, report: LoweringReport): Fields => {
  if (Predicate.isBoolean(think) || Predicate.isString(think)) return { think }
  const { reasoning_budget_tokens: budget, reasoning_effort } = request
  if (budget === -1) return { think: true }
  if (budget == null || budget < 0) return reasoning_effort == null ? {} : effortOf(reasoning_effort, report)
  const ofBudget = ReasoningEffort.ofBudget(budget)
  if (ofBudget?.degradation !== undefined) report.degrade(ofBudget.degradation)
  return ofBudget === undefined ? {} : effortOf(ofBudget.effort, report)
}

/** Undefined for what stays among Ollama's own. */
export const raiseThinking = (think: unknown): Fields | undefined => {
  if (think === false) return { reasoning_effort: "none" }
  if (think === true) return { reasoning_budget_tokens: -1 }
  return efforts.has(think) ? { reasoning_effort: think as string } : undefined
}

export const lowerFormat = ({ response_format: asked }: ChatRequest, format: Schema.Json | undefined): Fields => {
  if (format !== undefined && format !== null) return { format }
  return asked?.type === "json"
    ? { format: "json" }
    : asked?.type === "json_schema"
    ? { format: asked.json_schema }
    : {}
}

/** Undefined for what stays among Ollama's own. */
export const raiseFormat = (format: unknown): Fields | undefined => {
  if (format === "json") return { response_format: { type: "json" } }
  return isFields(format) ? { response_format: { type: "json_schema", json_schema: format } } : undefined
}
