/** Whether an answer of this dialect is what it says it is: a status of 200 is not all that makes one. */
import { field } from "../../../events/types/JsonAccess.ts"
import * as AnswerEnding from "../AnswerEnding.ts"
import { stopFrame } from "./StopFrame.ts"

const isFinish = (value: unknown): boolean =>
  typeof field(field(value, "delta"), "stop_reason") === "string" || field(value, "type") === stopFrame.mark

export const { endingOf, failureIn, failureOf } = AnswerEnding.ofLastFrame(stopFrame, isFinish)
