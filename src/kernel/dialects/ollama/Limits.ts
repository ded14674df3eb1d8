/** What Ollama does not take of a request, and what is done about it: one rule a field. */
import { asText } from "../../../events/types/JsonAccess.ts"
import type { ChatRequest } from "../../messages/ChatRequest.ts"
import type { LoweringReport } from "../LoweringReport.ts"
import * as ToolInput from "../ToolInput.ts"

type Rule = (request: ChatRequest, report: LoweringReport) => ChatRequest

const isForced = (choice: ChatRequest["tool_choice"]): boolean =>
  choice != null && choice !== "auto" && choice !== "none"

const nameOf = (choice: ChatRequest["tool_choice"]): unknown =>
  typeof choice === "object" && choice !== null ? choice["name"] : undefined

const rules: ReadonlyArray<Rule> = [
  (request, report) => {
    if (request.model == null || request.model === "") report.refuse("model", "model: missing")
    return request
  },
  (request, report) => {
    const fault = ToolInput.faultIn(request.messages)
    if (fault !== undefined) {
      report.refuse(fault, `${fault}: no JSON object, and Ollama takes a tool's arguments as nothing else`)
    }
    return request
  },
  (request, report) => {
    if (request.tools?.some(({ name }) => name === "") === true) report.refuse("tools", "tools: one without a name")
    return request
  },
  // Without tools none is called.
  (request) => request.tool_choice === "none" ? { ...request, tools: null } : request,
  (request, report) => {
    const { tool_choice: choice, tools } = request
    if (!isForced(choice)) return request
    const name = nameOf(choice)
    const named = tools?.filter((tool) => tool.name === name) ?? []
    report.degrade({
      requested: `tool_choice ${JSON.stringify(choice)}`,
      actual: named.length === 0 ? "tool_choice auto" : `no tool but ${asText(name)}`,
      reason: "Ollama has no tool that must be called"
    })
    return named.length === 0 ? request : { ...request, tools: named }
  },
  (request, report) => {
    if (request.parallel_tool_calls === false) {
      report.degrade({
        requested: "parallel_tool_calls false",
        actual: "without it",
        reason: "Ollama's models decide themselves how many tools an answer calls"
      })
    }
    return request
  },
  (request, report) => {
    if (request.tools?.some(({ strict }) => strict === true) === true) {
      report.degrade({ requested: "strict tools", actual: "tools", reason: "Ollama has no strict tools" })
    }
    return request
  }
]

/** The request as the vendor takes it. */
export const apply = (request: ChatRequest, report: LoweringReport): ChatRequest =>
  rules.reduce((limited, rule) => rule(limited, report), request)
