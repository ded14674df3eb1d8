/** A conversation as Ollama's wire carries it: all messages with each request. Calls and results have ids where both say them. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { isFields, objectsIn, parse } from "../../../events/types/JsonAccess.ts"
import type { WireAnswer, WireConversation } from "../Dialect.ts"
import * as SseJson from "../sse/SseJson.ts"
import { addContext } from "./ContextInjection.ts"
import * as DoneReason from "./DoneReason.ts"
import { StreamedAnswer } from "./StreamedAnswer.ts"

const assemble = (text: string): Schema.JsonObject | undefined => {
  const streamed = new StreamedAnswer()
  for (const value of SseJson.valuesOf(text)) if (isFields(value) && isFields(value["message"])) streamed.add(value)
  return streamed.whole
}

const answer = (text: string, streamed: boolean): WireAnswer | undefined => {
  const value = streamed ? assemble(text) : parse(text)
  const message = isFields(value) ? value["message"] : undefined
  if (!isFields(value) || !isFields(message)) return undefined
  return {
    message: { ...message, role: "assistant" },
    finish_reason: DoneReason.raise(value["done_reason"], objectsIn(message["tool_calls"]).length > 0)
  }
}

const idsOf = (values: ReadonlyArray<Schema.Json | undefined>): ReadonlyArray<string> =>
  values.filter((id): id is string => Predicate.isString(id))

export const conversation: WireConversation = {
  messages: ({ messages }) => Array.isArray(messages) ? objectsIn(messages) : null,
  answer,
  toolCalls: ({ tool_calls }) => idsOf(objectsIn(tool_calls).map(({ id }) => id)),
  toolResults: ({ role, tool_call_id }) => role === "tool" ? idsOf([tool_call_id]) : [],
  replaceToolResults: (message, contents) => {
    const { role, tool_call_id: id } = message
    return role === "tool" && Predicate.isString(id) && Object.hasOwn(contents, id)
      ? { ...message, content: contents[id]! }
      : message
  },
  toolResult: (id, content) => ({ role: "tool", tool_call_id: id, content }),
  addContext,
  request: (before, model, messages) => ({ ...before, model, messages })
}
