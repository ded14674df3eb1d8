/** Failures in Anthropic's dialect: what its vendors say of them, and what its clients read. */
import type { Schema } from "effect"
import { field, isFields, textOrNull } from "../../../events/types/JsonAccess.ts"
import type { Envelope } from "../../calls/VendorError.ts"
import type { FailureKind, LlmFailure } from "../../messages/LlmFailure.ts"
import { kindOf } from "../FailureKinds.ts"

const kinds = Object.fromEntries<FailureKind>([
  ["invalid_request_error", "invalid_request"],
  ["authentication_error", "authentication"],
  ["billing_error", "quota_exceeded"],
  ["permission_error", "access_denied"],
  ["not_found_error", "not_found"],
  ["request_too_large", "context_length"],
  ["rate_limit_error", "rate_limit"],
  ["timeout_error", "timeout"],
  ["api_error", "unavailable"],
  ["overloaded_error", "overloaded"]
])

const html = /^\s*<(?:!doctype|html)/i

/** `body`: an answer's, or the value of an event within a stream. */
export const raise = (status: number, body: unknown): LlmFailure => {
  const error = field(body, "error") ?? body
  const [text, type] = [textOrNull(error), textOrNull(field(error, "type"))]
  const message = textOrNull(field(error, "message")) ?? text ?? `the vendor answered ${status}`
  const code = textOrNull(field(error, "code")) ?? textOrNull(field(field(error, "details"), "error_code")) ?? type
  // A page in between, and no word of the vendor's.
  const kind = text !== null && html.test(text)
    ? "unavailable"
    : kindOf({ status, message, words: [code, type], kinds })
  return { kind, message, type, code, param: null }
}

const types: ReadonlyMap<number, string> = new Map([
  [400, "invalid_request_error"],
  [401, "authentication_error"],
  [402, "billing_error"],
  [403, "permission_error"],
  [404, "not_found_error"],
  [408, "timeout_error"],
  [413, "request_too_large"],
  [429, "rate_limit_error"],
  [504, "timeout_error"],
  [529, "overloaded_error"]
])

/** The type of an error by the status of its answer. */
export const typeOfStatus = (status: number): string =>
  types.get(status) ?? (status >= 500 ? "api_error" : "invalid_request_error")

/** The same by what went wrong. */
export const typeOfKind = (kind: FailureKind): string => {
  switch (kind) {
    case "rate_limit":
      return "rate_limit_error"
    case "quota_exceeded":
      return "billing_error"
    case "authentication":
      return "authentication_error"
    case "access_denied":
      return "permission_error"
    case "not_found":
      return "not_found_error"
    case "timeout":
      return "timeout_error"
    case "overloaded":
      return "overloaded_error"
    case "context_length":
    case "content_filter":
    case "invalid_request":
      return "invalid_request_error"
    default:
      return "api_error"
  }
}

/** What is known of a failure. */
interface Words {
  readonly code?: string | null
  readonly type?: string | null
  readonly kind?: FailureKind
  readonly status?: number
}

/** Words of OpenAI's dialect and of Strata's own, which clients of this one do not know. */
const foreign: ReadonlyMap<string, string> = new Map([
  ["insufficient_quota", "billing_error"],
  ["rate_limit_exceeded", "rate_limit_error"],
  ["requests", "rate_limit_error"],
  ["tokens", "rate_limit_error"],
  ["model_not_found", "not_found_error"],
  ["not_found", "not_found_error"],
  ["invalid_api_key", "authentication_error"]
])

const isOurs = (word: string | null | undefined): word is string => word != null && Object.hasOwn(kinds, word)

/** The code is the more precise; where no word says it, what went wrong does, and last the status. */
export const typeOf = ({ code, kind, status, type }: Words): string => {
  for (const word of [code, type]) {
    if (word != null && foreign.has(word)) return foreign.get(word)!
    if (isOurs(word) && word !== "invalid_request_error") return word
  }
  if (kind !== undefined && kind !== "unknown") return typeOfKind(kind)
  if (status !== undefined) return typeOfStatus(status)
  return type === "invalid_request_error" ? type : "api_error"
}

export const envelope: Envelope = ({ message, ...words }): Schema.JsonObject => ({
  type: "error",
  error: { type: typeOf(words), message }
})

/** An envelope as an event of a stream. */
export const frame = (value: unknown): Uint8Array => Buffer.from(`event: error\ndata: ${JSON.stringify(value)}\n\n`)

/** An error of this dialect as it came; any other in its envelope. */
export const ofFailure = (error: Schema.Json, { code, kind, message, type }: LlmFailure): Schema.JsonObject => {
  const isEnvelope = isFields(error) && error["type"] === "error" && isFields(error["error"])
  if (isEnvelope) return error
  return { type: "error", error: { type: typeOf({ kind, code: code ?? null, type: type ?? null }), message } }
}
