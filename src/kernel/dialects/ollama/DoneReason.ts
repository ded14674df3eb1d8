/** Why an answer ends, in Ollama's words and in the canonical ones. */
import { Predicate } from "effect"

/** Ollama stops where it calls tools. */
export const raise = (reason: unknown, calls: boolean): string | null => {
  if (!Predicate.isString(reason) || reason === "") return null
  return reason === "stop" && calls ? "tool_calls" : reason
}

export const lower = (reason: string): string => reason === "tool_calls" ? "stop" : reason
