/** Puts what a model is to know besides, as hooks want it, into a request. */
import { Predicate } from "effect"
import { isFields, listOf } from "../../../events/types/JsonAccess.ts"
import type { AddedContext } from "../Dialect.ts"
import type { Fields } from "./ProtoNames.ts"
import { fieldsOf } from "./ProtoNames.ts"

/** A function's result with the text behind it; undefined where it has no place for one. */
const behind = (part: unknown, text: string): Fields | undefined => {
  const { functionResponse, ...rest } = fieldsOf(part)
  if (!isFields(functionResponse)) return undefined
  const { output, ...others } = fieldsOf(functionResponse["response"])
  const longer = output === undefined || output === ""
    ? text
    : Predicate.isString(output)
    ? `${output}\n\n${text}`
    : Array.isArray(output)
    ? [...output, { type: "text", text }]
    : undefined
  return longer === undefined
    ? undefined
    : { ...rest, functionResponse: { ...functionResponse, response: { ...others, output: longer } } }
}

/** This wire has no system within a conversation: a user says it, in a frame. */
const partOf = ({ role, text }: AddedContext): Fields => ({
  text: role === "system" ? `<context_file>\n${text}\n</context_file>` : text
})

/**
 * The request with the context as its last turn, or at the end of the last one where that is of the same role; or within a
 * function's result, where that is last and the hook wants it there.
 */
export const addContext = (body: Fields, context: AddedContext): Fields => {
  const contents = body["contents"]
  if (!Array.isArray(contents)) return body
  const before = contents.slice(0, -1)
  const last = fieldsOf(contents.at(-1))
  const parts = listOf(last["parts"]).map(fieldsOf)
  const at = parts.findLastIndex((part) => part["functionResponse"] !== undefined)
  const result = context.append_to_last_tool_result && at >= 0 ? behind(parts[at], context.text) : undefined
  if (result !== undefined) {
    return { ...body, contents: [...before, { ...last, parts: parts.with(at, result) }] }
  }
  const role = context.role === "assistant" ? "model" : "user"
  const isSame = contents.length > 0 && (last["role"] ?? "user") === role
  const more = partOf(context)
  return isSame
    ? { ...body, contents: [...before, { ...last, parts: [...parts, more] }] }
    : { ...body, contents: [...contents, { role, parts: [more] }] }
}
