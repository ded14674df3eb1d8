/** A conversation as the canonical model carries it. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { asText, field, listOf, objectOf, parse, textOrNull } from "../../../events/types/JsonAccess.ts"
import type { AddedContext, WireAnswer, WireConversation, WireMessage } from "../Dialect.ts"
import * as SseJson from "../sse/SseJson.ts"

const answerOf = (response: unknown): WireAnswer | undefined => {
  const content = field(response, "content")
  if (!Array.isArray(content)) return undefined
  return { message: { role: "assistant", content }, finish_reason: textOrNull(field(response, "finish_reason")) }
}

const blocksOf = (message: WireMessage, type: string): ReadonlyArray<Schema.JsonObject> =>
  listOf(message["content"]).map(objectOf).filter((block): block is Schema.JsonObject => block?.["type"] === type)

const replaced = (block: Schema.Json, contents: Readonly<Record<string, string>>): Schema.Json => {
  const fields = objectOf(block)
  const id = asText(fields?.["tool_call_id"])
  return fields?.["type"] === "tool_result" && Object.hasOwn(contents, id)
    ? { ...fields, output: contents[id]! }
    : block
}

/** Text, blocks, or any other JSON as its text, with more behind it. */
const longer = (output: Schema.Json | undefined, text: string): Schema.Json => {
  if (Array.isArray(output)) return [...output as ReadonlyArray<Schema.Json>, { type: "text", text }]
  if (output == null || output === "") return text
  return `${Predicate.isString(output) ? output : JSON.stringify(output)}\n\n${text}`
}

const behind = (message: Schema.JsonObject, text: string): Schema.JsonObject => {
  const blocks = listOf(message["content"])
  const last = objectOf(blocks.at(-1))
  return { ...message, content: [...blocks.slice(0, -1), { ...last, output: longer(last?.["output"], text) }] }
}

const addContext = (request: Schema.JsonObject, context: AddedContext): Schema.JsonObject => {
  const messages = listOf(request["messages"])
  const last = objectOf(messages.at(-1))
  if (context.append_to_last_tool_result && last !== undefined && blocksOf(last, "tool_result").length > 0) {
    return { ...request, messages: [...messages.slice(0, -1), behind(last, context.text)] }
  }
  return { ...request, messages: [...messages, { role: context.role, content: context.text }] }
}

export const conversation: WireConversation = {
  messages: ({ messages }) => Array.isArray(messages) ? messages.map(objectOf).filter(Predicate.isNotUndefined) : null,
  answer: (text, streamed) =>
    streamed
      ? answerOf(SseJson.valuesOf(text).map((part) => field(part, "response")).findLast(Predicate.isNotUndefined))
      : answerOf(parse(text)),
  toolCalls: (message) => blocksOf(message, "tool_call").map(({ id }) => textOrNull(id)).filter(Predicate.isNotNull),
  toolResults: (message) =>
    blocksOf(message, "tool_result").map(({ tool_call_id }) => textOrNull(tool_call_id)).filter(Predicate.isNotNull),
  replaceToolResults: (message, contents) => ({
    ...message,
    content: Array.isArray(message["content"])
      ? listOf(message["content"]).map((block) => replaced(block, contents))
      : message["content"] ?? ""
  }),
  toolResult: (id, content) => ({
    role: "tool",
    content: [{ type: "tool_result", tool_call_id: id, output: content }]
  }),
  addContext,
  request: (before, model, messages) => ({ ...before, model, messages })
}
