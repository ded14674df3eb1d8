/** A conversation as Anthropic's dialect carries it: all turns with each request, results of tools in turns of the user's. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { isFields, objectOf, objectsIn, parse, textOrNull } from "../../../events/types/JsonAccess.ts"
import type { WireAnswer, WireConversation, WireMessage } from "../Dialect.ts"
import { addContext } from "./ContextInjection.ts"
import * as Limits from "./Limits.ts"
import * as StopReason from "./StopReason.ts"
import * as StreamedMessage from "./StreamedMessage.ts"

const answerOf = (message: unknown): WireAnswer | undefined =>
  isFields(message) && Array.isArray(message["content"])
    ? {
      message: { role: "assistant", content: message["content"] },
      finish_reason: StopReason.raise(message["stop_reason"])
    }
    : undefined

const idsOf = (message: WireMessage, type: string, name: string): ReadonlyArray<string> =>
  objectsIn(message["content"]).filter((block) => block["type"] === type).map((block) => textOrNull(block[name]))
    .filter(Predicate.isNotNull)

const isOfResults = ({ content, role }: WireMessage): boolean =>
  role === "user" && Array.isArray(content) && content.length > 0 &&
  content.every((block) => isFields(block) && block["type"] === "tool_result")

/** Results that stand in turns of their own are one turn: each call of the turn before has its answer there. */
const joined = (messages: ReadonlyArray<WireMessage>): ReadonlyArray<WireMessage> => {
  const turns: Array<WireMessage> = []
  for (const message of messages) {
    const last = turns.at(-1)
    if (last !== undefined && isOfResults(last) && isOfResults(message)) {
      turns[turns.length - 1] = { ...last, content: [...objectsIn(last["content"]), ...objectsIn(message["content"])] }
    } else {
      turns.push(message)
    }
  }
  return turns
}

const withResult = (contents: Readonly<Record<string, string>>) => (block: Schema.Json): Schema.Json => {
  const id = isFields(block) && block["type"] === "tool_result" ? textOrNull(block["tool_use_id"]) : null
  return isFields(block) && id !== null && Object.hasOwn(contents, id) ? { ...block, content: contents[id]! } : block
}

export const conversation: WireConversation = {
  messages: ({ messages }) => Array.isArray(messages) ? messages.map(objectOf).filter(Predicate.isNotUndefined) : null,
  answer: (text, streamed) => answerOf(streamed ? StreamedMessage.assemble(text) : parse(text)),
  toolCalls: (message) => idsOf(message, "tool_use", "id"),
  toolResults: (message) => idsOf(message, "tool_result", "tool_use_id"),
  replaceToolResults: (message, contents) => {
    const { content } = message
    return Array.isArray(content) ? { ...message, content: content.map(withResult(contents)) } : message
  },
  toolResult: (id, content) => ({ role: "user", content: [{ type: "tool_result", tool_use_id: id, content }] }),
  addContext,
  request: (before, model, messages) => ({
    max_tokens: Limits.defaultMaxTokens,
    ...before,
    model,
    messages: joined(messages)
  })
}
