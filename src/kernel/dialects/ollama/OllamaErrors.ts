/** How Ollama says that something failed: in one text. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { field, isFields, textOrNull } from "../../../events/types/JsonAccess.ts"
import type { Failure } from "../../calls/VendorError.ts"
import type { LlmFailure } from "../../messages/LlmFailure.ts"
import { kindOf } from "../FailureKinds.ts"

/** The error within an answer or a line; undefined: there is none. */
export const errorIn = (value: unknown): Schema.Json | undefined => {
  const error = isFields(value) ? value["error"] : undefined
  return error === undefined || error === null || error === "" ? undefined : error
}

const words: ReadonlyArray<readonly [pattern: RegExp, word: string]> = [
  [/server busy|maximum pending requests|server overloaded/i, "overloaded"],
  [/exceeds? (the )?(maximum |available )?context|context (size|length|window)|prompt too long/i, "context_length"],
  [/^model .*not found/i, "not_found"],
  [/broken_frame/, "stream"]
]

const kinds = {
  overloaded: "overloaded",
  context_length: "context_length",
  "not_found": "not_found",
  stream: "stream"
} as const

/** A stream breaks off under a status that says nothing: what fails then is the server. */
const inStream = 500

export const raise = (status: number, body: unknown): LlmFailure => {
  const error = errorIn(body)
  const message = textOrNull(error) ?? textOrNull(field(error, "message")) ?? `the vendor answered ${status}`
  const type = textOrNull(field(error, "type"))
  const word = words.find(([pattern]) => pattern.test(type ?? message))?.[1] ?? null
  return {
    kind: kindOf({ status: status >= 400 ? status : inStream, message, words: [word], kinds }),
    message,
    ...(type === null ? {} : { type })
  }
}

export const envelope = ({ message }: Failure): Schema.JsonObject => ({ error: message })

export const frame = (envelope: unknown): Uint8Array => Buffer.from(`data: ${JSON.stringify(envelope)}\n\n`)

/** A vendor's error as Ollama would say it. */
export const ofStream = (error: Schema.Json, { message }: LlmFailure): Schema.JsonObject => ({
  error: Predicate.isString(errorIn(error)) ? errorIn(error)! : message
})
