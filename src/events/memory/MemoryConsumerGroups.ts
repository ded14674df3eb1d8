/** Consumer groups in memory. */
import { Effect } from "effect"
import type { ConsumerGroup, GroupKey } from "../log/ConsumerGroups.ts"
import { ConsumerGroups, isOwnedBy } from "../log/ConsumerGroups.ts"
import * as Tenant from "../types/Tenant.ts"

const keyOf = ({ group, tenant }: GroupKey): string => Tenant.qualified(tenant, group)

export const make = (): ConsumerGroups["Service"] => {
  const groups = new Map<string, ConsumerGroup>()
  const free = { member: null, claimedUntil: null }

  return ConsumerGroups.of({
    claim: ({ duration, group, member, now, owner, tenant }) =>
      Effect.sync(() => {
        const key = keyOf({ tenant, group })
        const existing = groups.get(key) ?? { tenant, name: group, position: 0, owner, ...free }
        const claimed = existing.member !== null && existing.member !== member && (existing.claimedUntil ?? 0) > now
        const next = claimed ? existing : { ...existing, member, claimedUntil: now + duration }
        groups.set(key, next)
        return next
      }),
    release: (of, member) =>
      Effect.sync(() => {
        const key = keyOf(of)
        const existing = groups.get(key)
        if (existing?.member === member) groups.set(key, { ...existing, ...free })
      }),
    moveTo: ({ group, member, owner, position, reset, tenant }) =>
      Effect.sync(() => {
        const key = keyOf({ tenant, group })
        const existing = groups.get(key) ??
          (member === null ? { tenant, name: group, position, owner, ...free } : undefined)
        if (existing === undefined) return { moved: false, group: undefined }
        const moved = existing.member === member && isOwnedBy(existing, owner) &&
          (reset || existing.position <= position)
        const next = moved ? { ...existing, position } : existing
        groups.set(key, next)
        return { moved, group: next }
      }),
    get: (of) => Effect.sync(() => groups.get(keyOf(of))),
    list: (wanted) =>
      Effect.sync(() =>
        [...groups.values()].filter(({ tenant }) => tenant === wanted)
          .sort((one, other) => one.name < other.name ? -1 : 1)
      ),
    remove: (of, owner) =>
      Effect.sync(() => {
        const key = keyOf(of)
        const existing = groups.get(key)
        return existing !== undefined && isOwnedBy(existing, owner) && groups.delete(key)
      })
  })
}
