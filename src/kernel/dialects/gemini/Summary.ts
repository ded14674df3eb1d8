/** What the default events of a call say, read off the wire, whatever of it is there. */
import { Predicate } from "effect"
import { isFields, listOf } from "../../../events/types/JsonAccess.ts"
import type { Frame } from "../../../events/types/Traffic.ts"
import type { Answer } from "../../calls/Call.ts"
import type { AnswerSummary } from "../Dialect.ts"
import * as FinishReason from "./FinishReason.ts"
import { fieldsOf } from "./ProtoNames.ts"
import { firstCandidate, isBlocked } from "./RaiseResponse.ts"
import { valueOf } from "./StreamedAnswer.ts"
import * as WireUsage from "./WireUsage.ts"

/** The path says whether the answer is a stream. */
export const ofRequest = (body: unknown) => {
  const { contents, stream, tools } = fieldsOf(body)
  const counts = listOf(tools).map(fieldsOf).map(({ functionDeclarations, ...others }) =>
    listOf(functionDeclarations).length + Object.keys(others).length
  )
  return {
    stream: stream === true,
    message_count: listOf(contents).length,
    tool_count: counts.reduce((sum, count) => sum + count, 0)
  }
}

const textOrNull = (value: unknown): string | null => Predicate.isString(value) && value !== "" ? value : null

const ofValue = (value: unknown, calls: boolean): AnswerSummary => {
  const body = isFields(value) ? value : {}
  const reason = FinishReason.raise(firstCandidate(body)?.["finishReason"], calls)
  return {
    response_id: textOrNull(body["responseId"]),
    response_model: textOrNull(body["modelVersion"]),
    finish_reason: reason ?? (isBlocked(body) ? "content_filter" : null),
    usage: WireUsage.raise(body["usageMetadata"])
  }
}

const callsIn = (value: unknown): boolean =>
  listOf(fieldsOf(firstCandidate(value)?.["content"])["parts"]).some((part) =>
    fieldsOf(part)["functionCall"] !== undefined
  )

/** How a field is written that a frame has to hold to be read for it. */
const marks = {
  response_id: "responseId\"",
  response_model: "modelVersion\"",
  finish_reason: "Reason\"",
  usage: "usageMetadata\""
} as const satisfies Record<keyof AnswerSummary, string>
type Field = keyof typeof marks

/** Each field as the last frame that has it; nearly always all of them stand in the last one. */
const ofFrames = (frames: ReadonlyArray<Frame>): AnswerSummary => {
  const calls = frames.some(([, text]) => text.includes("functionCall\"") && callsIn(valueOf(text)))
  const summary: { -readonly [Name in Field]: AnswerSummary[Name] } = { ...ofValue(undefined, false) }
  const missing = new Set(Object.keys(marks) as ReadonlyArray<Field>)
  for (let index = frames.length - 1; index >= 0 && missing.size > 0; index--) {
    const text = frames[index]![1]
    if (![...missing].some((name) => text.includes(marks[name]))) continue
    const values = ofValue(valueOf(text), calls)
    for (const name of missing) {
      if (values[name] === null) continue
      Object.assign(summary, { [name]: values[name] })
      missing.delete(name)
    }
  }
  return summary
}

export const ofAnswer = ({ frames, json }: Answer): AnswerSummary =>
  frames === undefined ? ofValue(json, callsIn(json)) : ofFrames(frames)
