/** How Google says that something failed, and how its clients are told. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { asText, isFields, listOf } from "../../../events/types/JsonAccess.ts"
import { tableOf } from "../../../events/types/Table.ts"
import type { Failure } from "../../calls/VendorError.ts"
import type { FailureKind, LlmFailure } from "../../messages/LlmFailure.ts"
import { ofStatus } from "../FailureKinds.ts"
import type { Fields } from "./ProtoNames.ts"
import { fieldsOf } from "./ProtoNames.ts"

/** The error within an answer or a frame; Google may put it into a list. Undefined: there is none. */
export const errorIn = (value: unknown): Schema.Json | undefined => {
  const [first] = listOf(value)
  const { error } = isFields(value) ? value : isFields(first) ? first : {}
  return error === undefined || error === null || error === "" ? undefined : error
}

export const messageOf = (error: Schema.Json): string => {
  const message = Predicate.isString(error) ? error : fieldsOf(error)["message"]
  return Predicate.isString(message) ? message : JSON.stringify(error).slice(0, 200)
}

/** `google.rpc.Code`, by the status of HTTP that stands for it. */
const codes: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  408: "DEADLINE_EXCEEDED",
  409: "ABORTED",
  429: "RESOURCE_EXHAUSTED",
  499: "CANCELLED",
  501: "UNIMPLEMENTED",
  500: "INTERNAL",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED"
}

const kinds = tableOf<FailureKind>({
  INVALID_ARGUMENT: "invalid_request",
  FAILED_PRECONDITION: "invalid_request",
  OUT_OF_RANGE: "invalid_request",
  UNIMPLEMENTED: "invalid_request",
  ALREADY_EXISTS: "invalid_request",
  UNAUTHENTICATED: "authentication",
  PERMISSION_DENIED: "access_denied",
  "NOT_FOUND": "not_found",
  RESOURCE_EXHAUSTED: "rate_limit",
  CANCELLED: "abort",
  INTERNAL: "unavailable",
  DATA_LOSS: "unavailable",
  ABORTED: "unavailable",
  UNAVAILABLE: "unavailable",
  DEADLINE_EXCEEDED: "timeout"
})

const detail = (error: Fields, type: string): Fields =>
  listOf(error["details"]).filter(isFields).find((each) => asText(each["@type"]).endsWith(`google.rpc.${type}`)) ?? {}

/** A request that waits does not get through a quota of a day, or of nothing. */
const isSpent = (error: Fields): boolean =>
  listOf(detail(error, "QuotaFailure")["violations"]).map(fieldsOf).some(({ quotaId, quotaValue }) =>
    /PerDay/i.test(asText(quotaId)) || quotaValue === "0"
  ) || /prepay|credits? (are|is) depleted|spending cap/i.test(messageOf(error))

const words: ReadonlyArray<readonly [status: string, text: RegExp, kind: FailureKind]> = [
  ["INVALID_ARGUMENT", /api key (not valid|expired|not found|invalid)/i, "authentication"],
  [
    "INVALID_ARGUMENT",
    /token count.*exceed|exceeds? the maximum number of tokens|context (length|window)/i,
    "context_length"
  ],
  ["FAILED_PRECONDITION", /location is not supported/i, "access_denied"],
  ["FAILED_PRECONDITION", /billing/i, "quota_exceeded"],
  ["UNAVAILABLE", /overloaded|high demand/i, "overloaded"]
]

const keyReasons = /^API_KEY_(INVALID|EXPIRED)|^ACCESS_TOKEN_|^CREDENTIALS_MISSING/

const kindOf = (status: number, code: string, error: Fields): FailureKind => {
  if (keyReasons.test(asText(detail(error, "ErrorInfo")["reason"]))) return "authentication"
  if (code === "RESOURCE_EXHAUSTED" && isSpent(error)) return "quota_exceeded"
  const message = messageOf(error)
  const special = words.find(([of, text]) => of === code && text.test(message))
  if (special !== undefined) return special[2]
  if (Object.hasOwn(kinds, code)) return kinds[code]!
  if (status === 413) return "context_length"
  return status >= 500 ? "unavailable" : status >= 400 ? "invalid_request" : "unknown"
}

