/** Images made of texts and of other images, as vendors are asked for them. */
import { Schema } from "effect"
import { field, textOrNull } from "../../events/types/JsonAccess.ts"
import type { Answer, CallMethod } from "../../kernel/calls/Call.ts"
import type { ProviderError } from "../../kernel/http/ProviderErrors.ts"
import { ProviderFailed, ProviderRejected } from "../../kernel/http/ProviderErrors.ts"
import type { MediaOperation, MediaOperationName, SentFile } from "../../kernel/media/MediaOperation.ts"
import * as MediaUsage from "../../kernel/media/MediaUsage.ts"
import * as ImageEvents from "./ImageEvents.ts"

const methodOf = (name: MediaOperationName): CallMethod<ProviderError> => ({
  name: `inference.${name}`,
  input: Schema.JsonObject,
  answer: Schema.JsonObject,
  element: undefined,
  error: Schema.Union([ProviderRejected, ProviderFailed]),
  events: ImageEvents
})

/** A form writes numbers as texts. */
const countOf = (n: unknown): number => {
  const count = Number(n ?? 1)
  return Number.isSafeInteger(count) && count > 0 ? count : 1
}

const summarizeRequest = ({ n, quality, size }: Schema.JsonObject, files: ReadonlyArray<SentFile>) => ({
  image_count: countOf(n),
  file_count: files.length,
  size: textOrNull(size),
  quality: textOrNull(quality)
})

const operationOf = (
  name: MediaOperationName,
  path: string,
  defaultModel: string,
  lastEvents: ReadonlyArray<string>
): MediaOperation => ({
  name,
  path,
  defaultModel,
  answers: "json",
  lastEvents,
  method: methodOf(name),
  summarizeRequest,
  summarizeAnswer: (answer: Answer) => {
    const data = field(answer.json, "data")
    const isWhole = (value: unknown) => lastEvents.includes(textOrNull(field(value, "type")) ?? "")
    const streamed = answer.frames === undefined ? 0 : MediaUsage.valuesIn(answer).filter(isWhole).length
    return { image_count: Array.isArray(data) ? data.length : streamed, usage: MediaUsage.ofAnswer(answer) }
  }
})

export const generation = operationOf("image_generation", "/images/generations", "dall-e-2", [
  "image_generation.completed"
])
export const edit = operationOf("image_edit", "/images/edits", "gpt-image-1.5", ["image_edit.completed"])
export const variation = operationOf("image_variation", "/images/variations", "dall-e-2", [])
