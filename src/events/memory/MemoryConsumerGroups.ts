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
        const known = groups.get(group) ?? { name: group, position: 0, owner, ...free }
        const claimed = known.member !== null && known.member !== member && (known.claimedUntil ?? 0) > now
        const next = claimed ? known : { ...known, member, claimedUntil: now + duration }
        groups.set(group, next)
        return next
      }),
    release: (group, member) =>
      Effect.sync(() => {
        const known = groups.get(group)
        if (known?.member === member) groups.set(group, { ...known, ...free })
      }),
    moveTo: ({ group, member, owner, position, reset }) =>
      Effect.sync(() => {
        const known = groups.get(group) ?? (member === null ? { name: group, position, owner, ...free } : undefined)
        if (known === undefined) return { moved: false, group: undefined }
        const moved = known.member === member && isOwnedBy(known, owner) && (reset || known.position <= position)
        const next = moved ? { ...known, position } : known
        groups.set(group, next)
        return { moved, group: next }
      }),
    get: (group) => Effect.sync(() => groups.get(group)),
    list: Effect.sync(() => [...groups.values()].sort((one, other) => one.name < other.name ? -1 : 1)),
    remove: (group, owner) =>
      Effect.sync(() => {
        const known = groups.get(group)
        return known !== undefined && isOwnedBy(known, owner) && groups.delete(group)
      })
  })
}
