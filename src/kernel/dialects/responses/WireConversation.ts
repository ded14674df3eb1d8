/**
 * A conversation as the dialect carries it: an input of items. What the model answers is several of them, and one message
 * of a conversation: it stands under `output`, and is items again in the next request.
 */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { asText, field, isFields, parse, textOrNull } from "../../../events/types/JsonAccess.ts"
import type { AddedContext, WireAnswer, WireConversation, WireMessage } from "../Dialect.ts"
import * as SseJson from "../sse/SseJson.ts"

const itemsIn = (value: unknown): ReadonlyArray<Schema.JsonObject> => Array.isArray(value) ? value.filter(isFields) : []

const itemsOf = (message: WireMessage): ReadonlyArray<Schema.JsonObject> =>
  Array.isArray(message["output"]) && message["type"] === undefined ? itemsIn(message["output"]) : [message]

const messagesOf = (input: unknown): ReadonlyArray<WireMessage> | null => {
  if (Predicate.isString(input)) return [{ type: "message", role: "user", content: input }]
  return Array.isArray(input) ? itemsIn(input) : null
}

const isCall = ({ type }: Schema.JsonObject): boolean => Predicate.isString(type) && type.endsWith("_call")

/** As OpenAI's chat names it. */
const finishReason = (response: unknown, output: ReadonlyArray<Schema.JsonObject>): string | null => {
  const reason = textOrNull(field(field(response, "incomplete_details"), "reason"))
  if (reason !== null) return reason === "max_output_tokens" ? "length" : reason
  const status = textOrNull(field(response, "status"))
  if (status !== "completed") return status
  return output.some(isCall) ? "tool_calls" : "stop"
}

const answerOf = (response: unknown): WireAnswer | undefined => {
  const output = itemsIn(field(response, "output"))
  if (!Array.isArray(field(response, "output"))) return undefined
  return { message: { role: "assistant", output }, finish_reason: finishReason(response, output) }
}

/** The last event that carries the response; where that has no items, those that ended before. */
const streamed = (text: string): WireAnswer | undefined => {
  const values = SseJson.valuesOf(text)
  const response = values.findLast((value) => isFields(field(value, "response")))
  const answer = answerOf(field(response, "response"))
  const done = values.filter((value) => field(value, "type") === "response.output_item.done")
  const isEmpty = answer === undefined || itemsIn(answer.message["output"]).length === 0
  if (!isEmpty || done.length === 0) return answer
  const output = itemsIn(done.map((value) => field(value, "item")))
  return { message: { role: "assistant", output }, finish_reason: answer?.finish_reason ?? null }
}

const isOutput = ({ type }: Schema.JsonObject): boolean => Predicate.isString(type) && type.endsWith("_call_output")

const idsOf = (items: ReadonlyArray<Schema.JsonObject>): ReadonlyArray<string> =>
  items.map((item) => textOrNull(item["call_id"])).filter(Predicate.isNotNull)

/** An item's text with more behind it, in the form it has. */
const behind = (content: unknown, text: string): Schema.Json => {
  if (Array.isArray(content)) return [...content as ReadonlyArray<Schema.Json>, { type: "input_text", text }]
  return Predicate.isString(content) && content !== "" ? `${content}\n\n${text}` : text
}

const addContext = (request: Schema.JsonObject, context: AddedContext): Schema.JsonObject => {
  const messages = messagesOf(request["input"])
  if (messages === null) return request
  const last = messages.at(-1)
  const input = context.append_to_last_tool_result && last !== undefined && isOutput(last)
    ? [...messages.slice(0, -1), { ...last, output: behind(last["output"], context.text) }]
    : [...messages, { type: "message", role: context.role, content: context.text }]
  return { ...request, input }
}

export const conversation: WireConversation = {
  messages: ({ input }) => messagesOf(input),
  answer: (text, isStream) => isStream ? streamed(text) : answerOf(parse(text)),
  toolCalls: (message) => idsOf(itemsOf(message).filter(isCall)),
  toolResults: (message) => idsOf(itemsOf(message).filter(isOutput)),
  replaceToolResults: (message, contents) => {
    const id = asText(message["call_id"])
    return isOutput(message) && Object.hasOwn(contents, id) ? { ...message, output: contents[id]! } : message
  },
  toolResult: (id, content) => ({ type: "function_call_output", call_id: id, output: content }),
  addContext,
  request: (before, model, messages) => ({ ...before, model, input: messages.flatMap(itemsOf) })
}
