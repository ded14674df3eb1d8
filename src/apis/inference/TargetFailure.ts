/** How a target of a model failed, and whether another one may do better. */
import type { Raise } from "../../kernel/reliability/CallFailure.ts"
import * as CallFailure from "../../kernel/reliability/CallFailure.ts"
import type { InferenceError } from "./Inference.ts"

export interface TargetFailure {
  readonly type: string
  readonly message: string
}

/** What is wrong with the request is so for every target. */
const ofRequest: ReadonlySet<string> = new Set(["invalid_request", "content_filter", "abort"])

/** Undefined where another would fail the same way. `raise`: of the client's dialect, in which failures are by now. */
export const of = (error: InferenceError, raise: Raise): TargetFailure | undefined => {
  switch (error._tag) {
    case "ProviderRejected":
    case "ProviderFailed": {
      const { kind, message, type } = CallFailure.of(error, raise)
      return ofRequest.has(kind) ? undefined : { type, message }
    }
    case "ProviderUnavailable":
    case "ResourceNotFound":
      return { type: error._tag, message: error.message }
    default:
      return undefined
  }
}
