/** Failures as OpenAI's dialect shows them: `{"error": {"message", "type", "param", "code"}}` and a status. */
import { Schema } from "effect"

const ErrorBody = Schema.Struct({
  message: Schema.String.annotate({ description: "What is wrong and what to do about it, for people." }),
  type: Schema.String.annotate({ description: "`invalid_request_error`, `server_error`, `upstream_error` …" }),
  param: Schema.NullOr(Schema.String).annotate({ description: "The field concerned, as a path: `messages.0.role`." }),
  code: Schema.NullOr(Schema.String).annotate({ description: "A name programs can test for: `model_not_found` …" })
}).annotate({ identifier: "ErrorBody" })

const fields = { error: ErrorBody }

export const ErrorEnvelope = Schema.Struct(fields).annotate({ identifier: "ErrorEnvelope" })
export type ErrorEnvelope = typeof ErrorEnvelope.Type

export class BadRequest extends Schema.Error<BadRequest>("BadRequest")(fields, {
  httpApiStatus: 400,
  description: "The request is not understood; `param` names the field."
}) {}

export class Unauthorized extends Schema.Error<Unauthorized>("Unauthorized")(fields, {
  httpApiStatus: 401,
  description: "Nothing says who asks, or it is not good; the message says what is missing."
}) {}

export class Forbidden extends Schema.Error<Forbidden>("Forbidden")(fields, {
  httpApiStatus: 403,
  description: "It is understood, and not allowed; the message says who decided so and why."
}) {}

export class NotFound extends Schema.Error<NotFound>("NotFound")(fields, {
  httpApiStatus: 404,
  description: "There is no such thing, or no such route."
}) {}

export class MethodNotAllowed extends Schema.Error<MethodNotAllowed>("MethodNotAllowed")(fields, {
  httpApiStatus: 405,
  description: "The route exists, but not with this method; `allow` names the ones it has."
}) {}

export class Conflict extends Schema.Error<Conflict>("Conflict")(fields, {
  httpApiStatus: 409,
  description: "It can't be done as things stand; the message says why."
}) {}

export class PayloadTooLarge extends Schema.Error<PayloadTooLarge>("PayloadTooLarge")(fields, {
  httpApiStatus: 413,
  description: "The body is over the limit."
}) {}

export class UnsupportedMediaType extends Schema.Error<UnsupportedMediaType>("UnsupportedMediaType")(fields, {
  httpApiStatus: 415,
  description: "The body's content type is not served; send application/json."
}) {}

export class RangeNotSatisfiable extends Schema.Error<RangeNotSatisfiable>("RangeNotSatisfiable")(fields, {
  httpApiStatus: 416,
  description: "The range is not within what is asked for; the message says how long that is."
}) {}

export class MisdirectedRequest extends Schema.Error<MisdirectedRequest>("MisdirectedRequest")(fields, {
  httpApiStatus: 421,
  description: "The header Host names no name of this server; the message says where to allow it."
}) {}

export class TooManyRequests extends Schema.Error<TooManyRequests>("TooManyRequests")(fields, {
  httpApiStatus: 429,
  description: "The quota is used up; `retry-after` says in how many seconds it begins anew."
}) {}

export class InternalServerError extends Schema.Error<InternalServerError>("InternalServerError")(fields, {
  httpApiStatus: 500,
  description: "A defect of Strata."
}) {}

export class BadGateway extends Schema.Error<BadGateway>("BadGateway")(fields, {
  httpApiStatus: 502,
  description: "The provider could not be reached, or its answer was not understood."
}) {}

export class ServiceUnavailable extends Schema.Error<ServiceUnavailable>("ServiceUnavailable")(fields, {
  httpApiStatus: 503,
  description: "What was asked can't be recorded now, so it is not done."
}) {}

export class GatewayTimeout extends Schema.Error<GatewayTimeout>("GatewayTimeout")(fields, {
  httpApiStatus: 504,
  description: "The provider did not answer in time."
}) {}

const all = [
  BadRequest,
  Unauthorized,
  Forbidden,
  NotFound,
  MethodNotAllowed,
  Conflict,
  PayloadTooLarge,
  UnsupportedMediaType,
  RangeNotSatisfiable,
  MisdirectedRequest,
  TooManyRequests,
  InternalServerError,
  BadGateway,
  ServiceUnavailable,
  GatewayTimeout
] as const

export type HttpError = InstanceType<(typeof all)[number]>

/** The status a failure is answered with; undefined: it is none of these. */
export const statusOf = (error: unknown): number | undefined =>
  all.find((each) => error instanceof each)?.ast.annotations?.["httpApiStatus"] as number | undefined

export const isHttpError = (error: unknown): error is HttpError => statusOf(error) !== undefined

export interface Details {
  readonly type?: string
  readonly param?: string | null
  readonly code?: string | null
}

/** The envelope; `type` defaults to `invalid_request_error`. */
export const envelope = (message: string, details: Details = {}): ErrorEnvelope => ({
  error: {
    message,
    type: details.type ?? "invalid_request_error",
    param: details.param ?? null,
    code: details.code ?? null
  }
})
