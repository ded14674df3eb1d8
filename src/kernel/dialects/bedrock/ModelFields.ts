/** What a model takes besides, by whose it is: `additionalModelRequestFields`. */
import type { Schema } from "effect"
import { asText, isFields } from "../../../events/types/JsonAccess.ts"
import type { ChatRequest } from "../../messages/ChatRequest.ts"
import * as ThinkingConfig from "../anthropic/ThinkingConfig.ts"
import { given, isEmpty } from "../anthropic/WireFields.ts"
import * as ReasoningEffort from "../chat/ReasoningEffort.ts"
import type { LoweringReport } from "../LoweringReport.ts"
import * as ModelFamily from "./ModelFamily.ts"

type Fields = Schema.JsonObject

const effortOf = (request: ChatRequest, report: LoweringReport): string | undefined => {
  const { reasoning_budget_tokens: budget, reasoning_effort } = request
  if (budget == null || budget < 0) return reasoning_effort ?? undefined
  const ofBudget = ReasoningEffort.ofBudget(budget)
  if (ofBudget?.degradation !== undefined) report.degrade(ofBudget.degradation)
  return ofBudget?.effort
}

const efforts: ReadonlySet<string> = new Set(["low", "medium", "high"])

const ofEffort = (request: ChatRequest, report: LoweringReport, fieldsOf: (effort: string) => Fields): Fields => {
  const effort = effortOf(request, report)
  if (effort === undefined || effort === "none") return {}
  if (efforts.has(effort)) return fieldsOf(effort)
  const near = effort === "minimal" ? "low" : "high"
  report.degrade({
    requested: `reasoning_effort ${effort}`,
    actual: `reasoning_effort ${near}`,
    reason: "the model knows the efforts low, medium and high"
  })
  return fieldsOf(near)
}

const asked = (name: "top_k" | "reasoning_budget_tokens" | "reasoning_effort", value: unknown): ReadonlyArray<string> =>
  value == null || value === "none" || (name !== "top_k" && value === 0) ? [] : [`${name} ${asText(value)}`]

/** What nobody knows how to ask of the model. */
const without = (wishes: ReadonlyArray<string>, report: LoweringReport): void => {
  for (const requested of wishes) {
    report.degrade({
      requested,
      actual: "without it",
      reason:
        "Bedrock has no field for it, and the model none that its name tells: name it in additionalModelRequestFields"
    })
  }
}

const byFamily = (request: ChatRequest, report: LoweringReport): Fields => {
  switch (ModelFamily.of(request.model)) {
    case "anthropic": {
      const effort = ThinkingConfig.lowerEffort(request)
      const { thinking } = ThinkingConfig.lower(request)
      const isOff = isFields(thinking) && thinking["type"] === "disabled"
      return {
        ...given("top_k", request.top_k),
        ...(isOff ? {} : given("thinking", thinking)),
        ...(isEmpty(effort) ? {} : { output_config: effort })
      }
    }
    case "openai":
      without(asked("top_k", request.top_k), report)
      return ofEffort(request, report, (effort) => ({ reasoning_effort: effort }))
    case "nova":
      return {
        ...(request.top_k == null ? {} : { inferenceConfig: { topK: request.top_k } }),
        ...ofEffort(request, report, (effort) => ({
          reasoningConfig: { type: "enabled", maxReasoningEffort: effort }
        }))
      }
    default:
      without([
        ...asked("top_k", request.top_k),
        ...asked("reasoning_budget_tokens", request.reasoning_budget_tokens),
        ...asked("reasoning_effort", request.reasoning_effort)
      ], report)
      return {}
  }
}

/** `own`: what was said of them as they are, which goes before. */
export const lower = (request: ChatRequest, own: unknown, report: LoweringReport): Fields => {
  const fields = { ...byFamily(request, report), ...(isFields(own) ? own : {}) }
  return isEmpty(fields) && !isFields(own) ? {} : { additionalModelRequestFields: fields }
}