export const raise = (status: number, body: unknown): LlmFailure => {
  const given = errorIn(body)
  const error = isFields(given) ? given : {}
  const number = Predicate.isNumber(error["code"]) ? error["code"] : status
  const code = Predicate.isString(error["status"]) ? error["status"] : codes[number] ?? ""
  const { reason } = detail(error, "ErrorInfo")
  const [violation] = listOf(detail(error, "BadRequest")["fieldViolations"])
  const { field } = fieldsOf(violation)
  return {
    kind: kindOf(number, code, error),
    message: given === undefined ? `the vendor answered ${status}` : messageOf(given),
    ...(code === "" ? {} : { type: code }),
    ...(Predicate.isString(reason) ? { code: reason } : error["code"] === undefined ? {} : { code: asText(number) }),
    ...(Predicate.isString(field) ? { param: field } : {})
  }
}

/** Seconds after which Google wants to be asked again; undefined where it does not say. */
export const retryDelay = (body: unknown): number | undefined => {
  const error = errorIn(body)
  const { retryDelay: delay } = isFields(error) ? detail(error, "RetryInfo") : {}
  const [, seconds] = /^(\d+(?:\.\d+)?)s$/.exec(asText(delay)) ?? []
  return seconds === undefined ? undefined : Number(seconds)
}

/** Failures in the words of other dialects and of Strata. */
const statuses = tableOf<string>({
  rate_limit: "RESOURCE_EXHAUSTED",
  rate_limit_error: "RESOURCE_EXHAUSTED",
  rate_limit_exceeded: "RESOURCE_EXHAUSTED",
  quota_exceeded: "RESOURCE_EXHAUSTED",
  insufficient_quota: "RESOURCE_EXHAUSTED",
  authentication: "UNAUTHENTICATED",
  authentication_error: "UNAUTHENTICATED",
  access_denied: "PERMISSION_DENIED",
  permission_error: "PERMISSION_DENIED",
  permission_denied: "PERMISSION_DENIED",
  "not_found": "NOT_FOUND",
  "not_found_error": "NOT_FOUND",
  unavailable: "UNAVAILABLE",
  overloaded: "UNAVAILABLE",
  overloaded_error: "UNAVAILABLE",
  network: "UNAVAILABLE",
  timeout: "DEADLINE_EXCEEDED",
  timeout_error: "DEADLINE_EXCEEDED",
  abort: "CANCELLED",
  stream: "INTERNAL",
  unknown: "INTERNAL",
  configuration: "INTERNAL",
  api_error: "INTERNAL",
  server_error: "INTERNAL",
  cut_off: "INTERNAL",
  vendor_error: "INTERNAL"
})

const numbers = tableOf<number>({
  ...Object.fromEntries(Object.entries(codes).map(([number, code]) => [code, Number(number)])),
  FAILED_PRECONDITION: 400,
  OUT_OF_RANGE: 400
})

export const statusOf = (type: string | undefined): string =>
  type === undefined
    ? "INVALID_ARGUMENT"
    : Object.hasOwn(numbers, type)
    ? type
    : Object.hasOwn(statuses, type)
    ? statuses[type]!
    : "INVALID_ARGUMENT"

const detailsOf = ({ code, message, param }: Failure): ReadonlyArray<Fields> => [
  ...(code == null ? [] : [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: code, domain: "strata" }]),
  ...(param == null ? [] : [{
    "@type": "type.googleapis.com/google.rpc.BadRequest",
    fieldViolations: [{ field: param, description: message }]
  }])
]

/** By its word, where Google or Strata has it; then by what went wrong, and last by its status. */
const statusOfFailure = ({ kind, status, type }: Failure): string => {
  const given = [type, kind, status === undefined ? undefined : ofStatus(status)].find((word) =>
    word !== undefined && (Object.hasOwn(numbers, word) || Object.hasOwn(statuses, word))
  )
  return statusOf(given)
}

export const envelope = (failure: Failure): Fields => {
  const status = statusOfFailure(failure)
  const details = detailsOf(failure)
  return {
    error: { code: numbers[status]!, message: failure.message, status, ...(details.length === 0 ? {} : { details }) }
  }
}

export const frame = (envelope: unknown): Uint8Array => Buffer.from(`data: ${JSON.stringify(envelope)}\n\n`)

const isGoogles = (error: Schema.Json): boolean =>
  isFields(error) && Predicate.isNumber(error["code"]) && Predicate.isString(error["message"])

/** A vendor's error as Google would say it; its own stays as it came. */
export const ofStream = (error: Schema.Json, { code, kind, message, param }: LlmFailure): Fields =>
  isGoogles(error)
    ? { error }
    : envelope({
      message,
      type: kind,
      ...(code == null ? {} : { code }),
      ...(param == null ? {} : { param })
    })
