/** How answers of media operations stream: as events that end in one of their types, or as bytes of sound. */
import { Predicate } from "effect"
import { field, isFields, textOrNull } from "../../events/types/JsonAccess.ts"
import type { StreamDialect } from "../bytes/StreamDialect.ts"
import { bufferOf } from "../bytes/WholeBody.ts"
import * as AnswerFailure from "../calls/AnswerFailure.ts"
import type { AnswerJudge } from "../calls/AnswerFailure.ts"
import { chat } from "../dialects/chat/ChatDialect.ts"
import type { StreamEnd } from "../dialects/sse/EndOfStream.ts"
import { valuesOf } from "../dialects/sse/SseJson.ts"
import type { MediaOperation } from "./MediaOperation.ts"
import * as MediaUsage from "./MediaUsage.ts"

type FailureIn = NonNullable<StreamDialect["failureIn"]>

/** As OpenAI's clients read it; undefined: it is none. */
const failureOf = (value: unknown): unknown => {
  if (!isFields(value)) return undefined
  const error = field(value, "error")
  if (isFields(error)) return { error }
  if (Predicate.isString(error) && error !== "") return { error: { message: error } }
  return field(value, "type") === "error" ? { error: value } : undefined
}

export const failureIn: FailureIn = ({ frames, json }) =>
  MediaUsage.valuesIn({ status: 200, json, frames }).map(failureOf).find((failure) => failure !== undefined)

const isLast = ({ lastEvents }: MediaOperation, value: unknown): boolean => {
  const type = textOrNull(field(value, "type"))
  return type !== null && lastEvents.includes(type)
}

/** The end of its bytes is the stream's; it is whole where one of its last events has come. */
export const endOf = (operation: MediaOperation): StreamEnd => ({
  lastFrame: new Uint8Array(),
  mark: "",
  isLastFrame: () => false,
  endingOf: (frames) => {
    const values = valuesOf(frames)
    if (values.some((value) => isLast(operation, value))) return "finished"
    return values.some((value) => failureOf(value) !== undefined) ? "failed" : "cut off"
  }
})

/** The event that makes an answer whole waits until it is recorded. */
export const events = ({ lastEvents }: MediaOperation): StreamDialect => ({
  isLastFrame: (chunk) => lastEvents.some((type) => bufferOf(chunk).includes(type)),
  errorFrame: chat.errors.frame,
  failureIn
})

/** No words fit between bytes of sound: who breaks off does so. */
export const sound: StreamDialect = {
  isLastFrame: () => false,
  errorFrame: () => new Uint8Array(),
  breaks: true
}

/** What is wrong with an answer that came over its wire. `isSound`: its bytes say nothing. */
export const judgeOf = (operation: MediaOperation, isSound: boolean): AnswerJudge => ({
  isLastFrame: () => false,
  summarize: operation.summarizeAnswer,
  failureOf: (answer) => {
    if (isSound) return undefined
    const failure = failureIn(answer)
    if (failure !== undefined) {
      return { type: "vendor_error", message: textOrNull(field(field(failure, "error"), "message")) ?? "error" }
    }
    if (answer.frames === undefined) {
      return operation.answers === "json" && !isFields(answer.json)
        ? { type: "invalid_answer", message: "not JSON" }
        : undefined
    }
    return MediaUsage.valuesIn(answer).some((value) => isLast(operation, value)) ? undefined : AnswerFailure.cutOff
  }
})
