/** The inference contract's failures, as OpenAI's dialect shows them. */
import { BadGateway, envelope, Forbidden, GatewayTimeout, NotFound } from "../OpenAiErrors.ts"
import type { InferenceError, ModelNotFound } from "./Inference.ts"

const upstream = "upstream_error"

export const modelNotFound = (error: ModelNotFound) =>
  new NotFound(envelope(error.message, { param: "model", code: "model_not_found" }))

/** For everything but a vendor's own error, which passes through as it came. */
export const toOpenAiError = (error: Exclude<InferenceError, { readonly _tag: "ProviderRejected" }>) => {
  if (error._tag === "ModelNotFound") return modelNotFound(error)
  if (error._tag === "DeniedByHook") {
    return new Forbidden(envelope(error.message, { type: "permission_error", code: "denied_by_hook" }))
  }
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
