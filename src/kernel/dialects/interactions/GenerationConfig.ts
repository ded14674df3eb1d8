/** Settings of a request: sampling, limits, thinking, the choice of tools. */
import { Predicate, Struct } from "effect"
import type { Schema } from "effect"
import { isDeepStrictEqual } from "node:util"
import { isFields, listOf } from "../../../events/types/JsonAccess.ts"
import { tableOf } from "../../../events/types/Table.ts"
import type { ChatRequest } from "../../messages/ChatRequest.ts"
import type { ToolChoice } from "../../messages/Tools.ts"
import * as ReasoningEffort from "../chat/ReasoningEffort.ts"
import type { LoweringReport } from "../LoweringReport.ts"
import type { Fields } from "./Steps.ts"

type Test = (value: unknown) => boolean

const isTexts: Test = (value) => Array.isArray(value) && value.every(Predicate.isString)

/** By their names on the wire: what is of another type stays as it came. */
const settings = {
  temperature: ["temperature", Number.isFinite],
  top_p: ["top_p", Number.isFinite],
  seed: ["seed", Number.isSafeInteger],
  max_output_tokens: ["max_output_tokens", Number.isSafeInteger],
  stop_sequences: ["stop", isTexts],
  thinking_level: ["reasoning_effort", Predicate.isString]
} as const satisfies Readonly<Record<string, readonly [keyof ChatRequest, Test]>>

const entries = Object.entries(settings)

const words = tableOf<string>({ auto: "auto", none: "none", any: "required" })

/** Undefined for a choice that only this dialect has. */
const raiseChoice = (choice: unknown): ToolChoice | undefined => {
  if (Predicate.isString(choice)) return Object.hasOwn(words, choice) ? words[choice] : undefined
  const allowed = isFields(choice) && isFields(choice["allowed_tools"]) ? choice["allowed_tools"] : {}
  const [name, ...others] = listOf(allowed["tools"])
  return allowed["mode"] === "any" && others.length === 0 && Predicate.isString(name) ? { name } : undefined
}

export interface Raised {
  readonly canonical: Fields
  /** What has no canonical form. */
  readonly rest: Fields
}

export const raise = (config: Fields): Raised => {
  const taken = entries.filter(([name, [, test]]) => config[name] !== undefined && test(config[name]))
  const choice = raiseChoice(config["tool_choice"])
  const isWhole = choice !== undefined && isDeepStrictEqual(lowerChoice(choice), config["tool_choice"])
  return {
    canonical: {
      ...Object.fromEntries(taken.map(([name, [field]]) => [field, config[name]!])),
      ...(choice === undefined ? {} : { tool_choice: choice })
    },
    rest: Struct.omit(config, [...taken.map(([name]) => name), ...(isWhole ? ["tool_choice"] : [])]) as Fields
  }
}

const modes = tableOf<string>({ auto: "auto", none: "none", required: "any", any: "any" })

/** Undefined for a choice in the words of another dialect. */
const lowerChoice = (choice: ToolChoice): Schema.Json | undefined => {
  if (Predicate.isString(choice)) return Object.hasOwn(modes, choice) ? modes[choice] : undefined
  const { name } = choice
  return Predicate.isString(name) ? { allowed_tools: { mode: "any", tools: [name] } } : undefined
}

const levels = tableOf<string>({
  none: "minimal",
  minimal: "minimal",
  low: "low",
  medium: "medium",
  high: "high",
  xhigh: "xhigh",
  max: "xhigh"
})

const without = (report: LoweringReport, requested: string, actual: string) =>
  report.degrade({ requested, actual, reason: "Interactions have no such setting" })

const levelOf = (
  { reasoning_budget_tokens: budget, reasoning_effort: effort }: ChatRequest,
  report: LoweringReport
) => {
  const given = budget == null ? undefined : ReasoningEffort.ofBudget(budget)
  if (given?.degradation !== undefined) report.degrade(given.degradation)
  const wanted = given?.effort ?? effort
  if (wanted == null) return undefined
  const level = Object.hasOwn(levels, wanted) ? levels[wanted]! : wanted
  if (level !== wanted) without(report, `reasoning_effort ${wanted}`, `thinking_level ${level}`)
  return level
}

const unsaid = ["top_k", "frequency_penalty", "presence_penalty"] as const

/** `own`: what this dialect said besides. */
export const lower = (request: ChatRequest, own: Fields, report: LoweringReport): Fields => {
  for (const field of unsaid) {
    if (request[field] != null) without(report, `${field} ${request[field]}`, `without ${field}`)
  }
  if (request.parallel_tool_calls === false) {
    without(report, "parallel_tool_calls false", "as many calls as the model wants")
  }
  const { tool_choice: choice } = request
  const isOwn = choice != null && isDeepStrictEqual(raiseChoice(own["tool_choice"]), choice)
  const lowered = choice == null || isOwn ? undefined : lowerChoice(choice)
  if (choice != null && !isOwn && lowered === undefined) {
    report.refuse("tool_choice", `tool_choice: ${JSON.stringify(choice)}`)
  }
  const level = levelOf(request, report)
  const values = entries.flatMap(([name, [field]]) => {
    const value = request[field]
    const isNothing = value == null || (Array.isArray(value) && value.length === 0)
    return name === "thinking_level" || isNothing ? [] : [[name, value] as const]
  })
  return {
    ...own,
    ...Object.fromEntries(values),
    ...(level === undefined ? {} : { thinking_level: level }),
    ...(lowered === undefined ? {} : { tool_choice: lowered })
  }
}
