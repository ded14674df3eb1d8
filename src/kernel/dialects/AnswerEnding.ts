/** Whether an answer is what its status says, whatever the dialect: it may hold an error, or lack its end. */
import { field, parse } from "../../events/types/JsonAccess.ts"
import type { Frame } from "../../events/types/Traffic.ts"
import type { AnswerFailure } from "../calls/AnswerFailure.ts"
import { cutOff } from "../calls/AnswerFailure.ts"
import type { Answer } from "../calls/Call.ts"
import type { Ending, StreamEnd } from "./sse/EndOfStream.ts"
import { dataOf } from "./sse/SseFrame.ts"
import * as SseJson from "./sse/SseJson.ts"

/** What a wire says of its answers. */
export interface Wire {
  /** True for a value of a stream that says why the answer ends. */
  readonly isFinish: (value: unknown) => boolean
  /** Whether frames without an error hold the end of the answer. */
  readonly isWhole: (frames: ReadonlyArray<Frame>) => boolean
  /** The error a value says; default: under `error`, as text or with a `message`. */
  readonly errorIn?: (value: unknown) => AnswerFailure | undefined
  /** Whether a frame may say an error: what may not is not read for one; default: it holds the word `error`. */
  readonly mayFail?: (frame: string) => boolean
  /** The value of a frame's text, and those of several; default: their data as JSON. */
  readonly readFrame?: (frame: string) => unknown
  readonly readFrames?: (frames: string) => ReadonlyArray<unknown>
}

const errorUnderItsName = (value: unknown): AnswerFailure | undefined => {
  const error = field(value, "error")
  if (typeof error === "string" && error !== "") return { type: "vendor_error", message: error }
  if (typeof error !== "object" || error === null) return undefined
  const message = field(error, "message")
  return { type: "vendor_error", message: typeof message === "string" ? message : JSON.stringify(error).slice(0, 200) }
}

const holdsError = (frame: string): boolean => frame.includes("error\"")

const textOf = (frames: ReadonlyArray<Frame>): string => frames.map(([, text]) => text).join("")

/** The frames from a finish on: usage, pings, a word of the vendor's. */
const lastFrames = 8

export const make = (wire: Wire) => {
  const { errorIn = errorUnderItsName, isFinish, isWhole, mayFail = holdsError } = wire
  const { readFrame = (frame) => parse(dataOf(frame) ?? ""), readFrames = SseJson.valuesOf } = wire

  /** How the last frames of a stream leave it. */
  const endingOf = (frames: string): Ending => {
    const values = readFrames(frames)
    if (values.some((value) => errorIn(value) !== undefined)) return "failed"
    return values.some(isFinish) ? "finished" : "cut off"
  }

  /** The last value that says so. */
  const failingIn = (frames: ReadonlyArray<Frame>): unknown => {
    for (let index = frames.length - 1; index >= 0; index--) {
      const text = frames[index]![1]
      if (!mayFail(text)) continue
      const value = readFrame(text)
      if (errorIn(value) !== undefined) return value
    }
    return undefined
  }

  /** The value by which an answer says that it failed. */
  const failureIn = ({ frames, json }: Pick<Answer, "frames" | "json">): unknown => {
    if (frames !== undefined) return failingIn(frames)
    return errorIn(json) === undefined ? undefined : json
  }

  /** What is wrong with an answer whose status says nothing of it. */
  const failureOf = ({ frames, json }: Answer): AnswerFailure | undefined => {
    const failing = failureIn({ frames, json })
    const failure = failing === undefined ? undefined : errorIn(failing)
    if (failure !== undefined || frames === undefined || isWhole(frames)) return failure
    // A vendor that can't stream, under a type that says nothing.
    return parse(textOf(frames)) === undefined ? cutOff : undefined
  }

  return { endingOf, failureIn, failureOf }
}

/** Of a wire that ends its streams with a frame of its own: it has come, or what may stand before it has. */
export const ofLastFrame = ({ isLastFrame }: StreamEnd, isFinish: Wire["isFinish"]) => {
  const ending = make({
    isFinish,
    isWhole: (frames) =>
      frames.findLast(([, text]) => isLastFrame(text)) !== undefined ||
      ending.endingOf(textOf(frames.slice(-lastFrames))) === "finished"
  })
  return ending
}
