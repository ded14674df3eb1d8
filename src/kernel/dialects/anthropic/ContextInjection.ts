/** Puts what a model is to know besides, as hooks want it, into a request of Anthropic's dialect. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { isFields } from "../../../events/types/JsonAccess.ts"
import type { AddedContext } from "../Dialect.ts"

type Fields = Schema.JsonObject

const block = (text: string): Fields => ({ type: "text", text })

/** Content with the text behind it, in the form it has: text or blocks. */
const behind = (content: Schema.Json | undefined, text: string): Schema.Json =>
  Array.isArray(content)
    ? [...content, block(text)]
    : Predicate.isString(content) && content !== ""
    ? `${content}\n\n${text}`
    : text

/** The turn with the text within its last result; undefined where it has none. */
const inLastResult = (turn: Fields, text: string): Fields | undefined => {
  const { content } = turn
  if (!Array.isArray(content)) return undefined
  const at = content.findLastIndex((each) => isFields(each) && each["type"] === "tool_result")
  const result: Schema.Json | undefined = content[at]
  if (!isFields(result)) return undefined
  return { ...turn, content: content.with(at, { ...result, content: behind(result["content"], text) }) }
}

/**
 * The request with the context as its last turn, or at the end of that turn where the same role has it; the system's words
 * stand with the system prompt. Within the last result of a tool, where there is one and the hook wants it there.
 */
export const addContext = (body: Fields, context: AddedContext): Fields => {
  const { append_to_last_tool_result, role, text } = context
  const { messages } = body
  if (!Array.isArray(messages)) return body
  const last: Schema.Json | undefined = messages.at(-1)
  const replaced = (turn: Fields) => ({ ...body, messages: [...messages.slice(0, -1), turn] })
  if (append_to_last_tool_result && isFields(last)) {
    const turn = inLastResult(last, text)
    if (turn !== undefined) return replaced(turn)
  }
  if (role === "system") return { ...body, system: behind(body["system"], text) }
  if (isFields(last) && last["role"] === role) return replaced({ ...last, content: behind(last["content"], text) })
  return { ...body, messages: [...messages, { role, content: text }] }
}
