/** What the default events of a call say, read off the wire, whatever of it is there. */
import { field, listOf, objectsIn, parse, textOrNull } from "../../../events/types/JsonAccess.ts"
import type { Frame } from "../../../events/types/Traffic.ts"
import type { Answer } from "../../calls/Call.ts"
import type { AnswerSummary } from "../Dialect.ts"
import { dataOf } from "../sse/SseFrame.ts"
import * as DoneReason from "./DoneReason.ts"
import * as WireUsage from "./WireUsage.ts"

export const ofRequest = (body: unknown) => ({
  stream: field(body, "stream") !== false,
  message_count: listOf(field(body, "messages")).length,
  tool_count: listOf(field(body, "tools")).length
})

const ofValue = (value: unknown, calls: boolean): AnswerSummary => ({
  response_id: null,
  response_model: textOrNull(field(value, "model")),
  finish_reason: DoneReason.raise(field(value, "done_reason"), calls),
  usage: WireUsage.raise(value)
})

const callsIn = (value: unknown): boolean => objectsIn(field(field(value, "message"), "tool_calls")).length > 0

const valueOf = (frame: string) => parse(dataOf(frame) ?? "")

/** All stands in the last line. */
const ofFrames = (frames: ReadonlyArray<Frame>): AnswerSummary => {
  const calls = frames.some(([, text]) => text.includes("tool_calls\"") && callsIn(valueOf(text)))
  const last = frames.findLast(([, text]) => text.startsWith("data:"))
  return ofValue(last === undefined ? undefined : valueOf(last[1]), calls)
}

export const ofAnswer = ({ frames, json }: Answer): AnswerSummary =>
  frames === undefined ? ofValue(json, callsIn(json)) : ofFrames(frames)
