/**
 * Whether a model's reasoning is asked for, encrypted: where the vendor keeps nothing it would be lost otherwise, and of a
 * model that does not reason the vendor refuses it ("Encrypted content is not supported with this model").
 */
import type { Schema } from "effect"
import { isFields } from "../../../events/types/JsonAccess.ts"
import type { ChatRequest } from "../../messages/ChatRequest.ts"

export const encrypted = "reasoning.encrypted_content"

interface Family {
  /** Begins the model's name, without who serves it and what it was tuned from. */
  readonly name: RegExp
  readonly reasons: boolean
}

/** The first that fits decides. A model of another name reasons where the request says so. */
export const families: ReadonlyArray<Family> = [
  { name: /^gpt-\d+(\.\d+)?-chat/, reasons: false },
  { name: /^gpt-([5-9]|\d\d)/, reasons: true },
  { name: /^gpt-oss/, reasons: true },
  { name: /^o\d/, reasons: true },
  { name: /^codex-/, reasons: true },
  { name: /^computer-use/, reasons: true }
]

const familyOf = (model: string): Family | undefined => {
  const name = model.slice(model.lastIndexOf("/") + 1).replace(/^ft:/, "")
  return families.find((family) => family.name.test(name))
}

const isReasoning = (item: Schema.Json): boolean => isFields(item) && item["type"] === "reasoning"

/** `input`: what is sent of the conversation; `reasoning`: what is sent of the client's options. */
export const isAsked = (
  { model, reasoning_budget_tokens, reasoning_effort }: ChatRequest,
  { input, reasoning }: { readonly input: ReadonlyArray<Schema.Json>; readonly reasoning: Schema.Json | undefined }
): boolean =>
  reasoning_effort != null || reasoning_budget_tokens != null || reasoning != null || input.some(isReasoning) ||
  familyOf(model ?? "")?.reasons === true
