/** What the default events of a chat call say: read off OpenAI's dialect, whatever of it is there. */
import { Predicate } from "effect"
import { field, parse, textOrNull } from "../../../events/types/JsonAccess.ts"
import type { Frame } from "../../../events/types/Traffic.ts"
import type { Answer } from "../../calls/Call.ts"
import type { Usage } from "../../calls/LlmEvents.ts"
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
  const cached = countOf(field(field(usage, "prompt_tokens_details"), "cached_tokens"))
  const reasoning = countOf(field(field(usage, "completion_tokens_details"), "reasoning_tokens"))
  return {
    input_tokens: input,
    output_tokens: output,
    total_tokens: countOf(field(usage, "total_tokens")) ?? input + output,
    ...(cached === undefined ? {} : { cache_read_tokens: cached }),
    ...(reasoning === undefined ? {} : { reasoning_tokens: reasoning })
  }
}

const finishReasonOf = (value: unknown): string | null => {
  const choices = field(value, "choices")
  return Array.isArray(choices) ? textOrNull(field(choices[0], "finish_reason")) : null
}

const summary = (value: unknown, usage: Usage | null, finishReason: string | null) => ({
  response_id: textOrNull(field(value, "id")),
  response_model: textOrNull(field(value, "model")),
  finish_reason: finishReason,
  usage
})

/** Frames read from the end in search of usage and finish reason. */
const framesSearched = 4

const dataOf = (frame: string): string => frame.startsWith("data:") ? frame.slice(5).trim() : ""

const ofFrames = (frames: ReadonlyArray<Frame>) => {
  let last: unknown
  let usage: Usage | null = null
  let finishReason: string | null = null
  let searched = 0
  for (let index = frames.length - 1; index >= 0 && searched < framesSearched; index--) {
    const data = dataOf(frames[index]![1])
    if (data === "" || data === "[DONE]") continue
    const chunk = parse(data)
    searched++
    last ??= chunk
    usage ??= usageOf(field(chunk, "usage"))
    finishReason ??= finishReasonOf(chunk)
    if (finishReason !== null) break
  }
  return summary(last, usage, finishReason)
}

export const ofAnswer = ({ frames, json }: Answer) =>
  frames === undefined ? summary(json, usageOf(field(json, "usage")), finishReasonOf(json)) : ofFrames(frames)
