/** What the default events of a chat call say: read off OpenAI's dialect, whatever of it is there. */
import { field, parse, textOrNull } from "../../../events/types/JsonAccess.ts"
import type { Frame } from "../../../events/types/Traffic.ts"
import type { Answer } from "../../calls/Call.ts"
import { dataOf } from "../sse/SseFrame.ts"
import { isDone } from "./DoneFrame.ts"
import { firstChoice, tokensIn } from "./WireUsage.ts"

const lengthOf = (value: unknown): number => Array.isArray(value) ? value.length : 0

export const ofRequest = (body: unknown) => ({
  stream: field(body, "stream") === true,
  message_count: lengthOf(field(body, "messages")),
  tool_count: lengthOf(field(body, "tools"))
})

const finishReasonOf = (value: unknown): string | null => textOrNull(field(firstChoice(value), "finish_reason"))

export const ofBody = (value: unknown) => ({
  response_id: textOrNull(field(value, "id")),
  response_model: textOrNull(field(value, "model")),
  finish_reason: finishReasonOf(value),
  usage: tokensIn(value)
})

/**
 * How a field is written, and how it is where it says something: a chunk without is not parsed. A search for a letter is
 * faster than one for a quotation mark, of which JSON is full.
 */
const marks = {
  response_id: ["id\"", /"id"\s*:\s*"[^"]/],
  response_model: ["model\"", /"model"\s*:\s*"[^"]/],
  finish_reason: ["finish_reason\"", /"finish_reason"\s*:\s*"/],
  usage: ["usage\"", /"usage"\s*:\s*\{/]
} as const
type Field = keyof typeof marks
const fields = Object.keys(marks) as ReadonlyArray<Field>

/** Each field as the last chunk that says it has it; what none says, as the last chunk leaves it. */
const ofFrames = (frames: ReadonlyArray<Frame>) => {
  let last: ReturnType<typeof ofBody> | undefined
  const found: Partial<ReturnType<typeof ofBody>> = {}
  let missing = fields
  for (let index = frames.length - 1; index >= 0 && missing.length > 0; index--) {
    const frame = frames[index]![1]
    if (last !== undefined && !missing.some((name) => frame.includes(marks[name][0]))) continue
    const data = dataOf(frame)
    if (data === undefined || data === "" || isDone(data)) continue
    if (last !== undefined && !missing.some((name) => marks[name][1].test(data))) continue
    const chunk = parse(data)
    const body = ofBody(chunk)
    if (chunk !== undefined) last ??= body
    for (const name of missing) {
      if (body[name] !== null && body[name] !== "") Object.assign(found, { [name]: body[name] })
    }
    missing = missing.filter((name) => found[name] === undefined)
  }
  return { ...(last ?? ofBody(undefined)), ...found }
}

export const ofAnswer = ({ frames, json }: Answer) => frames === undefined ? ofBody(json) : ofFrames(frames)
