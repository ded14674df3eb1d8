/** What a provider's configuration asks for around its calls. */
import type { Clock } from "effect"
import type { KeyPool } from "../authentication/KeyPool.ts"
import { Limiter } from "./Limiter.ts"
import type { Limits } from "./LimitsConfiguration.ts"
import type { Reliability } from "./Reliability.ts"
import type { RetryPolicy } from "./RetryPolicy.ts"

export interface Configured {
  readonly retry: RetryPolicy
  readonly limits?: Limits
}

/** Undefined where it asks for nothing: then nothing stands before a call. */
export const of = (
  { limits, retry }: Configured,
  keys: KeyPool | undefined,
  clock: Clock.Clock
): Reliability | undefined => {
  const retries = retry.max_retries > 0
  if (!retries && keys === undefined && limits === undefined) return undefined
  return {
    ...retries ? { retry } : {},
    ...keys === undefined ? {} : { keys },
    ...limits === undefined ? {} : { limiter: new Limiter(limits, clock) },
    vendor: { limits: undefined }
  }
}
