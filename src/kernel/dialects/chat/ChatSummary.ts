/** What the default events of a chat call say: read off OpenAI's dialect, whatever of it is there. */
import { parse } from "../../../events/types/JsonAccess.ts"
import type { Frame } from "../../../events/types/Traffic.ts"
import type { Answer } from "../../calls/Call.ts"
import type { AnswerSummary } from "../Dialect.ts"
import { dataOf } from "../sse/SseFrame.ts"
import { isDone } from "./DoneFrame.ts"
import type { LooseChunk } from "./LooseWire.ts"
import * as WireUsage from "./WireUsage.ts"

export const ofRequest = (body: unknown) => {
  const { messages, stream, tools } = Object(body) as Readonly<Record<string, unknown>>
  return {
    stream: stream === true,
    message_count: Array.isArray(messages) ? messages.length : 0,
    tool_count: Array.isArray(tools) ? tools.length : 0
  }
}

export const ofBody = (value: unknown): AnswerSummary => {
  const { choices, id, model } = Object(value) as LooseChunk
  const reason = Array.isArray(choices) ? (choices as ReadonlyArray<LooseChunk>)[0]?.finish_reason : undefined
  return {
    response_id: typeof id === "string" ? id : null,
    response_model: typeof model === "string" ? model : null,
    finish_reason: typeof reason === "string" ? reason : null,
    usage: WireUsage.tokensIn(value)
  }
}

/**
 * How a field is written, and how it is where it says something: a chunk without is not parsed. A search for a letter is
 * faster than one for a quotation mark, of which JSON is full. Data over several lines has more than space in between.
 */
const marks = {
  response_id: ["id\"", /"id"\s*:(?:\s|data:)*"[^"]/],
  response_model: ["model\"", /"model"\s*:(?:\s|data:)*"[^"]/],
  finish_reason: ["finish_reason\"", /"finish_reason"\s*:(?:\s|data:)*"/],
  usage: ["usage\"", /"usage"\s*:(?:\s|data:)*\{/]
} as const
type Field = keyof typeof marks

/** Each field as the last chunk that says it has it; what none says, as the last chunk leaves it. */
const ofFrames = (frames: ReadonlyArray<Frame>): AnswerSummary => {
  let last: AnswerSummary | undefined
  const summary: { [Name in Field]?: AnswerSummary[Name] } = {}
  const missing = new Set(Object.keys(marks) as ReadonlyArray<Field>)
  for (let index = frames.length - 1; index >= 0 && missing.size > 0; index--) {
    const frame = frames[index]![1]
    let isWanted = last === undefined
    for (const name of missing) isWanted ||= frame.includes(marks[name][0]) && marks[name][1].test(frame)
    if (!isWanted) continue
    const data = dataOf(frame)
    if (data === undefined || data === "" || isDone(data)) continue
    const chunk = parse(data)
    const body = ofBody(chunk)
    if (chunk !== undefined) last ??= body
    for (const name of missing) {
      if (body[name] === null || body[name] === "") continue
      Object.assign(summary, { [name]: body[name] })
      missing.delete(name)
    }
  }
  return { ...(last ?? ofBody(undefined)), ...summary }
}

export const ofAnswer = ({ frames, json }: Answer): AnswerSummary =>
  frames === undefined ? ofBody(json) : ofFrames(frames)
