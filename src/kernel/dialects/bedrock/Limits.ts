/** What Bedrock takes less of than others do: one rule for each field. A rule clamps, leaves out, or refuses. */
import type { ChatRequest } from "../../messages/ChatRequest.ts"
import { blocksOf } from "../../messages/Message.ts"
import * as AnthropicLimits from "../anthropic/Limits.ts"
import type { LoweringReport } from "../LoweringReport.ts"
import * as ToolInput from "../ToolInput.ts"
import * as ModelFamily from "./ModelFamily.ts"
import { toolName } from "./SentWire.ts"
import * as WireTools from "./WireTools.ts"

type Rule = (request: ChatRequest, report: LoweringReport) => ChatRequest

const clamped = (name: "temperature" | "top_p"): Rule => (request, report) => {
  const value = request[name]
  if (value == null || (value >= 0 && value <= 1)) return request
  const within = Math.min(1, Math.max(0, value))
  report.degrade({ requested: `${name} ${value}`, actual: `${name} ${within}`, reason: "Bedrock takes 0 to 1" })
  return { ...request, [name]: within }
}

const without =
  (name: keyof ChatRequest & string, isSilent: (value: unknown) => boolean): Rule => (request, report) => {
    const value = request[name]
    if (value == null || isSilent(value)) return request
    report.degrade({
      requested: `${name} ${JSON.stringify(value)}`,
      actual: "without it",
      reason: `Bedrock has no ${name}`
    })
    return { ...request, [name]: null }
  }

/** Whether calls of tools, or results, stand in the conversation: the vendor wants the tools then. */
const hasCalls = ({ messages }: ChatRequest): boolean =>
  messages.some((message) =>
    message.role === "tool" || blocksOf(message).some(({ type }) => type === "tool_call" || type === "tool_result")
  )

/** Claude's own limits hold here, too. */
const ofFamily: Rule = (request, report) =>
  ModelFamily.of(request.model) === "anthropic" ? AnthropicLimits.apply(request, report) : request

const rules: ReadonlyArray<Rule> = [
  ofFamily,
  (request, report) => {
    if (request.model == null || request.model === "") report.refuse("model", "model: missing")
    return request
  },
  (request, report) => {
    const fault = ToolInput.faultIn(request.messages)
    if (fault !== undefined) {
      report.refuse(fault, `${fault}: no JSON object, and Bedrock takes a tool's arguments as nothing else`)
    }
    return request
  },
  (request, report) => {
    const bad = request.tools?.find(({ name }) => !toolName.test(name))
    if (bad !== undefined) {
      report.refuse("tools", `tools: a name is 1 to 64 letters, digits, _ and -, not ${JSON.stringify(bad.name)}`)
    }
    return request
  },
  (request, report) => {
    const { tool_choice: choice } = request
    if (choice === "none") {
      if (!hasCalls(request)) return { ...request, tools: null }
      report.degrade({
        requested: "tool_choice none",
        actual: "tool_choice auto",
        reason: "Bedrock wants the tools of calls that stand in the conversation"
      })
      return { ...request, tool_choice: null }
    }
    if (choice != null && WireTools.choiceOf(choice) === undefined) {
      report.refuse("tool_choice", `tool_choice: Bedrock has no ${JSON.stringify(choice)}`)
    }
    return request
  },
  (request, report) => {
    if (request.response_format?.type === "json") {
      report.refuse("response_format", "response_format: Bedrock answers in JSON only where it is given a schema")
    }
    return request
  },
  (request) => {
    const { stop } = request
    const texts = stop?.filter((text) => text !== "")
    return texts === undefined || texts.length === stop!.length ? request : { ...request, stop: texts }
  },
  clamped("temperature"),
  clamped("top_p"),
  without("seed", () => false),
  without("frequency_penalty", (value) => value === 0),
  without("presence_penalty", (value) => value === 0),
  without("parallel_tool_calls", (value) => value === true)
]

/** The request as the vendor takes it. */
export const apply = (request: ChatRequest, report: LoweringReport): ChatRequest =>
  rules.reduce((limited, rule) => rule(limited, report), request)
