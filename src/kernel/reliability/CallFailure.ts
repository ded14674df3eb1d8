/** How a call failed, as far as it decides what comes next. */
import { parse } from "../../events/types/JsonAccess.ts"
import type { ProviderError, ProviderFailed } from "../http/ProviderErrors.ts"
import type { LlmError } from "../messages/LlmErrors.ts"
import * as LlmErrors from "../messages/LlmErrors.ts"
import type { FailureKind, LlmFailure } from "../messages/LlmFailure.ts"

export interface CallFailure {
  /** The name of the typed error: `RateLimitError`. */
  readonly type: string
  readonly message: string
  readonly kind: FailureKind
  /** Whether the same request may succeed later. */
  readonly retryable: boolean
  /** The vendor's HTTP status; null: there was no answer. */
  readonly status: number | null
  readonly headers: Readonly<Record<string, string>>
}

/** What a vendor's refusal says, in its dialect. */
export type Raise = (status: number, body: unknown) => LlmFailure

const kinds: Readonly<Record<ProviderFailed["reason"], FailureKind>> = {
  unreachable: "network",
  timeout: "timeout",
  invalid_answer: "unknown",
  not_recorded: "not_found",
  unauthenticated: "authentication"
}

const errorOf = (error: LlmError | ProviderError, raise: Raise): LlmError => {
  switch (error._tag) {
    case "ProviderFailed":
      return LlmErrors.of({ kind: kinds[error.reason], message: error.message })
    case "ProviderRejected":
      return LlmErrors.of(raise(error.status, parse(error.text)), error)
    default:
      return error
  }
}

export const of = (given: LlmError | ProviderError, raise: Raise): CallFailure => {
  const error = errorOf(given, raise)
  const { _tag, headers, message, retryable, status } = error
  return { type: _tag, message, kind: LlmErrors.failureOf(error).kind, retryable, status: status ?? null, headers }
}
