/** Consumer groups in memory. */
import { Effect } from "effect"
import type { ConsumerGroup } from "../log/ConsumerGroups.ts"
import { ConsumerGroups, isOwnedBy } from "../log/ConsumerGroups.ts"

export const make = (): ConsumerGroups["Service"] => {
  const groups = new Map<string, ConsumerGroup>()
  const free = { member: null, claimedUntil: null }

  return ConsumerGroups.of({
    claim: ({ duration, group, member, now, owner }) =>
      Effect.sync(() => {
        const existing = groups.get(group) ?? { name: group, position: 0, owner, ...free }
        const claimed = existing.member !== null && existing.member !== member && (existing.claimedUntil ?? 0) > now
        const next = claimed ? existing : { ...existing, member, claimedUntil: now + duration }
        groups.set(group, next)
        return next
      }),
    release: (group, member) =>
      Effect.sync(() => {
        const existing = groups.get(group)
        if (existing?.member === member) groups.set(group, { ...existing, ...free })
      }),
    moveTo: ({ group, member, owner, position, reset }) =>
      Effect.sync(() => {
        const existing = groups.get(group) ?? (member === null ? { name: group, position, owner, ...free } : undefined)
        if (existing === undefined) return { moved: false, group: undefined }
        const moved = existing.member === member && isOwnedBy(existing, owner) &&
          (reset || existing.position <= position)
        const next = moved ? { ...existing, position } : existing
        groups.set(group, next)
        return { moved, group: next }
      }),
    get: (group) => Effect.sync(() => groups.get(group)),
    list: Effect.sync(() => [...groups.values()].sort((one, other) => one.name < other.name ? -1 : 1)),
    remove: (group, owner) =>
      Effect.sync(() => {
        const existing = groups.get(group)
        return existing !== undefined && isOwnedBy(existing, owner) && groups.delete(group)
      })
  })
}
