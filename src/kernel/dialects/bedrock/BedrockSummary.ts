/** What the default events of a call say, read off the wire, whatever of it is there. */
import { field, listOf, objectsIn, parse } from "../../../events/types/JsonAccess.ts"
import type { Frame } from "../../../events/types/Traffic.ts"
import type { Answer } from "../../calls/Call.ts"
import type { AnswerSummary } from "../Dialect.ts"
import { dataOf } from "../sse/SseFrame.ts"
import * as StopReason from "./StopReason.ts"
import * as WireUsage from "./WireUsage.ts"

/** The path says whether the answer is a stream. */
export const ofRequest = (body: unknown) => ({
  stream: field(body, "stream") === true,
  message_count: listOf(field(body, "messages")).length,
  tool_count:
    objectsIn(field(field(body, "toolConfig"), "tools")).filter(({ cachePoint }) => cachePoint === undefined).length
})

const ofParts = (stop: unknown, usage: unknown): AnswerSummary => ({
  response_id: null,
  response_model: null,
  finish_reason: StopReason.raise(stop),
  usage: WireUsage.raise(usage)
})

/** Both stand in the last frames. */
const ofFrames = (frames: ReadonlyArray<Frame>): AnswerSummary => {
  const last = (name: string, mark: string) => {
    const frame = frames.findLast(([, text]) => text.includes(mark))
    return field(parse(dataOf(frame?.[1] ?? "") ?? ""), name)
  }
  return ofParts(
    field(last("messageStop", "messageStop\""), "stopReason"),
    field(last("metadata", "metadata\""), "usage")
  )
}

export const ofAnswer = ({ frames, json }: Answer): AnswerSummary =>
  frames === undefined ? ofParts(field(json, "stopReason"), field(json, "usage")) : ofFrames(frames)
