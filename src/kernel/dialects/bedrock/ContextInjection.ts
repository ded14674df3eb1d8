/** Puts what a model is to know besides, as hooks want it, into a request of Converse. */
import type { Schema } from "effect"
import { isFields, listOf, objectsIn } from "../../../events/types/JsonAccess.ts"
import type { AddedContext } from "../Dialect.ts"

type Fields = Schema.JsonObject

/** The turn with the text within its last result; undefined where it has none. */
const inLastResult = (turn: Fields, text: string): Fields | undefined => {
  const content = objectsIn(turn["content"])
  const at = content.findLastIndex(({ toolResult }) => isFields(toolResult))
  const result = content[at]?.["toolResult"]
  if (!isFields(result)) return undefined
  const longer = { toolResult: { ...result, content: [...listOf(result["content"]), { text }] } }
  return { ...turn, content: content.with(at, { ...content[at], ...longer }) }
}

/**
 * The request with the context as its last turn, or at the end of that turn where the same role has it; the system's words
 * stand with the system prompt. Within the last result of a tool, where there is one and the hook wants it there.
 */
export const addContext = (body: Fields, context: AddedContext): Fields => {
  const { append_to_last_tool_result, role, text } = context
  const { messages, system } = body
  if (!Array.isArray(messages)) return body
  const last: Schema.Json | undefined = messages.at(-1)
  const replaced = (turn: Fields) => ({ ...body, messages: [...messages.slice(0, -1), turn] })
  if (append_to_last_tool_result && isFields(last)) {
    const turn = inLastResult(last, text)
    if (turn !== undefined) return replaced(turn)
  }
  if (role === "system") return { ...body, system: [...listOf(system), { text }] }
  if (isFields(last) && last["role"] === role) {
    return replaced({ ...last, content: [...listOf(last["content"]), { text }] })
  }
  return { ...body, messages: [...messages, { role, content: [{ text }] }] }
}
