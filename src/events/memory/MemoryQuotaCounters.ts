/** Counters of quotas in memory. */
import { Effect } from "effect"
import { QuotaCounters } from "../log/QuotaCounters.ts"

export const make = (): QuotaCounters["Service"] => {
  const counts = new Map<string, { readonly window: number; readonly count: number }>()
  return QuotaCounters.of({
    take: ({ key, limit, window }) =>
      Effect.sync(() => {
        const known = counts.get(key)
        if (known === undefined || known.window < window) {
          counts.set(key, { window, count: 1 })
          return true
        }
        if (known.count >= limit) return false
        counts.set(key, { ...known, count: known.count + 1 })
        return true
      }),
    forget: (before) =>
      Effect.sync(() => {
        for (const [key, { window }] of counts) if (window < before) counts.delete(key)
      })
  })
}
