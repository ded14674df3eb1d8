/** Why Strata itself does not ask a provider now, and when it is worth another try. */
import type { Failure } from "../calls/VendorError.ts"
import { ProviderRejected } from "../http/ProviderErrors.ts"
import * as RetryAfter from "./RetryAfter.ts"

export interface Refusal {
  readonly provider: string
  readonly status: 429 | 503
  readonly code: string
  readonly message: string
  /** Milliseconds. */
  readonly retryAfter: number
}

/** As an answer of the provider, in the words of a dialect. */
export const rejected = (
  { code, message, provider, retryAfter, status }: Refusal,
  envelope: (failure: Failure) => object
): ProviderRejected =>
  new ProviderRejected({
    provider,
    status,
    headers: {
      "retry-after": RetryAfter.inSeconds(retryAfter),
      "retry-after-ms": String(Math.ceil(retryAfter))
    },
    text: JSON.stringify(envelope({ message, status, kind: status === 429 ? "rate_limit" : "unavailable", code }))
  })
