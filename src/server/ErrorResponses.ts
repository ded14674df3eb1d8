/** Every failure outside a handler, in OpenAI's envelope. */
import { Cause, Effect } from "effect"
import { HttpServerError, HttpServerResponse } from "effect/http"
import { HttpApiError } from "effect/http-api"
import { toHttpError } from "../apis/inference/InferenceErrors.ts"
import { EventLogUnavailable } from "../events/log/EventLog.ts"
import type { Dialect } from "../kernel/dialects/Dialect.ts"
import * as Dialects from "../kernel/dialects/Dialects.ts"
import { AccessDenied } from "../kernel/http/AccessDenied.ts"
import { accessDenied, providerUnavailable } from "../kernel/http/CommonFailures.ts"
import type { Details } from "../kernel/http/HttpErrors.ts"
import { BadRequest, envelope, isHttpError, statusOf } from "../kernel/http/HttpErrors.ts"
import { ProviderFailed } from "../kernel/http/ProviderErrors.ts"
import { ProviderUnavailable } from "../kernel/http/ProviderUnavailable.ts"
import { sessionExists } from "../kernel/http/SessionErrors.ts"
import { SessionExists } from "../kernel/http/SessionErrors.ts"
import { ProviderDataInvalid } from "../kernel/provider/ProviderData.ts"
import type { RequestFailure } from "../kernel/requests/RequestFailure.ts"
import { toBadRequest } from "./SchemaErrors.ts"

const failure = (status: number, message: string, details?: Details): RequestFailure => ({
  status,
  body: envelope(message, details)
})

/** A body that is to be text, and is none. */
export const notUtf8 = new BadRequest(
  envelope("The body is not UTF-8. Send its JSON in that encoding, and bytes in it as base64.", { code: "not_utf8" })
)

/** A status that came without a body. */
const ofStatus = (status: number, maxBodyBytes: number): RequestFailure => {
  switch (status) {
    case 413:
      return failure(413, `The body is larger than ${maxBodyBytes} bytes. Send less, or raise server.max_body_bytes.`, {
        code: "body_too_large"
      })
    case 415:
      return failure(415, "The body's content type is not served here. Send `content-type: application/json`.", {
        code: "unsupported_media_type"
      })
    default:
      return status >= 500
        ? failure(status, "Strata failed to answer. The server's log says why.", {
          type: "server_error",
          code: "internal_error"
        })
        : failure(status, `The request was refused with status ${status}.`)
  }
}

/** The methods a path has. */
export type AllowedMethods = (url: string) => ReadonlyArray<string>

const notRouted = (method: string, url: string, allowedMethods: AllowedMethods): RequestFailure => {
  const path = url.split("?")[0] ?? url
  const allowed = allowedMethods(url)
  if (allowed.length === 0) {
    return failure(404, `There is no route ${method} ${path}. GET /openapi.json lists what there is.`, {
      code: "unknown_route"
    })
  }
  return {
    ...failure(405, `${path} has no method ${method}; it has ${allowed.join(", ")}.`, { code: "method_not_allowed" }),
    headers: { allow: allowed.join(", ") }
  }
}

/** What a failure of the whole program looks like to the client. */
export const ofError = (error: unknown, maxBodyBytes: number, allowedMethods: AllowedMethods): RequestFailure => {
  if (isHttpError(error)) return { status: statusOf(error)!, body: { error: error.error } }
  if (HttpApiError.HttpApiSchemaError.is(error)) return ofError(toBadRequest(error), maxBodyBytes, allowedMethods)
  if (error instanceof ProviderFailed) {
    const mapped = toHttpError(error)
    return { status: mapped.error.code === "provider_timeout" ? 504 : 502, body: { error: mapped.error } }
  }
  if (error instanceof SessionExists) return { status: 409, body: { error: sessionExists(error).error } }
  if (error instanceof AccessDenied) return { status: 403, body: { error: accessDenied(error).error } }
  if (error instanceof ProviderUnavailable) return { status: 503, body: { error: providerUnavailable(error).error } }
  if (error instanceof EventLogUnavailable) {
    return failure(503, `${error.message}. Nothing was lost that was answered; try again later.`, {
      type: "server_error",
      code: "event_log_unavailable"
    })
  }
  if (error instanceof ProviderDataInvalid) {
    return failure(400, error.message, { param: error.field, code: "invalid_provider_data" })
  }
  if (HttpServerError.isHttpServerError(error)) {
    const { reason } = error
    if (reason._tag === "RouteNotFound") return notRouted(reason.request.method, reason.request.url, allowedMethods)
    if (reason._tag === "RequestParseError") return ofStatus(reason.reason === "BodyTooLarge" ? 413 : 400, maxBodyBytes)
  }
  if (error instanceof RangeError && error.message.includes("call stack")) {
    return failure(400, "The body's JSON is nested too deep to be read.", { code: "nested_too_deep" })
  }
  return ofStatus(500, maxBodyBytes)
}

/** True for what only a bug explains: it belongs into the server's log. */
const isDefect = ({ status }: RequestFailure): boolean => status === 500

/** The same as the clients of a dialect read it; undefined: of OpenAI's, whose types say nothing to others. */
export const inDialect = (failure: RequestFailure, dialect: Dialect | undefined): RequestFailure => {
  if (dialect === undefined || dialect === Dialects.standard) return failure
  const { body: { error: { code, message, param } }, status } = failure
  return { ...failure, text: JSON.stringify(dialect.errors.envelope({ message, code, param, status })) }
}

export const toResponse = ({ body, headers, status, text }: RequestFailure): HttpServerResponse.HttpServerResponse =>
  text === undefined
    ? HttpServerResponse.jsonUnsafe(body, { status, headers })
    : HttpServerResponse.text(text, { status, headers, contentType: "application/json" })

/** Gives an envelope to an error that came without one. */
export const complete = (
  response: HttpServerResponse.HttpServerResponse,
  maxBodyBytes: number,
  dialect: Dialect | undefined
): HttpServerResponse.HttpServerResponse =>
  response.status >= 400 && response.headers["content-type"]?.startsWith("application/json") !== true
    ? toResponse(inDialect(ofStatus(response.status, maxBodyBytes), dialect))
    : response

/** The answer to what failed; only interruption stays one. */
export const ofCause =
  (failureOf: (error: unknown) => RequestFailure) =>
  (cause: Cause.Cause<unknown>): Effect.Effect<HttpServerResponse.HttpServerResponse> => {
    if (Cause.hasInterruptsOnly(cause)) return Effect.failCause(cause as Cause.Cause<never>)
    const failure = failureOf(Cause.squash(cause))
    const response = toResponse(failure)
    return isDefect(failure) ? Effect.as(Effect.logError(cause), response) : Effect.succeed(response)
  }
