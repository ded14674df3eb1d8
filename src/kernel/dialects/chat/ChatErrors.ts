/** What a vendor of the dialect says of a failure, in no vendor's form. */
import { Predicate } from "effect"
import { field, textOrNull } from "../../../events/types/JsonAccess.ts"
import { tableOf } from "../../../events/types/Table.ts"
import type { Failure } from "../../calls/VendorError.ts"
import type { ErrorEnvelope } from "../../http/HttpErrors.ts"
import * as HttpErrors from "../../http/HttpErrors.ts"
import type { FailureKind, LlmFailure } from "../../messages/LlmFailure.ts"
import { kindOf } from "../FailureKinds.ts"

/** OpenAI's own words, and those of vendors that speak its dialect. */
const kinds = tableOf<FailureKind>({
  context_length_exceeded: "context_length",
  string_above_max_length: "context_length",
  insufficient_quota: "quota_exceeded",
  billing_hard_limit_reached: "quota_exceeded",
  billing_not_active: "quota_exceeded",
  content_filter: "content_filter",
  content_policy_violation: "content_filter",
  invalid_api_key: "authentication",
  authentication_error: "authentication",
  model_not_found: "not_found",
  rate_limit_exceeded: "rate_limit",
  rate_limit_error: "rate_limit",
  invalid_request_error: "invalid_request",
  server_error: "unavailable",
  overloaded_error: "overloaded"
})

/** What goes wrong at the vendor, and not with what it was asked. */
const ofServer: ReadonlySet<FailureKind> = new Set(["unavailable", "overloaded", "timeout", "network", "stream"])

/** A failure that its vendor gives no type is of the server, or of the request. */
export const envelope = ({ code, kind, message, param, type }: Failure): ErrorEnvelope =>
  HttpErrors.envelope(message, {
    ...type === undefined && kind !== undefined && ofServer.has(kind) ? { type: "server_error" } : {},
    ...type === undefined ? {} : { type },
    ...code === undefined ? {} : { code },
    ...param === undefined ? {} : { param }
  })

/** The code says more than the type, and both more than a status. */
export const raise = (status: number, body: unknown): LlmFailure => {
  const error = field(body, "error") ?? body
  const message = textOrNull(field(error, "message")) ?? textOrNull(error) ?? `the vendor answered ${status}`
  const [type, param] = [textOrNull(field(error, "type")), textOrNull(field(error, "param"))]
  const given = field(error, "code")
  const code = Predicate.isNumber(given) ? String(given) : textOrNull(given)
  return { kind: kindOf({ status, message, words: [code, type], kinds }), message, type, code, param }
}
