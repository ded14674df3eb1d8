/** The inference contract's failures, as OpenAI's dialect shows them. */
import { eventLogUnavailable, providerUnavailable } from "../../kernel/http/CommonFailures.ts"
import { BadGateway, envelope, Forbidden, GatewayTimeout, NotFound } from "../../kernel/http/HttpErrors.ts"
import type { ProviderFailed } from "../../kernel/http/ProviderErrors.ts"
import { resourceNotFound } from "../../kernel/http/ResourceErrors.ts"
import type { InferenceError } from "./Inference.ts"

const upstream = "upstream_error"

const failed = (error: ProviderFailed) => {
  switch (error.reason) {
    case "not_recorded":
      return new NotFound(envelope(error.message, { param: "messages", code: "recording_not_found" }))
    case "timeout":
      return new GatewayTimeout(envelope(error.message, { type: upstream, code: "provider_timeout" }))
    case "unreachable":
      return new BadGateway(envelope(error.message, { type: upstream, code: "provider_unreachable" }))
    case "invalid_answer":
      return new BadGateway(envelope(error.message, { type: upstream, code: "provider_invalid_answer" }))
  }
}

/** For everything but a vendor's own error, which passes through as it came. */
export const toOpenAiError = (error: Exclude<InferenceError, { readonly _tag: "ProviderRejected" }>) => {
  switch (error._tag) {
    case "ResourceNotFound":
      return resourceNotFound(error, "model")
    case "ProviderUnavailable":
      return providerUnavailable(error)
    case "EventLogUnavailable":
      return eventLogUnavailable(error)
    case "DeniedByHook":
      return new Forbidden(envelope(error.message, { type: "permission_error", code: "denied_by_hook" }))
    case "ProviderFailed":
      return failed(error)
  }
}
