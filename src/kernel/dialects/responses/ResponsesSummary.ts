/** What the default events of a call say: read off the dialect, whatever of it is there. */
import type { Schema } from "effect"
import { field, textOrNull } from "../../../events/types/JsonAccess.ts"
import type { Frame } from "../../../events/types/Traffic.ts"
import type { Answer } from "../../calls/Call.ts"
import type { AnswerSummary } from "../Dialect.ts"
import * as FrameJson from "../sse/FrameJson.ts"
import * as WireUsage from "./WireUsage.ts"

export const ofRequest = (body: unknown) => {
  const [input, tools] = [field(body, "input"), field(body, "tools")]
  return {
    stream: field(body, "stream") === true,
    message_count: Array.isArray(input) ? input.length : typeof input === "string" ? 1 : 0,
    tool_count: Array.isArray(tools) ? tools.length : 0
  }
}

/** In the vendor's words: how it stands, or why it is incomplete. */
const ofResponse = (response: unknown): AnswerSummary => ({
  response_id: textOrNull(field(response, "id")),
  response_model: textOrNull(field(response, "model")),
  finish_reason: textOrNull(field(field(response, "incomplete_details"), "reason")) ??
    textOrNull(field(response, "status")),
  usage: WireUsage.raise(field(response, "usage"))
})

/** The last event that carries the response has all of it. */
const responseIn = (frames: ReadonlyArray<Frame>): Schema.Json | undefined => {
  for (let index = frames.length - 1; index >= 0; index--) {
    const frame = frames[index]!
    const value = frame[1].includes("\"response\"") ? FrameJson.of(frame) : undefined
    const response = field(value, "response")
    if (typeof response === "object" && response !== null) return response as Schema.Json
  }
  return undefined
}

export const ofAnswer = ({ frames, json }: Answer): AnswerSummary =>
  ofResponse(frames === undefined ? json : responseIn(frames))
