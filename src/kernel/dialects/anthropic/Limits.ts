/** What Anthropic takes less of than others do: one rule for each field. A rule clamps, leaves out, or refuses. */
import { Predicate } from "effect"
import type { ChatRequest } from "../../messages/ChatRequest.ts"
import type { LoweringReport } from "../LoweringReport.ts"
import { toolName } from "./SentWire.ts"
import * as ThinkingConfig from "./ThinkingConfig.ts"
import * as WireTools from "./WireTools.ts"

/**
 * The longest answer, where a request says nothing of it: the wire demands a number. Models since Claude 3.5 give as
 * much; a budget to think with is added to it.
 */
export const defaultMaxTokens = 8192

/** The smallest budget to think with. */
const smallestBudget = 1024

/** The longest id of an end user. */
const longestUser = 512

type Rule = (request: ChatRequest, report: LoweringReport) => ChatRequest

type Value<Name extends keyof ChatRequest> = NonNullable<ChatRequest[Name]>

/** `to`: what is sent instead; null: nothing. */
const limit = <const Name extends keyof ChatRequest & string>(
  name: Name,
  reason: string,
  to: (value: Value<Name>, request: ChatRequest) => Value<Name> | null
): Rule =>
(request, report) => {
  const value = request[name]
  if (value === undefined || value === null) return request
  const sent = to(value as Value<Name>, request)
  if (sent === value) return request
  report.degrade({
    requested: `${name} ${JSON.stringify(value)}`,
    actual: sent == null ? "without it" : `${name} ${JSON.stringify(sent)}`,
    reason
  })
  return Object.assign({}, request, { [name]: sent })
}

/** `why`: what is wrong; undefined: nothing. */
const refuse = <const Name extends keyof ChatRequest & string>(
  name: Name,
  why: (value: Value<Name>, request: ChatRequest) => string | undefined
): Rule =>
(request, report) => {
  const value = request[name]
  const detail = value === undefined || value === null ? undefined : why(value as Value<Name>, request)
  if (detail !== undefined) report.refuse(name, detail)
  return request
}

const between = (least: number, most: number) => (value: number) => Math.min(most, Math.max(least, value))

const fitting = (budget: number, { max_output_tokens: longest }: ChatRequest): number | null => {
  if (budget <= 0) return budget < -1 ? -1 : budget
  const most = longest == null ? budget : longest - 1
  const fits = Math.max(smallestBudget, Math.min(budget, most))
  return longest != null && fits >= longest ? 0 : fits
}

const isBlank = (text: string): boolean => text.trim() === ""

const stopping = (stop: ReadonlyArray<string>): ReadonlyArray<string> | null => {
  const kept = stop.filter((text) => !isBlank(text))
  return kept.length === stop.length ? stop : kept.length === 0 ? null : kept
}

const hasTools = (request: ChatRequest): boolean => WireTools.lower(request).length > 0

/** In this order: what a rule says of thinking, those behind it know. */
const rules: ReadonlyArray<Rule> = [
  refuse("max_output_tokens", (longest) => longest < 0 ? "max_tokens: at least 0" : undefined),
  refuse("tools", (tools) => {
    const bad = tools.find(({ name }) => !toolName.test(name))
    if (bad !== undefined) return `tools: a name is 1 to 128 letters, digits, _ and -, not ${JSON.stringify(bad.name)}`
    const odd = tools.find(({ parameters }) => (parameters["type"] ?? "object") !== "object")
    return odd === undefined ? undefined : `tools: the arguments of ${odd.name} are no object`
  }),
  refuse("tool_choice", (choice, request) => {
    if (WireTools.choiceOf(choice) === undefined) return `tool_choice: Anthropic has no ${JSON.stringify(choice)}`
    return WireTools.isForced(choice) && !hasTools(request) ? "tool_choice: there is no tool to call" : undefined
  }),
  refuse(
    "response_format",
    (format) =>
      format.type === "json" ? "response_format: Anthropic answers in JSON only where it is given a schema" : undefined
  ),
  limit(
    "reasoning_effort",
    "Anthropic knows the efforts low, medium, high, xhigh and max",
    (effort) => effort === "none" || ThinkingConfig.efforts.has(effort) ? effort : effort === "minimal" ? "low" : null
  ),
  limit(
    "reasoning_budget_tokens",
    `Anthropic thinks with at least ${smallestBudget} tokens, and with fewer than the longest answer has`,
    fitting
  ),
  (request, report) => {
    if (!WireTools.isForced(request.tool_choice) || !ThinkingConfig.isThinking(request)) return request
    report.degrade({
      requested: "thinking",
      actual: "no thinking",
      reason: "Anthropic does not think where a tool must be called"
    })
    return { ...request, reasoning_budget_tokens: 0 }
  },
  limit(
    "temperature",
    "Anthropic takes 0 to 1, and while it thinks 1 alone",
    (value, request) => ThinkingConfig.isThinking(request) ? value === 1 ? value : null : between(0, 1)(value)
  ),
  limit(
    "top_p",
    "Anthropic takes 0 to 1, and while it thinks no less than 0.95",
    (value, request) => between(ThinkingConfig.isThinking(request) ? 0.95 : 0, 1)(value)
  ),
  limit(
    "top_k",
    "Anthropic takes 0 or more, and none while it thinks",
    (value, request) => value < 0 || ThinkingConfig.isThinking(request) ? null : value
  ),
  limit("seed", "Anthropic has no seed", () => null),
  limit("frequency_penalty", "Anthropic has no penalties", (value) => value === 0 ? value : null),
  limit("presence_penalty", "Anthropic has no penalties", (value) => value === 0 ? value : null),
  limit("stop", "Anthropic stops at no text that is only white space", stopping),
  limit("user", `Anthropic takes at most ${longestUser} letters`, (user) => user.length > longestUser ? null : user)
]

/** The request as the vendor takes it. */
export const apply = (request: ChatRequest, report: LoweringReport): ChatRequest => {
  if (!Predicate.isString(request.model) || request.model === "") report.refuse("model", "model: missing")
  return rules.reduce((limited, rule) => rule(limited, report), request)
}
