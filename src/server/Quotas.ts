/** How many requests each may make: counted in the log's database, so that none is counted twice or not at all. */
import { Clock, Context, Effect, Layer } from "effect"
import type { EventLogUnavailable } from "../events/log/EventLog.ts"
import { QuotaCounters } from "../events/log/QuotaCounters.ts"
import type { Principal } from "../events/types/Principal.ts"
import { CurrentTenant } from "../events/types/Tenant.ts"
import type { Quota } from "../kernel/access/QuotaConfiguration.ts"

const lengths = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const

export interface Exceeded {
  readonly limit: number
  readonly period: Quota["period"]
  /** Seconds until the next period begins. */
  readonly retryAfter: number
}

export class Quotas extends Context.Service<Quotas, {
  /** False: nothing is counted. */
  readonly limited: boolean
  /** Counts a request of a principal, or of a client address where nobody is known; undefined: it may go on. */
  take(principal: Principal | null, address: string): Effect.Effect<Exceeded | undefined, EventLogUnavailable>
}>()("strata/server/Quotas") {
  static readonly unlimited = Layer.sync(
    Quotas,
    () => Quotas.of({ limited: false, take: () => Effect.undefined })
  )

  static readonly layer = (quota: Quota | undefined) =>
    quota === undefined ? Quotas.unlimited : Layer.effect(Quotas, make(quota))
}

const make = Effect.fnUntraced(function*({ anonymous_max_requests, authenticated_max_requests, period }: Quota) {
  const counters = yield* QuotaCounters
  const length = lengths[period]
  let latest = 0

  return Quotas.of({
    limited: true,
    take: Effect.fnUntraced(function*(principal, address) {
      const now = yield* Clock.currentTimeMillis
      const window = now - now % length
      if (window > latest) {
        latest = window
        yield* counters.forget(window)
      }
      const limit = principal === null ? anonymous_max_requests : authenticated_max_requests
      const key = principal === null ? `address:${address}` : `principal:${principal.id}`
      return (yield* counters.take({ tenant: yield* CurrentTenant, key, window, limit }))
        ? undefined
        : { limit, period, retryAfter: Math.ceil((window + length - now) / 1000) }
    })
  })
})
