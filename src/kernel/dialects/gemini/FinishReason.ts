/** Why an answer ends, in Google's words and in the canonical ones. */
import { Predicate } from "effect"
import { tableOf } from "../../../events/types/Table.ts"

const words = tableOf<string>({
  STOP: "stop",
  MAX_TOKENS: "length",
  SAFETY: "content_filter",
  RECITATION: "content_filter",
  LANGUAGE: "content_filter",
  BLOCKLIST: "content_filter",
  PROHIBITED_CONTENT: "content_filter",
  SPII: "content_filter",
  IMAGE_SAFETY: "content_filter",
  IMAGE_PROHIBITED_CONTENT: "content_filter",
  IMAGE_RECITATION: "content_filter",
  MODEL_ARMOR: "content_filter",
  ESCALATION: "content_filter"
})

/** Google stops where it calls functions. */
export const raise = (reason: unknown, calls: boolean): string | null => {
  if (!Predicate.isString(reason) || reason === "" || reason === "FINISH_REASON_UNSPECIFIED") return null
  const word = Object.hasOwn(words, reason) ? words[reason]! : reason
  return word === "stop" && calls ? "tool_calls" : word
}

const canonical = tableOf<string>({
  stop: "STOP",
  tool_calls: "STOP",
  length: "MAX_TOKENS",
  content_filter: "SAFETY"
})

const isGoogles = /^[A-Z][A-Z_]+$/

/** `own`: the word that stood there when this dialect was spoken. */
export const lower = (reason: string | null | undefined, own: unknown, calls: boolean): string | undefined => {
  if (Predicate.isString(own) && raise(own, calls) === (reason ?? null)) return own
  if (reason == null) return undefined
  if (Object.hasOwn(canonical, reason)) return canonical[reason]
  return isGoogles.test(reason) ? reason : "OTHER"
}

/** Whether the word of a vendor has to be kept beside the canonical one. */
export const isLost = (reason: unknown, calls: boolean): boolean =>
  reason !== undefined && lower(raise(reason, calls), undefined, calls) !== reason
