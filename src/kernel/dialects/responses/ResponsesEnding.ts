/** How an answer of the dialect ends, and whether it is what its status says. */
import type { Schema } from "effect"
import { field, parse, textOrNull } from "../../../events/types/JsonAccess.ts"
import type { Frame } from "../../../events/types/Traffic.ts"
import type { AnswerFailure } from "../../calls/AnswerFailure.ts"
import { cutOff } from "../../calls/AnswerFailure.ts"
import type { Answer } from "../../calls/Call.ts"
import type { Ending } from "../sse/EndOfStream.ts"
import * as FrameJson from "../sse/FrameJson.ts"
import * as SseJson from "../sse/SseJson.ts"

const finished: ReadonlySet<unknown> = new Set(["response.completed", "response.incomplete"])

/** What a value says went wrong: an event `error`, a failed response, or an error's envelope. */
export const errorIn = (value: unknown): unknown => {
  if (field(value, "type") === "error") return field(value, "error") ?? value
  const response = field(value, "response") ?? value
  return field(response, "error") ?? undefined
}

const failureIn = (value: unknown): AnswerFailure | undefined => {
  const error = errorIn(value)
  if (error === undefined) return undefined
  const message = textOrNull(error) ?? textOrNull(field(error, "message"))
  return { type: "vendor_error", message: message ?? JSON.stringify(error).slice(0, 200) }
}

/** The frames that end a stream: nothing comes behind them but `[DONE]`. */
const lastFrames = 4

const completed = /^\s*event: ?response\.completed\s/

/** By the beginning of its last frame. */
export const isFinished = (head: string): boolean => completed.test(head)

/** Whether a stream says that it is completed: it has not failed then, and none of it need be read to see that. */
const isCompleted = (frames: ReadonlyArray<Frame>): boolean => frames.slice(-2).some(([, text]) => completed.test(text))

/** Where the last frames begin, at the earliest: an empty line stands within none. */
const beginningOfLast = (frames: string, count: number): number => {
  let start = frames.length
  for (let passed = 0; passed <= count && start > 0; passed++) start = frames.lastIndexOf("\n\n", start - 1)
  return Math.max(start, 0)
}

/** How the last frames of a stream leave it that ends without `[DONE]`, as OpenAI's do. */
export const endingOf = (frames: string): Ending => {
  if (completed.test(frames.slice(beginningOfLast(frames, 1)))) return "finished"
  const values = SseJson.valuesOf(frames.slice(beginningOfLast(frames, lastFrames)))
  if (values.some((value) => failureIn(value) !== undefined)) return "failed"
  return values.some((value) => finished.has(field(value, "type"))) ? "finished" : "cut off"
}

const lastValues = (frames: ReadonlyArray<Frame>): ReadonlyArray<Schema.Json> =>
  frames.slice(-lastFrames).flatMap((frame) => {
    const value = FrameJson.of(frame)
    return value === undefined ? [] : [value]
  })

/** The value by which an answer says that it failed. */
export const failureValueIn = ({ frames, json }: Pick<Answer, "frames" | "json">): unknown => {
  if (frames !== undefined && isCompleted(frames)) return undefined
  const values = frames === undefined ? [json] : lastValues(frames)
  return values.findLast((value) => failureIn(value) !== undefined)
}

export const failureOf = (answer: Answer): AnswerFailure | undefined => {
  const value = failureValueIn(answer)
  if (value !== undefined) return failureIn(value)
  const { frames } = answer
  if (
    frames === undefined || isCompleted(frames) || lastValues(frames).some((each) => finished.has(field(each, "type")))
  ) return undefined
  // A vendor that can't stream, under a type that says nothing.
  return parse(frames.map(([, text]) => text).join("")) === undefined ? cutOff : undefined
}
