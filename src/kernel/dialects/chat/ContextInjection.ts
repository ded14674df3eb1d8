/** Puts what a model is to know besides, as hooks want it, into a chat request. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { field } from "../../../events/types/JsonAccess.ts"
import type { AddedContext } from "../Dialect.ts"

/** A tool's result with the text behind it, in the form it has: text or parts. */
const behind = (content: unknown, text: string): Schema.Json =>
  Array.isArray(content)
    ? [...content, { type: "text", text }]
    : Predicate.isString(content) && content !== ""
    ? `${content}\n\n${text}`
    : text

/**
 * The request with the context as its last message; or within the last one, where that is a tool's result and the
 * hook wants it there.
 */
export const addContext = (body: Schema.JsonObject, context: AddedContext): Schema.JsonObject => {
  const messages = body["messages"]
  if (!Array.isArray(messages)) return body
  const last: unknown = messages.at(-1)
  if (context.append_to_last_tool_result && Predicate.isObject(last) && field(last, "role") === "tool") {
    return {
      ...body,
      messages: [...messages.slice(0, -1), { ...last, content: behind(field(last, "content"), context.text) }]
    }
  }
  return { ...body, messages: [...messages, { role: context.role, content: context.text }] }
}
