/** Whether a chat answer is what it says it is: a status of 200 is not all that makes one. */
import { field } from "../../../events/types/JsonAccess.ts"
import * as AnswerEnding from "../AnswerEnding.ts"
import { doneFrame } from "./DoneFrame.ts"

const isFinish = (value: unknown): boolean => {
  const choices = field(value, "choices")
  return Array.isArray(choices) && choices.some((choice) => typeof field(choice, "finish_reason") === "string")
}

export const { endingOf, failureIn, failureOf } = AnswerEnding.ofLastFrame(doneFrame, isFinish)
