/** A conversation as Converse carries it: all turns with each request, results of tools in turns of the user's. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { isFields, objectsIn, parse, textOrNull } from "../../../events/types/JsonAccess.ts"
import type { WireAnswer, WireConversation, WireMessage } from "../Dialect.ts"
import { addContext } from "./ContextInjection.ts"
import * as StopReason from "./StopReason.ts"
import * as StreamedMessage from "./StreamedMessage.ts"

const answerOf = (answer: unknown): WireAnswer | undefined => {
  const { output, stopReason } = isFields(answer) ? answer : {}
  const message = isFields(output) ? output["message"] : undefined
  return isFields(message) && Array.isArray(message["content"])
    ? { message: { role: "assistant", ...message }, finish_reason: StopReason.raise(stopReason) }
    : undefined
}

const idsOf = ({ content }: WireMessage, kind: "toolUse" | "toolResult"): ReadonlyArray<string> =>
  objectsIn(content).map((block) => isFields(block[kind]) ? textOrNull(block[kind]["toolUseId"]) : null)
    .filter(Predicate.isNotNull)

const replaced = (contents: Readonly<Record<string, string>>) => (block: Schema.Json): Schema.Json => {
  const result = isFields(block) ? block["toolResult"] : undefined
  const id = isFields(result) ? textOrNull(result["toolUseId"]) : null
  return isFields(block) && isFields(result) && id !== null && Object.hasOwn(contents, id)
    ? { ...block, toolResult: { ...result, content: [{ text: contents[id]! }] } }
    : block
}

export const conversation: WireConversation = {
  messages: ({ messages }) => Array.isArray(messages) ? objectsIn(messages) : null,
  answer: (text, streamed) => answerOf(streamed ? StreamedMessage.assemble(text) : parse(text)),
  toolCalls: (message) => idsOf(message, "toolUse"),
  toolResults: (message) => idsOf(message, "toolResult"),
  replaceToolResults: (message, contents) => {
    const { content } = message
    return Array.isArray(content) ? { ...message, content: content.map(replaced(contents)) } : message
  },
  toolResult: (id, content) => ({
    role: "user",
    content: [{ toolResult: { toolUseId: id, content: [{ text: content }] } }]
  }),
  addContext,
  request: (before, model, messages) => ({ ...before, model, messages })
}
