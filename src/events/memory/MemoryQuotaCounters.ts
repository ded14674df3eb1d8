/** Counters of quotas in memory. */
import { Effect } from "effect"
import { QuotaCounters } from "../log/QuotaCounters.ts"
import * as Tenant from "../types/Tenant.ts"

export const make = (): QuotaCounters["Service"] => {
  const counts = new Map<string, { readonly window: number; readonly count: number }>()
  return QuotaCounters.of({
    take: ({ key: name, limit, tenant, window }) =>
      Effect.sync(() => {
        const key = Tenant.qualified(tenant, name)
        const existing = counts.get(key)
        if (existing === undefined || existing.window < window) {
          counts.set(key, { window, count: 1 })
          return true
        }
        if (existing.count >= limit) return false
        counts.set(key, { ...existing, count: existing.count + 1 })
        return true
      }),
    forget: (before) =>
      Effect.sync(() => {
        for (const [key, { window }] of counts) if (window < before) counts.delete(key)
      })
  })
}
