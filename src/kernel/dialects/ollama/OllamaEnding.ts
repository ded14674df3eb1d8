/** Whether an answer is whole: its last line says that it is done. */
import { field } from "../../../events/types/JsonAccess.ts"
import * as AnswerEnding from "../AnswerEnding.ts"
import type { Ending, StreamEnd } from "../sse/EndOfStream.ts"

const isFinish = (value: unknown): boolean => field(value, "done") === true

const ending = AnswerEnding.make({
  isFinish,
  isWhole: (frames) => ending.endingOf(frames.slice(-2).map(([, text]) => text).join("")) === "finished"
})

export const { failureIn, failureOf } = ending

/** This wire has no last frame that says nothing else. */
export const streamEnd: StreamEnd & { readonly endingOf: (frames: string) => Ending } = {
  lastFrame: new Uint8Array(),
  mark: "\u0000",
  isLastFrame: () => false,
  endingOf: ending.endingOf
}
