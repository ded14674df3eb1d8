/** Speech, and texts of sound, as vendors are asked for them. */
import { Predicate, Schema } from "effect"
import { field, textOrNull } from "../../events/types/JsonAccess.ts"
import type { Answer, CallMethod } from "../../kernel/calls/Call.ts"
import type { ProviderError } from "../../kernel/http/ProviderErrors.ts"
import { ProviderFailed, ProviderRejected } from "../../kernel/http/ProviderErrors.ts"
import type { MediaOperation, SentFile } from "../../kernel/media/MediaOperation.ts"
import * as MediaUsage from "../../kernel/media/MediaUsage.ts"
import * as SpeechEvents from "./SpeechEvents.ts"
import * as TranscriptionEvents from "./TranscriptionEvents.ts"

const methodOf = (name: string, events: CallMethod<ProviderError>["events"]): CallMethod<ProviderError> => ({
  name: `inference.${name}`,
  input: Schema.JsonObject,
  answer: Schema.Json,
  element: undefined,
  error: Schema.Union([ProviderRejected, ProviderFailed]),
  events
})

export const speech: MediaOperation = {
  name: "speech",
  path: "/audio/speech",
  answers: "audio",
  lastEvents: ["speech.audio.done"],
  method: methodOf("speech", SpeechEvents),
  summarizeRequest: ({ input, response_format, voice }) => ({
    character_count: Predicate.isString(input) ? input.length : 0,
    voice: textOrNull(voice),
    response_format: textOrNull(response_format)
  }),
  summarizeAnswer: (answer) => ({ usage: MediaUsage.ofAnswer(answer) })
}

const summarizeRequest = (fields: Schema.JsonObject, files: ReadonlyArray<SentFile>) => ({
  audio_bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
  language: textOrNull(fields["language"]),
  response_format: textOrNull(fields["response_format"])
})

const numberIn = (value: unknown): number | null => Predicate.isNumber(value) && Number.isFinite(value) ? value : null

const secondsIn = (value: unknown): number | null =>
  numberIn(field(value, "duration")) ?? numberIn(field(field(value, "usage"), "seconds"))

const summarizeAnswer = (answer: Answer) => {
  const values = MediaUsage.valuesIn(answer)
  const texts = values.map((value) => textOrNull(field(value, "text")))
  return {
    // Of a stream, the last has all of it.
    character_count: texts.findLast((text) => text !== null)?.length ?? null,
    audio_seconds: values.map(secondsIn).findLast((seconds) => seconds !== null) ?? null,
    usage: MediaUsage.ofAnswer(answer)
  }
}

export const transcription: MediaOperation = {
  name: "transcription",
  path: "/audio/transcriptions",
  answers: "text",
  lastEvents: ["transcript.text.done"],
  method: methodOf("transcription", TranscriptionEvents),
  summarizeRequest,
  summarizeAnswer
}

export const translation: MediaOperation = {
  name: "translation",
  path: "/audio/translations",
  answers: "text",
  lastEvents: ["transcript.text.done"],
  method: methodOf("translation", TranscriptionEvents),
  summarizeRequest,
  summarizeAnswer
}
