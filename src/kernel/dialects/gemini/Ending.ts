/** Whether an answer is whole: nothing stands behind the reason for which it ends. */
import { Predicate } from "effect"
import { parse } from "../../../events/types/JsonAccess.ts"
import type { Frame } from "../../../events/types/Traffic.ts"
import type { AnswerFailure } from "../../calls/AnswerFailure.ts"
import type { Answer } from "../../calls/Call.ts"
import type { Ending, StreamEnd } from "../sse/EndOfStream.ts"
import { errorIn, messageOf } from "./Errors.ts"
import type { Fields } from "./ProtoNames.ts"
import { isFields } from "./ProtoNames.ts"
import { firstCandidate, isBlocked } from "./RaiseResponse.ts"
import { valueOf, valuesOf } from "./StreamedAnswer.ts"

/** Of a stream that ended before it was whole, to a client and in the log. */
const cutOff: AnswerFailure = { type: "cut_off", message: "the stream ended before the answer was complete" }

const isFinish = (value: unknown): boolean => {
  const reason = firstCandidate(value)?.["finishReason"]
  return (Predicate.isString(reason) && reason !== "") || (isFields(value) && isBlocked(value as Fields))
}

/** How the last frames of a stream leave it. */
const endingOf = (frames: string): Ending => {
  const values = valuesOf(frames)
  if (values.some((value) => errorIn(value) !== undefined)) return "failed"
  return values.some(isFinish) ? "finished" : "cut off"
}

/** This wire has no last frame. */
export const streamEnd: StreamEnd & { readonly endingOf: (frames: string) => Ending } = {
  lastFrame: new Uint8Array(),
  mark: "\u0000",
  isLastFrame: () => false,
  endingOf
}

const failingIn = (frames: ReadonlyArray<Frame>): unknown => {
  for (let index = frames.length - 1; index >= 0; index--) {
    const text = frames[index]![1]
    const value = text.includes("error\"") ? valueOf(text) : undefined
    if (errorIn(value) !== undefined) return value
  }
  return undefined
}

/** The value by which an answer says that it failed. */
export const failureIn = ({ frames, json }: Pick<Answer, "frames" | "json">): unknown => {
  if (frames !== undefined) return failingIn(frames)
  return errorIn(json) === undefined ? undefined : json
}

/** The finish stands in one of the last frames: they are looked at first. */
const isWhole = (frames: ReadonlyArray<Frame>): boolean =>
  frames.findLast(([, text]) => text.includes("Reason\"") && isFinish(valueOf(text))) !== undefined

/** What is wrong with an answer whose status says nothing of it. */
export const failureOf = ({ frames, json }: Answer): AnswerFailure | undefined => {
  const error = errorIn(failureIn({ frames, json }))
  if (error !== undefined) return { type: "vendor_error", message: messageOf(error) }
  if (frames === undefined || isWhole(frames)) return undefined
  // A vendor that does not stream, under a type that says nothing.
  return parse(frames.map(([, text]) => text).join("")) === undefined ? cutOff : undefined
}
