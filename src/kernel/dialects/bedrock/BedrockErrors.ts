/** Failures in Bedrock's words: exceptions by their type, in an answer or within a stream. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { field, isFields, parse, textOrNull } from "../../../events/types/JsonAccess.ts"
import { tableOf } from "../../../events/types/Table.ts"
import type { Failure } from "../../calls/VendorError.ts"
import type { FailureKind, LlmFailure } from "../../messages/LlmFailure.ts"
import { kindOf, ofStatus } from "../FailureKinds.ts"
import { isException } from "../framing/EventStream.ts"

type Fields = Schema.JsonObject

const kinds = tableOf<FailureKind>({
  ThrottlingException: "rate_limit",
  ServiceQuotaExceededException: "quota_exceeded",
  UnrecognizedClientException: "authentication",
  InvalidSignatureException: "authentication",
  IncompleteSignatureException: "authentication",
  MissingAuthenticationTokenException: "authentication",
  ExpiredTokenException: "authentication",
  AccessDeniedException: "access_denied",
  ["ResourceNotFoundException"]: "not_found",
  ValidationException: "invalid_request",
  ModelErrorException: "unavailable",
  ModelStreamErrorException: "stream",
  ModelNotReadyException: "unavailable",
  ModelTimeoutException: "timeout",
  InternalServerException: "unavailable",
  ServiceUnavailableException: "unavailable",
  "broken_frame": "stream"
})

const inMessages: ReadonlyArray<readonly [pattern: RegExp, kind: FailureKind]> = [
  [/too long for requested model|input is too long/i, "context_length"],
  [/too many tokens per day|tokens per day/i, "quota_exceeded"],
  [/security token included in the request is (invalid|expired)|signature we calculated/i, "authentication"]
]

/** `ThrottlingException` of `com.amazon…#ThrottlingException:http://…`, and of a name that begins small. */
export const typeIn = (text: string): string => {
  const name = text.split(":")[0]!.split("#").at(-1)!
  return isException(name) ? name.charAt(0).toUpperCase() + name.slice(1) : name
}

const errorField = "error"

/** The failure that a value is: an exception by its name, or what is no frame. */
export const exceptionIn = (value: unknown): readonly [type: string, error: Fields] | undefined => {
  if (!isFields(value)) return undefined
  for (const [name, error] of Object.entries(value)) {
    if (!isFields(error)) continue
    if (isException(name)) return [typeIn(name), error]
    if (name === errorField) return [textOrNull(error["type"]) ?? "InternalServerException", error]
  }
  return undefined
}

const messageIn = (body: unknown): string | null =>
  textOrNull(field(body, "message")) ?? textOrNull(field(body, "Message")) ??
    textOrNull(field(body, "originalMessage"))

const typeOf = (body: unknown): string | null => {
  const given = textOrNull(field(body, "__type"))
  return given === null ? null : typeIn(given)
}

/** A stream breaks off under a status that says nothing: what fails then is the server. */
const inStream = 500

export const raise = (status: number, body: unknown): LlmFailure => {
  const [type, error] = exceptionIn(body) ?? [typeOf(body), body]
  const message = messageIn(error) ?? `the vendor answered ${status}`
  const kind = inMessages.find(([pattern]) => pattern.test(message))?.[1]
  return {
    kind: kind ?? kindOf({ status: status >= 400 ? status : inStream, message, words: [type], kinds }),
    message,
    ...(type === null ? {} : { type })
  }
}

/** The body of a refusal with its type, which the vendor says in a header alone. */
export const typed = (text: string, headers: Readonly<Record<string, string>>): string => {
  const type = headers["x-amzn-errortype"]
  const body = parse(text)
  if (type === undefined || type === "" || (isFields(body) && Predicate.isString(body["__type"]))) return text
  return JSON.stringify({ __type: typeIn(type), ...(isFields(body) ? body : { message: text.slice(0, 500) }) })
}

const types = tableOf<string>({
  rate_limit: "ThrottlingException",
  quota_exceeded: "ServiceQuotaExceededException",
  authentication: "UnrecognizedClientException",
  access_denied: "AccessDeniedException",
  ["not_found"]: "ResourceNotFoundException",
  timeout: "ModelTimeoutException",
  unavailable: "ServiceUnavailableException",
  overloaded: "ServiceUnavailableException",
  stream: "ModelStreamErrorException",
  context_length: "ValidationException",
  content_filter: "ValidationException",
  invalid_request: "ValidationException",
  invalid_request_error: "ValidationException"
})

const exceptionOf = ({ kind, status, type = "" }: Omit<Failure, "message">): string => {
  if (Object.hasOwn(kinds, type)) return type
  const ofItsStatus = status === undefined ? "" : ofStatus(status)
  return types[kind ?? ""] ?? types[type] ?? types[ofItsStatus] ?? "InternalServerException"
}

export const envelope = ({ message, ...failure }: Failure): Fields => ({ __type: exceptionOf(failure), message })

/** An event as the text of a frame. */
export const eventOf = (value: unknown): Uint8Array => Buffer.from(`data: ${JSON.stringify(value)}\n\n`)

export const frame = (given: unknown): Uint8Array => {
  const type = typeOf(given) ?? "InternalServerException"
  const name = type.charAt(0).toLowerCase() + type.slice(1)
  return Buffer.from(`event: error\ndata: ${JSON.stringify({ [name]: { message: messageIn(given) ?? type } })}\n\n`)
}
