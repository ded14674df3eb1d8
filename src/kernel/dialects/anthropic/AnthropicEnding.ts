/** Whether an answer of this dialect is what it says it is: a status of 200 is not all that makes one. */
import type { Schema } from "effect"
import { field, parse } from "../../../events/types/JsonAccess.ts"
import type { Frame } from "../../../events/types/Traffic.ts"
import type { AnswerFailure } from "../../calls/AnswerFailure.ts"
import type { Answer } from "../../calls/Call.ts"
import type { Ending } from "../sse/EndOfStream.ts"
import { dataOf } from "../sse/SseFrame.ts"
import * as SseJson from "../sse/SseJson.ts"
import { stopFrame } from "./StopFrame.ts"

/** Of a stream that ended before it was whole. */
export const cutOff: AnswerFailure = { type: "cut_off", message: "the stream ended before the answer was complete" }

const errorIn = (value: unknown): AnswerFailure | undefined => {
  const error = field(value, "error")
  if (typeof error === "string" && error !== "") return { type: "vendor_error", message: error }
  if (typeof error !== "object" || error === null) return undefined
  const message = field(error, "message")
  return { type: "vendor_error", message: typeof message === "string" ? message : JSON.stringify(error).slice(0, 200) }
}

const isFinish = (value: Schema.Json): boolean =>
  typeof field(field(value, "delta"), "stop_reason") === "string" || field(value, "type") === stopFrame.mark

/** How the last frames of a stream leave it. */
export const endingOf = (frames: string): Ending => {
  const values = SseJson.valuesOf(frames)
  if (values.some((value) => errorIn(value) !== undefined)) return "failed"
  return values.some(isFinish) ? "finished" : "cut off"
}

/** The frames from the finish on: pings may stand between. */
const lastFrames = 8

/** The last value that says so. */
const failingIn = (frames: ReadonlyArray<Frame>): unknown => {
  for (let index = frames.length - 1; index >= 0; index--) {
    const text = frames[index]![1]
    const value = text.includes("error\"") ? parse(dataOf(text) ?? "") : undefined
    if (errorIn(value) !== undefined) return value
  }
  return undefined
}

/** The value by which an answer says that it failed. */
export const failureIn = ({ frames, json }: Pick<Answer, "frames" | "json">): unknown => {
  if (frames !== undefined) return failingIn(frames)
  return errorIn(json) === undefined ? undefined : json
}

const textOf = (frames: ReadonlyArray<Frame>): string => frames.map(([, text]) => text).join("")

const failureOfFrames = (frames: ReadonlyArray<Frame>): AnswerFailure | undefined => {
  const failure = errorIn(failingIn(frames))
  if (failure !== undefined) return failure
  if (endingOf(textOf(frames.slice(-lastFrames))) === "finished") return undefined
  if (frames.some(([, text]) => stopFrame.isLastFrame(text))) return undefined
  // A vendor that can't stream, under a type that says nothing.
  return parse(textOf(frames)) === undefined ? cutOff : undefined
}

/** What is wrong with an answer whose status says nothing of it. */
export const failureOf = ({ frames, json }: Answer): AnswerFailure | undefined =>
  frames === undefined ? errorIn(json) : failureOfFrames(frames)
