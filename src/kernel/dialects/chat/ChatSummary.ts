/** What the default events of a chat call say: read off OpenAI's dialect, whatever of it is there. */
import { Predicate } from "effect"
import { field, parse, textOrNull } from "../../../events/types/JsonAccess.ts"
import type { Frame } from "../../../events/types/Traffic.ts"
import type { Usage } from "../../calls/LlmEvents.ts"
import type { Answer } from "../../calls/ProviderCall.ts"
import { dataOf } from "../sse/SseFrame.ts"
import { isDone } from "./DoneFrame.ts"
import type { ChatCompletionRequest } from "./Wire.ts"

export const ofRequest = (request: ChatCompletionRequest) => ({
  stream: request.stream === true,
  message_count: request.messages.length,
  tool_count: request.tools?.length ?? 0
})

const countOf = (value: unknown): number | undefined => Predicate.isNumber(value) ? Math.round(value) : undefined

/** OpenAI's usage in OpenTelemetry's terms; null when the vendor counted nothing. */
const usageOf = (usage: unknown): Usage | null => {
  const input = countOf(field(usage, "prompt_tokens"))
  if (input === undefined) return null
  const output = countOf(field(usage, "completion_tokens")) ?? 0
  const cached = countOf(field(field(usage, "prompt_tokens_details"), "cached_tokens")) ??
    countOf(field(usage, "prompt_cache_hit_tokens"))
  const reasoning = countOf(field(field(usage, "completion_tokens_details"), "reasoning_tokens"))
  return {
    input_tokens: input,
    output_tokens: output,
    total_tokens: countOf(field(usage, "total_tokens")) ?? input + output,
    ...(cached === undefined ? {} : { cache_read_tokens: cached }),
    ...(reasoning === undefined ? {} : { reasoning_tokens: reasoning })
  }
}

/** Where vendors put it: beside the choices, Groq under its own name, Moonshot within the choice. */
const usageIn = (value: unknown): Usage | null =>
  usageOf(field(value, "usage")) ?? usageOf(field(field(value, "x_groq"), "usage")) ??
    usageOf(field(firstChoice(value), "usage"))

const firstChoice = (value: unknown): unknown => {
  const choices = field(value, "choices")
  return Array.isArray(choices) ? choices[0] : undefined
}

const finishReasonOf = (value: unknown): string | null => textOrNull(field(firstChoice(value), "finish_reason"))

export const ofBody = (value: unknown) => ({
  response_id: textOrNull(field(value, "id")),
  response_model: textOrNull(field(value, "model")),
  finish_reason: finishReasonOf(value),
  usage: usageIn(value)
})

/** What a chunk may say, by the text it needs to do so: a chunk without any is not parsed. */
const marks = {
  response_id: /"id"\s*:\s*"[^"]/,
  response_model: /"model"\s*:\s*"[^"]/,
  finish_reason: /"finish_reason"\s*:\s*"/,
  usage: /"usage"\s*:\s*\{/
}
type Field = keyof typeof marks
const fields = Object.keys(marks) as ReadonlyArray<Field>

/** Each field as the last chunk that says it has it; what none says, as the last chunk leaves it. */
const ofFrames = (frames: ReadonlyArray<Frame>) => {
  let last: ReturnType<typeof ofBody> | undefined
  const found: Partial<ReturnType<typeof ofBody>> = {}
  let missing = fields
  for (let index = frames.length - 1; index >= 0 && missing.length > 0; index--) {
    const data = dataOf(frames[index]![1])
    if (data === undefined || data === "" || isDone(data)) continue
    if (last !== undefined && !missing.some((name) => marks[name].test(data))) continue
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
