/** A text completion's answer in the words of a chat completion's, and back: they differ in their choices alone. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { field, isFields, textOrNull } from "../../../events/types/JsonAccess.ts"

type Place = "message" | "delta"

const asChatChoice = (choice: Schema.Json, place: Place): Schema.Json => {
  if (!isFields(choice)) return choice
  const { text, ...rest } = choice
  return { ...rest, [place]: { ...place === "message" ? { role: "assistant" } : {}, content: textOrNull(text) ?? "" } }
}

const asTextChoice = (choice: Schema.Json): Schema.Json => {
  if (!isFields(choice)) return choice
  const { delta, message, ...rest } = choice
  return { ...rest, text: textOrNull(field(message ?? delta, "content")) ?? "" }
}

const withChoices = (value: unknown, change: (choice: Schema.Json) => Schema.Json, object: string): unknown => {
  if (!isFields(value) || !Array.isArray(value["choices"])) return value
  return { ...value, object, choices: value["choices"].map(change) }
}

export const toChat = (value: unknown, place: Place): unknown =>
  withChoices(
    value,
    (choice) => asChatChoice(choice, place),
    place === "message" ? "chat.completion" : "chat.completion.chunk"
  )

/** An error stays what it is. */
export const fromChat = (value: unknown): Schema.JsonObject => {
  const text = withChoices(value, asTextChoice, "text_completion")
  return Predicate.isObject(text) ? text as Schema.JsonObject : {}
}
