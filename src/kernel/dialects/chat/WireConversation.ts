/** A conversation as chat completions carry it: all messages with each request, tools' results in messages of their own. */
import { Predicate } from "effect"
import { asText, field, listOf, objectOf, parse, textOrNull } from "../../../events/types/JsonAccess.ts"
import type { WireAnswer, WireConversation, WireMessage } from "../Dialect.ts"
import { addContext } from "./ContextInjection.ts"
import * as StreamedMessage from "./StreamedMessage.ts"

const ofBody = (text: string): WireAnswer | undefined => {
  const choice = listOf(field(parse(text), "choices"))[0]
  const message = objectOf(field(choice, "message"))
  return message === undefined ? undefined : { message, finish_reason: textOrNull(field(choice, "finish_reason")) }
}

const isToolMessage = (message: WireMessage): boolean => message["role"] === "tool"

export const conversation: WireConversation = {
  messages: ({ messages }) => Array.isArray(messages) ? messages.map(objectOf).filter(Predicate.isNotUndefined) : null,
  answer: (text, streamed) => streamed ? StreamedMessage.assemble(text) : ofBody(text),
  toolCalls: (message) =>
    listOf(message["tool_calls"]).map((call) => textOrNull(field(call, "id"))).filter(Predicate.isNotNull),
  toolResults: (message) => isToolMessage(message) ? [textOrNull(message["tool_call_id"]) ?? ""] : [],
  replaceToolResults: (message, contents) => {
    const id = asText(message["tool_call_id"])
    return isToolMessage(message) && Object.hasOwn(contents, id) ? { ...message, content: contents[id]! } : message
  },
  toolResult: (id, content) => ({ role: "tool", tool_call_id: id, content }),
  addContext,
  request: (before, model, messages) => ({ ...before, model, messages })
}
