/** What a provider's configuration asks for around its calls. */
import type { Clock } from "effect"
import type { KeyPool } from "../authentication/KeyPool.ts"
import type { BreakerConfig } from "./Breaker.ts"
import { Breaker } from "./Breaker.ts"
import * as Capacity from "./Capacity.ts"
import { KeyBreakers } from "./KeyBreakers.ts"
import { Limiter } from "./Limiter.ts"
import type { Limits } from "./LimitsConfiguration.ts"
import type { Reliability } from "./Reliability.ts"
import type { RetryPolicy } from "./RetryPolicy.ts"

export interface Configured {
  readonly retry: RetryPolicy
  readonly limits?: Limits
  readonly breaker?: BreakerConfig
}

/** With one key, what is per key is per provider. */
const capacityOf = (limits: Limits, keys: KeyPool | undefined): Capacity.Capacity =>
  limits.per === "key" && keys !== undefined ? Capacity.ofKeys(limits, keys.usable) : Capacity.ofProvider(limits)

/** Undefined where it asks for nothing: then nothing stands before a call. */
export const of = (
  { breaker, limits, retry }: Configured,
  keys: KeyPool | undefined,
  clock: Clock.Clock
): Reliability | undefined => {
  const retries = retry.max_retries > 0
  if (!retries && keys === undefined && limits === undefined && breaker === undefined) return undefined
  return {
    ...retries ? { retry } : {},
    ...keys === undefined ? {} : { keys },
    ...limits === undefined ? {} : { limiter: new Limiter(limits, clock, capacityOf(limits, keys)) },
    ...breaker === undefined
      ? {}
      : breaker.per === "key" && keys !== undefined
      ? { keyBreakers: new KeyBreakers(breaker, keys, clock) }
      : { breaker: new Breaker(breaker, clock) },
    vendor: { limits: undefined }
  }
}
