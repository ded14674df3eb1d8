/**
 * A conversation as this wire carries it: all turns with each request, results of functions in turns of the user. Calls and
 * results have ids here, given to those that came without, and taken again from what goes back.
 */
import { Predicate } from "effect"
import { asText, isFields, listOf, parse } from "../../../events/types/JsonAccess.ts"
import type { WireAnswer, WireConversation, WireMessage } from "../Dialect.ts"
import * as CallIds from "./CallIds.ts"
import { addContext } from "./ContextInjection.ts"
import type { Fields } from "./ProtoNames.ts"
import { fieldsOf } from "./ProtoNames.ts"
import { blocksOf, firstCandidate } from "./RaiseResponse.ts"
import { assemble } from "./StreamedAnswer.ts"

const idsOf = (message: WireMessage, kind: "functionCall" | "functionResponse"): ReadonlyArray<string> =>
  listOf(message["parts"]).flatMap((part) => {
    const called = fieldsOf(part)[kind]
    return isFields(called) ? [Predicate.isString(called["id"]) ? called["id"] : ""] : []
  })

/** The message of an answer, its calls with the ids that clients of other dialects get of them. */
const messageOf = (body: Fields, content: Fields): WireMessage => {
  const blockOf = blocksOf({})
  const parts = listOf(content["parts"]).map((part) => {
    const block = blockOf(part, body)
    const { functionCall, ...rest } = fieldsOf(part)
    return block?.type === "tool_call" && isFields(functionCall)
      ? { ...rest, functionCall: { ...functionCall, id: block["id"] as string } }
      : part as Fields
  })
  return { role: "model", ...content, parts }
}

const answer = (text: string, streamed: boolean): WireAnswer | undefined => {
  const body = streamed ? assemble(text) : parse(text)
  const candidate = firstCandidate(body)
  if (!isFields(body) || candidate === undefined) return undefined
  const { finishReason } = candidate
  return {
    message: messageOf(body, fieldsOf(candidate["content"])),
    finish_reason: Predicate.isString(finishReason) ? finishReason : null
  }
}

const replaced = (part: unknown, contents: Readonly<Record<string, string>>): Fields => {
  const { functionResponse, ...rest } = fieldsOf(part)
  if (!isFields(functionResponse)) return part as Fields
  const id = asText(functionResponse["id"])
  if (!Object.hasOwn(contents, id)) return part as Fields
  const { parts: _, ...response } = functionResponse
  return { ...rest, functionResponse: { ...response, response: { output: contents[id]! } } }
}

export const conversation: WireConversation = {
  messages: ({ contents }) => Array.isArray(contents) ? CallIds.identified(contents.filter(isFields)) : null,
  answer,
  toolCalls: (message) => idsOf(message, "functionCall"),
  toolResults: (message) => idsOf(message, "functionResponse"),
  replaceToolResults: (message, contents) =>
    idsOf(message, "functionResponse").some((id) => Object.hasOwn(contents, id))
      ? { ...message, parts: listOf(message["parts"]).map((part) => replaced(part, contents)) }
      : message,
  toolResult: (id, content) => ({ role: "user", parts: [{ functionResponse: { id, response: { output: content } } }] }),
  addContext,
  request: (before, model, messages) => ({ ...before, model, contents: CallIds.anonymous(messages) })
}
