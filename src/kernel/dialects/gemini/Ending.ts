/** Whether an answer is whole: nothing stands behind the reason for which it ends. */
import { Predicate } from "effect"
import { isFields } from "../../../events/types/JsonAccess.ts"
import type { AnswerFailure } from "../../calls/AnswerFailure.ts"
import * as AnswerEnding from "../AnswerEnding.ts"
import type { Ending, StreamEnd } from "../sse/EndOfStream.ts"
import { errorIn, messageOf } from "./Errors.ts"
import { firstCandidate, isBlocked } from "./RaiseResponse.ts"
import { valueOf, valuesOf } from "./StreamedAnswer.ts"

const isFinish = (value: unknown): boolean => {
  const reason = firstCandidate(value)?.["finishReason"]
  return (Predicate.isString(reason) && reason !== "") || (isFields(value) && isBlocked(value))
}

const errorOf = (value: unknown): AnswerFailure | undefined => {
  const error = errorIn(value)
  return error === undefined ? undefined : { type: "vendor_error", message: messageOf(error) }
}

const ending = AnswerEnding.make({
  isFinish,
  // The finish stands in one of the last frames: they are looked at first.
  isWhole: (frames) =>
    frames.findLast(([, text]) => text.includes("Reason\"") && isFinish(valueOf(text))) !== undefined,
  errorIn: errorOf,
  readFrame: valueOf,
  readFrames: valuesOf
})

export const { failureIn, failureOf } = ending

/** This wire has no last frame. */
export const streamEnd: StreamEnd & { readonly endingOf: (frames: string) => Ending } = {
  lastFrame: new Uint8Array(),
  mark: "\u0000",
  isLastFrame: () => false,
  endingOf: ending.endingOf
}
