/** OpenAI's dialects count no tokens of thought: a budget is an effort. */
import type { Degradation } from "../../messages/ChatResponse.ts"

const efforts = [[0, "none"], [1024, "low"], [8192, "medium"]] as const

export interface Effort {
  readonly effort: string
  /** Absent where nothing is lost: no tokens are no effort. */
  readonly degradation?: Degradation
}

/** Undefined where it is left to the model. */
export const ofBudget = (tokens: number): Effort | undefined => {
  if (tokens < 0) return undefined
  const effort = efforts.find(([most]) => tokens <= most)?.[1] ?? "high"
  if (tokens === 0) return { effort }
  const degradation = {
    requested: `reasoning_budget_tokens ${tokens}`,
    actual: `reasoning effort ${effort}`,
    reason: "the vendor has efforts in place of budgets"
  }
  return { effort, degradation }
}
