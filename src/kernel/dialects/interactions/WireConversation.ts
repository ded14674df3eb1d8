/**
 * A conversation as Interactions carry it: an input of steps. What the model answers is several of them, and one message
 * of a conversation: it stands under `steps`, and is steps again in the next request.
 */
import { Predicate } from "effect"
import { asText, field, isFields, parse, textOrNull } from "../../../events/types/JsonAccess.ts"
import type { AddedContext, WireAnswer, WireConversation, WireMessage } from "../Dialect.ts"
import { toClient } from "../gemini/LowerResponse.ts"
import * as SseJson from "../sse/SseJson.ts"
import * as LowerStep from "./LowerStep.ts"
import { originOf } from "./RaiseResponse.ts"
import * as Status from "./Status.ts"
import type { Fields } from "./Steps.ts"
import * as Steps from "./Steps.ts"
import { StreamedSteps } from "./StreamedSteps.ts"

const stepsOf = (message: WireMessage): ReadonlyArray<Fields> =>
  Array.isArray(message["steps"]) && message["type"] === undefined ? Steps.ofAnswer(message) : [message]

const answerOf = (interaction: unknown, steps: ReadonlyArray<Fields>): WireAnswer => {
  const calls = steps.some(({ type }) => type === "function_call")
  return {
    message: { role: "model", steps },
    finish_reason: field(interaction, "status") === undefined
      ? null
      : Status.raise(textOrNull(field(interaction, "status")), calls)
  }
}

const whole = (value: unknown): WireAnswer | undefined =>
  isFields(value) && (Array.isArray(value["steps"]) || Array.isArray(value["outputs"]))
    ? answerOf(value, Steps.ofAnswer(value).filter(({ type }) => type !== "user_input"))
    : undefined

/** What the events add up to. */
const streamed = (text: string): WireAnswer | undefined => {
  const values = SseJson.valuesOf(text).filter(isFields)
  const carrying = values.filter((value) => isFields(value["interaction"]))
  if (carrying.length === 0) return undefined
  const interaction = carrying.at(-1)!["interaction"]
  const steps = new StreamedSteps(originOf(undefined))
  for (const value of values) {
    const index = Predicate.isNumber(value["index"]) ? value["index"] : 0
    const type = asText(value["event_type"])
    const [given, delta] = [value["step"] ?? value["content"], value["delta"]]
    if (type.endsWith(".start") && isFields(given)) steps.start(index, given)
    else if (type.endsWith(".delta") && isFields(delta)) steps.add(index, delta)
    else if (type.endsWith(".stop")) steps.stop(index)
  }
  steps.finish()
  const blocks = steps.blocks.filter(Predicate.isNotUndefined)
  if (blocks.length === 0) return whole(interaction) ?? answerOf(interaction, [])
  return answerOf(interaction, LowerStep.lower(blocks, "model_output", toClient))
}

const idsOf = (message: WireMessage, type: string, name: string): ReadonlyArray<string> =>
  stepsOf(message).filter((step) => step["type"] === type).map((step) => step[name]).filter(Predicate.isString)

const behind = (result: unknown, text: string): string | ReadonlyArray<Fields> =>
  Array.isArray(result)
    ? [...result as ReadonlyArray<Fields>, { type: "text", text }]
    : `${Predicate.isString(result) ? result : JSON.stringify(result)}\n\n${text}`

/** This wire has no system within a conversation: a user says it, in a frame. */
const addContext = (request: Fields, { append_to_last_tool_result, role, text }: AddedContext): Fields => {
  const steps = Steps.ofInput(request["input"])
  const last = steps.at(-1)
  if (append_to_last_tool_result && last?.["type"] === "function_result") {
    return { ...request, input: [...steps.slice(0, -1), { ...last, result: behind(last["result"], text) }] }
  }
  const type = role === "assistant" ? "model_output" : "user_input"
  const words = role === "system" ? `<context_file>\n${text}\n</context_file>` : text
  return { ...request, input: [...steps, { type, content: [{ type: "text", text: words }] }] }
}

export const conversation: WireConversation = {
  messages: ({ input }) =>
    Predicate.isString(input) || Array.isArray(input) || isFields(input) ? Steps.ofInput(input) : null,
  answer: (text, isStream) => isStream ? streamed(text) : whole(parse(text)),
  toolCalls: (message) => idsOf(message, "function_call", "id"),
  toolResults: (message) => idsOf(message, "function_result", "call_id"),
  replaceToolResults: (message, contents) => {
    const id = asText(message["call_id"])
    return message["type"] === "function_result" && Object.hasOwn(contents, id)
      ? { ...message, result: contents[id]! }
      : message
  },
  toolResult: (id, content) => ({ type: "function_result", call_id: id, result: content }),
  addContext,
  request: (before, model, messages) => ({ ...before, model, input: messages.flatMap(stepsOf) })
}
