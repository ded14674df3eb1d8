/** How a stream of Interactions ends, and whether an answer is what its status says. */
import { field, parse } from "../../../events/types/JsonAccess.ts"
import type { AnswerFailure } from "../../calls/AnswerFailure.ts"
import * as AnswerEnding from "../AnswerEnding.ts"
import { doneFrame } from "../chat/DoneFrame.ts"
import { dataOf } from "../sse/SseFrame.ts"
import { errorIn, messageOf } from "./Errors.ts"

const ends: ReadonlySet<unknown> = new Set(["interaction.completed", "interaction.complete"])

export const isFinish = (value: unknown): boolean => ends.has(field(value, "event_type"))

/** The event that ends a stream says whether the interaction failed. */
const failureIn = (value: unknown): AnswerFailure | undefined => {
  const error = errorIn(value)
  if (error !== undefined) return { type: "vendor_error", message: messageOf(error) }
  const interaction = field(value, "interaction") ?? value
  return field(interaction, "status") === "failed"
    ? { type: "vendor_error", message: "the interaction failed" }
    : undefined
}

const ending = AnswerEnding.make({
  isFinish,
  isWhole: (frames) =>
    frames.findLast(([, text]) => doneFrame.isLastFrame(text)) !== undefined ||
    frames.findLast(([, text]) => text.includes("interaction.complete") && isFinish(parse(dataOf(text) ?? ""))) !==
      undefined,
  errorIn: failureIn,
  mayFail: (frame) => frame.includes("error\"") || frame.includes("failed\"")
})

export const { failureIn: failureValueIn, failureOf } = ending

/** `[DONE]` ends it; where a vendor leaves that out, the interaction is whole. */
export const streamEnd = { ...doneFrame, endingOf: ending.endingOf }
