/** Puts what a model is to know besides, as hooks want it, into a request of Ollama's. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { isFields } from "../../../events/types/JsonAccess.ts"
import type { AddedContext } from "../Dialect.ts"

/** As a message behind the last one; or within it, where that is a tool's result and the hook wants it there. */
export const addContext = (body: Schema.JsonObject, context: AddedContext): Schema.JsonObject => {
  const { append_to_last_tool_result, role, text } = context
  const { messages } = body
  if (!Array.isArray(messages)) return body
  const last: Schema.Json | undefined = messages.at(-1)
  if (append_to_last_tool_result && isFields(last) && last["role"] === "tool") {
    const { content } = last
    const longer = Predicate.isString(content) && content !== "" ? `${content}\n\n${text}` : text
    return { ...body, messages: [...messages.slice(0, -1), { ...last, content: longer }] }
  }
  return { ...body, messages: [...messages, { role, content: text }] }
}
