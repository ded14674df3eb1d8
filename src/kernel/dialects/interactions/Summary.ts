/** What the default events of a call say, read off the wire, whatever of it is there. */
import { field, isFields, listOf, parse, textOrNull } from "../../../events/types/JsonAccess.ts"
import type { Frame } from "../../../events/types/Traffic.ts"
import type { Answer } from "../../calls/Call.ts"
import type { AnswerSummary } from "../Dialect.ts"
import { dataOf } from "../sse/SseFrame.ts"
import * as Status from "./Status.ts"
import * as Steps from "./Steps.ts"
import * as WireUsage from "./WireUsage.ts"

export const ofRequest = (body: unknown) => ({
  stream: field(body, "stream") === true,
  message_count: Steps.ofInput(field(body, "input")).length,
  tool_count: listOf(field(body, "tools")).length
})

const ofInteraction = (value: unknown): AnswerSummary => ({
  response_id: textOrNull(field(value, "id")),
  response_model: textOrNull(field(value, "model")),
  finish_reason: field(value, "status") === undefined ? null : Status.raise(field(value, "status"), false),
  usage: WireUsage.raise(field(value, "usage"))
})

/** The last event that carries the interaction has all of it. */
const interactionIn = (frames: ReadonlyArray<Frame>): unknown => {
  for (let index = frames.length - 1; index >= 0; index--) {
    const text = frames[index]![1]
    const value = text.includes("\"interaction\"") ? parse(dataOf(text) ?? "") : undefined
    const interaction = field(value, "interaction")
    if (isFields(interaction)) return interaction
  }
  return undefined
}

export const ofAnswer = ({ frames, json }: Answer): AnswerSummary =>
  ofInteraction(frames === undefined ? json : interactionIn(frames))
