/** The inference contract's failures: what each is in no dialect's form, and over HTTP. */
import type { Failure } from "../../kernel/calls/VendorError.ts"
import { eventLogUnavailable, providerUnavailable } from "../../kernel/http/CommonFailures.ts"
import {
  BadGateway,
  BadRequest,
  envelope,
  Forbidden,
  GatewayTimeout,
  NotFound,
  ServiceUnavailable
} from "../../kernel/http/HttpErrors.ts"
import type { ProviderFailed } from "../../kernel/http/ProviderErrors.ts"
import { resourceNotFound } from "../../kernel/http/ResourceErrors.ts"
import type { InferenceError } from "./Inference.ts"

/** A vendor's own error passes through as it came. */
type OwnError = Exclude<InferenceError, { readonly _tag: "ProviderRejected" }>

const httpErrors = {
  400: BadRequest,
  403: Forbidden,
  404: NotFound,
  502: BadGateway,
  503: ServiceUnavailable,
  504: GatewayTimeout
}

export interface FailedAnswer {
  readonly status: keyof typeof httpErrors
  readonly failure: Failure
}

const upstream = "upstream_error"

const providerFailed = ({ message, reason }: ProviderFailed): FailedAnswer => {
  switch (reason) {
    case "not_recorded":
      return { status: 404, failure: { message, param: "messages", code: "recording_not_found" } }
    case "timeout":
      return { status: 504, failure: { message, type: upstream, code: "provider_timeout" } }
    case "unreachable":
      return { status: 502, failure: { message, type: upstream, code: "provider_unreachable" } }
    case "unauthenticated":
      return { status: 502, failure: { message, type: upstream, code: "provider_unauthenticated" } }
    case "invalid_answer":
      return { status: 502, failure: { message, type: upstream, code: "provider_invalid_answer" } }
  }
}

/** For a dialect's `errors.envelope`. */
export const failureOf = (error: OwnError): FailedAnswer => {
  switch (error._tag) {
    case "ResourceNotFound":
      return { status: 404, failure: resourceNotFound(error, "model").error }
    case "ProviderUnavailable":
      return { status: 503, failure: providerUnavailable(error).error }
    case "EventLogUnavailable":
      return { status: 503, failure: eventLogUnavailable(error).error }
    case "DeniedByHook":
      return { status: 403, failure: { message: error.message, type: "permission_error", code: "denied_by_hook" } }
    case "ProviderFailed":
      return providerFailed(error)
    case "NotOfDialect":
      return { status: 400, failure: { message: error.message, param: error.param ?? null, code: "unsupported_value" } }
    case "RequestRefused":
      return { status: 400, failure: { message: error.message, param: error.param, code: error.code } }
  }
}

/** `mask`: what becomes of what a provider says. */
export const toHttpError = (error: OwnError, mask = (text: string) => text) => {
  const { failure: { message, ...details }, status } = failureOf(error)
  return new httpErrors[status](envelope(mask(message), details))
}
