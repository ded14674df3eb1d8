/** What a fork changes of the conversation it inherits: its messages, the results of its tools, its model. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { field, textOrNull } from "../../events/types/JsonAccess.ts"
import type { ForkChanges } from "./SessionEvents.ts"

export type Overrides = ForkChanges
export type Messages = ReadonlyArray<Schema.JsonObject>

const isToolMessage = (message: Schema.JsonObject): boolean => message["role"] === "tool"

const callsOf = (message: Schema.JsonObject): ReadonlyArray<string> => {
  const calls = message["tool_calls"]
  if (!Array.isArray(calls)) return []
  return calls.map((call: unknown) => textOrNull(field(call, "id"))).filter(Predicate.isNotNull)
}

const answeredIn = (messages: Messages): ReadonlySet<string> =>
  new Set(messages.filter(isToolMessage).map((message) => textOrNull(message["tool_call_id"]) ?? ""))

/** Ids of tool calls that have no result among the messages. */
export const openToolCalls = (messages: Messages): ReadonlyArray<string> => {
  const answered = answeredIn(messages)
  return messages.flatMap(callsOf).filter((id) => !answered.has(id))
}

/** Ids of tool calls that can be given a result. */
export const knownToolCalls = (messages: Messages): ReadonlyArray<string> => [
  ...new Set([...answeredIn(messages), ...messages.flatMap(callsOf)])
]

const replaceResults = (messages: Messages, results: Readonly<Record<string, string>>): Messages =>
  messages.map((message) => {
    const id = String(message["tool_call_id"])
    return isToolMessage(message) && Object.hasOwn(results, id) ? { ...message, content: results[id]! } : message
  })

/** A result stands behind the message that asked for it, and behind the results that were there. */
const answerOpenCalls = (messages: Messages, results: Readonly<Record<string, string>>): Messages => {
  const open = new Set(openToolCalls(messages))
  const output: Array<Schema.JsonObject> = []
  let waiting: Array<Schema.JsonObject> = []
  for (const message of messages) {
    if (!isToolMessage(message)) {
      output.push(...waiting)
      waiting = callsOf(message).filter((id) => open.has(id) && Object.hasOwn(results, id))
        .map((id) => ({ role: "tool", tool_call_id: id, content: results[id]! }))
    }
    output.push(message)
  }
  return [...output, ...waiting]
}

/** The conversation after a fork; null stands for one that was not recorded. */
export const messages = (inherited: Messages | null, { messages, tool_results }: Overrides): Messages | null => {
  const given = messages ?? inherited
  if (given === null || tool_results === undefined) return given
  return answerOpenCalls(replaceResults(given, tool_results), tool_results)
}

/** The model of the next request: `inherited` is what was asked for last. */
export const model = (inherited: string | undefined, { model, provider }: Overrides): string | undefined => {
  if (provider === undefined) return model ?? inherited
  const named = model ?? inherited?.slice(inherited.indexOf("/") + 1)
  return named === undefined || named.startsWith(`${provider}/`) ? named : `${provider}/${named}`
}
