/** What a fork changes of the conversation it inherits: its messages, the results of its tools, its model. */
import { addAll } from "../../events/types/AddAll.ts"
import type { WireConversation, WireMessage } from "../dialects/Dialect.ts"
import type { ForkChanges } from "./SessionEvents.ts"

export type Overrides = ForkChanges
export type Messages = ReadonlyArray<WireMessage>

const answeredIn = ({ toolResults }: WireConversation, messages: Messages): ReadonlySet<string> =>
  new Set(messages.flatMap(toolResults))

/** Ids of tool calls that have no result among the messages. */
export const openToolCalls = (conversation: WireConversation, messages: Messages): ReadonlyArray<string> => {
  const answered = answeredIn(conversation, messages)
  return messages.flatMap(conversation.toolCalls).filter((id) => !answered.has(id))
}

/** Ids of tool calls that can be given a result. */
export const toolCallIds = (conversation: WireConversation, messages: Messages): ReadonlyArray<string> => [
  ...new Set([...answeredIn(conversation, messages), ...messages.flatMap(conversation.toolCalls)])
]

/** A result stands behind the message that asked for it, and behind the results that were there. */
const answerOpenCalls = (
  conversation: WireConversation,
  messages: Messages,
  results: Readonly<Record<string, string>>
): Messages => {
  const open = new Set(openToolCalls(conversation, messages))
  const output: Array<WireMessage> = []
  let waiting: Array<WireMessage> = []
  for (const message of messages) {
    if (conversation.toolResults(message).length === 0) {
      addAll(output, waiting)
      waiting = conversation.toolCalls(message).filter((id) => open.has(id) && Object.hasOwn(results, id))
        .map((id) => conversation.toolResult(id, results[id]!))
    }
    output.push(message)
  }
  return [...output, ...waiting]
}

/** The conversation after a fork; null stands for one that was not recorded. */
export const messages = (
  conversation: WireConversation,
  inherited: Messages | null,
  { messages, tool_results }: Overrides
): Messages | null => {
  const given = messages ?? inherited
  if (given === null || tool_results === undefined) return given
  const replaced = given.map((message) => conversation.replaceToolResults(message, tool_results))
  return answerOpenCalls(conversation, replaced, tool_results)
}

/** The model of the next request: `inherited` is what was asked for last. */
export const model = (inherited: string | undefined, { model, provider }: Overrides): string | undefined => {
  if (provider === undefined) return model ?? inherited
  const named = model ?? inherited?.slice(inherited.indexOf("/") + 1)
  return named === undefined || named.startsWith(`${provider}/`) ? named : `${provider}/${named}`
}
