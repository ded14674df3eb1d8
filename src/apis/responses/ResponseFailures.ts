/** Failures of responses as a client gets them: OpenAI's envelope, and the status its clients have classes for. */
import { Effect } from "effect"
import type { Schema } from "effect"
import * as Bytes from "../../kernel/bytes/Bytes.ts"
import * as VendorWords from "../../kernel/calls/VendorWords.ts"
import { failures as documentFailures } from "../../kernel/documents/DocumentErrors.ts"
import { envelope } from "../../kernel/http/HttpErrors.ts"
import type { ErrorEnvelope } from "../../kernel/http/HttpErrors.ts"
import * as LlmErrors from "../../kernel/messages/LlmErrors.ts"
import type { InferenceError } from "../inference/Inference.ts"
import { failureOf as inferenceFailureOf } from "../inference/InferenceErrors.ts"
import type { ResponseError } from "./ResponseErrors.ts"
import type { ResponseEnd } from "./ResponseEvents.ts"

export interface Failure {
  readonly status: number
  readonly body: ErrorEnvelope
  readonly headers: Readonly<Record<string, string>>
}

const failed = (status: number, body: ErrorEnvelope, headers: Failure["headers"] = {}): Failure => ({
  status,
  body,
  headers
})

/** The conversation, as a request of this dialect names it. */
const paramOf = (param: string | null): string | null => param?.replace(/^messages\b.*/, "input") ?? null

const ofModel = (error: LlmErrors.LlmError): Failure => {
  const { code = null, kind, message, param = null, type } = LlmErrors.failureOf(error)
  const status = error.status ?? LlmErrors.statusOf(kind)
  const standard = status >= 500 ? "server_error" : status === 429 ? "rate_limit_error" : "invalid_request_error"
  return failed(
    status,
    envelope(message, { type: type ?? standard, param: paramOf(param), code: code ?? kind }),
    error.headers
  )
}

type Inference = Exclude<InferenceError, { readonly _tag: "ProviderRejected" }>

/** What a vendor refuses passes as it came, and is none of these. */
export const of = (error: Exclude<ResponseError, { readonly _tag: "ProviderRejected" }>): Failure => {
  switch (error._tag) {
    case "ResponseInvalid":
      return failed(400, envelope(error.message, { param: error.param, code: error.code }))
    case "PreviousResponseNotFound":
      return failed(
        404,
        envelope(error.message, { param: "previous_response_id", code: "previous_response_not_found" })
      )
    case "ResponseConflict":
      return failed(409, envelope(error.message, { param: error.param, code: error.code }))
    case "DocumentNotFoundAt":
      return failed(404, envelope(error.message, { param: error.param, code: error.code }))
    case "ToolsUnavailable":
      return failed(
        424,
        envelope(error.message, { type: "external_connector_error", param: "tools", code: "mcp_server_failed" })
      )
    case "ResponseFailed":
      return failed(500, envelope(error.message, { type: "server_error", code: error.code }))
    case "DocumentNotFound":
    case "DocumentInvalid":
    case "DocumentConflict":
    case "AccessDenied":
      return failed(statuses[error._tag], { error: documentFailures.toHttpError(error).error })
    case "ResourceNotFound":
    case "ProviderUnavailable":
    case "EventLogUnavailable":
    case "DeniedByHook":
    case "ProviderFailed":
    case "NotOfDialect":
    case "RequestRefused": {
      const { failure: { message, ...details }, status } = inferenceFailureOf(error as Inference)
      return failed(status, envelope(message, { ...details, param: paramOf(details.param ?? null) }))
    }
    default:
      return ofModel(error)
  }
}

const statuses = { DocumentNotFound: 404, DocumentInvalid: 400, DocumentConflict: 409, AccessDenied: 403 } as const

/** As an answer: what a vendor says without the keys it repeats. */
export const toBytes = (error: ResponseError): Effect.Effect<Bytes.Bytes> =>
  Effect.withFiber((fiber) => {
    const redactor = VendorWords.redactorOf(fiber)
    if (error._tag === "ProviderRejected") {
      return Effect.succeed<Bytes.Bytes>({
        status: error.status,
        headers: { ...VendorWords.ofHeaders(error.headers, redactor), "content-type": "application/json" },
        body: VendorWords.ofRejected(error, redactor)
      })
    }
    const { body, headers, status } = of(error)
    return Effect.succeed(
      Bytes.json(status, redactor.forClient(JSON.stringify(body)), VendorWords.ofHeaders(headers, redactor))
    )
  })

/** What of it is in an envelope. */
export const envelopeErrorOf = (error: ResponseError): ErrorEnvelope["error"] =>
  error._tag === "ProviderRejected" ? envelope(error.message, { type: "server_error" }).error : of(error).body.error

/** As a response that failed says it. */
export const errorOf = (error: ResponseError): Schema.JsonObject => {
  const { code, message, type } = envelopeErrorOf(error)
  return { code: code ?? type, message }
}

const failedBy = (end: ResponseEnd, error: Schema.JsonObject): ResponseEnd => ({
  ...end,
  status: "failed",
  error,
  incomplete_details: null,
  completed_at: null
})

/** How a response ends that was made: where what others did is in the way of what follows from it, it has failed. */
export const unlessConflict = (
  end: ResponseEnd,
  following: Effect.Effect<void, ResponseError>
): Effect.Effect<ResponseEnd, ResponseError> =>
  Effect.catchTag(
    Effect.as(following, end),
    "ResponseConflict",
    (error) => Effect.succeed(failedBy(end, errorOf(error)))
  )
