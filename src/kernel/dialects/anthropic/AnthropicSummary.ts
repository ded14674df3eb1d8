/** What the default events of a call say: read off Anthropic's dialect, whatever of it is there. */
import { field, isFields, parse, textOrNull } from "../../../events/types/JsonAccess.ts"
import type { Frame } from "../../../events/types/Traffic.ts"
import type { Answer } from "../../calls/Call.ts"
import type { AnswerSummary } from "../Dialect.ts"
import { dataOf } from "../sse/SseFrame.ts"
import * as StopReason from "./StopReason.ts"
import * as WireUsage from "./WireUsage.ts"

const lengthOf = (value: unknown): number => Array.isArray(value) ? value.length : 0

export const ofRequest = (body: unknown) => ({
  stream: field(body, "stream") === true,
  message_count: lengthOf(field(body, "messages")),
  tool_count: lengthOf(field(body, "tools"))
})

const ofBody = (message: unknown): AnswerSummary => ({
  response_id: textOrNull(field(message, "id")),
  response_model: textOrNull(field(message, "model")),
  finish_reason: StopReason.raise(field(message, "stop_reason")),
  usage: WireUsage.raise(field(message, "usage"))
})

/** The value of the first frame of a type, from an end of the stream: few others stand before it. */
const valueOf = (frames: ReadonlyArray<Frame>, type: string, last: boolean): unknown => {
  const isOf = ([, text]: Frame) => text.includes(type)
  const frame = last ? frames.findLast(isOf) : frames.find(isOf)
  const value = frame === undefined ? undefined : parse(dataOf(frame[1]) ?? "")
  // A model may say the word, too.
  return (field(value, "type") ?? type) === type ? value : undefined
}

const counted = (usage: unknown) =>
  isFields(usage) ? Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== null)) : {}

/** The beginning says who answers and counts the input, the end counts the output and says why it ends. */
const ofFrames = (frames: ReadonlyArray<Frame>): AnswerSummary => {
  const message = field(valueOf(frames, "message_start", false), "message")
  const end = valueOf(frames, "message_delta", true)
  const usage = { ...counted(field(message, "usage")), ...counted(field(end, "usage")) }
  return {
    ...ofBody(message),
    finish_reason: StopReason.raise(field(field(end, "delta"), "stop_reason")),
    usage: WireUsage.raise(usage)
  }
}

export const ofAnswer = ({ frames, json }: Answer): AnswerSummary =>
  frames === undefined ? ofBody(json) : ofFrames(frames)
