/** Whether an answer is whole: nothing but what was used stands behind the reason for which it ends. */
import { field, isFields } from "../../../events/types/JsonAccess.ts"
import type { AnswerFailure } from "../../calls/AnswerFailure.ts"
import * as AnswerEnding from "../AnswerEnding.ts"
import type { Ending, StreamEnd } from "../sse/EndOfStream.ts"
import * as BedrockErrors from "./BedrockErrors.ts"

const isFinish = (value: unknown): boolean => isFields(field(value, "messageStop"))

const errorIn = (value: unknown): AnswerFailure | undefined =>
  BedrockErrors.exceptionIn(value) === undefined
    ? undefined
    : { type: "vendor_error", message: BedrockErrors.raise(200, value).message }

/** The finish stands in one of the last frames. */
const lastFrames = 4

const ending = AnswerEnding.make({
  isFinish,
  isWhole: (frames) => ending.endingOf(frames.slice(-lastFrames).map(([, text]) => text).join("")) === "finished",
  errorIn,
  mayFail: (frame) => frame.includes("xception\"") || frame.includes("error\"")
})

export const { failureIn, failureOf } = ending

/** This wire has no last frame that says nothing else. */
export const streamEnd: StreamEnd & { readonly endingOf: (frames: string) => Ending } = {
  lastFrame: new Uint8Array(),
  mark: "\u0000",
  isLastFrame: () => false,
  endingOf: ending.endingOf
}
