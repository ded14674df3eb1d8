/** What a vendor is asked for besides conversations and vectors, in OpenAI's dialect: its bytes pass, forms and sound included. */
import type { Schema } from "effect"
import type { Answer, CallMethod } from "../calls/Call.ts"
import type { ProviderError } from "../http/ProviderErrors.ts"

export const names = [
  "moderation",
  "speech",
  "transcription",
  "translation",
  "image_generation",
  "image_edit",
  "image_variation"
] as const

export type MediaOperationName = (typeof names)[number]

/** A file of a form. */
export interface SentFile {
  /** The part it came in. */
  readonly field: string
  readonly filename: string
  readonly content_type: string | null
  readonly bytes: number
}

export interface MediaOperation {
  readonly name: MediaOperationName
  /** Where vendors answer, from their base URL on. */
  readonly path: string
  readonly method: CallMethod<ProviderError>
  /** What is asked where a request names no model, as OpenAI documents it; absent: it has to. */
  readonly defaultModel?: string
  /** What a whole answer is. `text`: JSON or not, as the request wants it. */
  readonly answers: "json" | "text" | "audio"
  /** The types of the events by which a stream is whole. */
  readonly lastEvents: ReadonlyArray<string>
  /** What the default event of the call says of a request. */
  readonly summarizeRequest: (fields: Schema.JsonObject, files: ReadonlyArray<SentFile>) => object
  readonly summarizeAnswer: (answer: Answer) => object
}
