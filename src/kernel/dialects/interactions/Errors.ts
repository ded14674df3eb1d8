/** How Interactions say that something failed: a word and a message, where Google's other APIs have a status, too. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { asText, isFields, textOrNull } from "../../../events/types/JsonAccess.ts"
import { tableOf } from "../../../events/types/Table.ts"
import type { Failure } from "../../calls/VendorError.ts"
import type { FailureKind, LlmFailure } from "../../messages/LlmFailure.ts"
import * as FailureKinds from "../FailureKinds.ts"
import * as GeminiErrors from "../gemini/Errors.ts"
import type { Fields } from "./Steps.ts"

/** The error within an answer or an event; undefined: there is none. */
export const errorIn = (value: unknown): Schema.Json | undefined => {
  const error = GeminiErrors.errorIn(value)
  if (error !== undefined) return error
  return isFields(value) && value["event_type"] === "error" ? {} : undefined
}

export const messageOf = (error: Schema.Json): string => GeminiErrors.messageOf(error)

const kinds = tableOf<FailureKind>({
  invalid_request: "invalid_request",
  authentication: "authentication",
  unauthenticated: "authentication",
  permission_denied: "access_denied",
  "not_found": "not_found",
  resource_exhausted: "rate_limit",
  rate_limit_exceeded: "rate_limit",
  quota_exceeded: "quota_exceeded",
  internal_error: "unavailable",
  internal: "unavailable",
  unavailable: "unavailable",
  overloaded: "overloaded",
  deadline_exceeded: "timeout",
  gateway_timeout: "timeout",
  cancelled: "abort"
})

/** Errors of the door to all of Google's APIs are in Google's form. */
const isGoogles = (error: Schema.Json): boolean => isFields(error) && Predicate.isString(error["status"])

export const raise = (status: number, body: unknown): LlmFailure => {
  const error = errorIn(body)
  if (error === undefined || isGoogles(error) || !isFields(error)) return GeminiErrors.raise(status, body)
  const code = textOrNull(error["code"])
  const message = messageOf(error)
  return {
    kind: FailureKinds.kindOf({ status, message, words: [code?.toLowerCase() ?? null], kinds }),
    message,
    ...(code === null ? {} : { type: code, code })
  }
}

const words: Readonly<Record<FailureKind, string>> = {
  invalid_tool_call: "invalid_request",
  invalid_request: "invalid_request",
  context_length: "invalid_request",
  content_filter: "invalid_request",
  authentication: "unauthenticated",
  access_denied: "permission_denied",
  "not_found": "not_found",
  rate_limit: "resource_exhausted",
  quota_exceeded: "resource_exhausted",
  unavailable: "unavailable",
  overloaded: "unavailable",
  network: "unavailable",
  timeout: "deadline_exceeded",
  abort: "cancelled",
  stream: "internal",
  unknown: "internal",
  configuration: "internal"
}

const codeOf = ({ kind, status, type }: Failure): string => {
  if (type !== undefined && Object.hasOwn(kinds, type)) return type
  const given = kind ?? (status === undefined ? undefined : FailureKinds.ofStatus(status))
  return given === undefined ? GeminiErrors.statusOf(type).toLowerCase().replace("_argument", "_request") : words[given]
}

/** `code` is what programs of the dialect read; the field and the precise word stand beside it. */
export const envelope = (failure: Failure): Fields => {
  const { code, message, param } = failure
  return {
    error: {
      message,
      code: codeOf(failure),
      ...(code == null ? {} : { reason: code }),
      ...(param == null ? {} : { param })
    }
  }
}

export const frameOf = (event: Fields): Uint8Array =>
  Buffer.from(`event: ${asText(event["event_type"])}\ndata: ${JSON.stringify(event)}\n\n`)

export const event = (envelope: unknown): Fields => {
  const error = isFields(envelope) ? envelope["error"] : undefined
  return { event_type: "error", error: isFields(error) ? error : { message: asText(error ?? "It failed.") } }
}

export const frame = (envelope: unknown): Uint8Array => frameOf(event(envelope))

/** A vendor's error as Interactions would say it; one of theirs stays as it came. */
export const ofStream = (error: Schema.Json, { code, kind, message, param }: LlmFailure): Fields =>
  isFields(error) && Predicate.isString(error["code"]) && Predicate.isString(error["message"])
    ? { error }
    : envelope({ message, kind, ...(code == null ? {} : { code }), ...(param == null ? {} : { param }) })
