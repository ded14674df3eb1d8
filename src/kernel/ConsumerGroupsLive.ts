/** Consumer groups, as the log's database holds them. */
import { Effect, Layer } from "effect"
import {
  ConsumerGroupBusy,
  ConsumerGroupNotFound,
  ConsumerGroups,
  PositionAhead
} from "../apis/consumer-groups/ConsumerGroups.ts"
import type { ConsumerGroup } from "../apis/consumer-groups/ConsumerGroupsModels.ts"
import type { ConsumerGroup as StoredGroup } from "../events/ConsumerGroups.ts"
import { ConsumerGroups as StoredGroups } from "../events/ConsumerGroups.ts"
import { EventHub } from "../events/EventHub.ts"

const toGroup = (head: number) => ({ claimedUntil, member, name, position }: StoredGroup): ConsumerGroup => ({
  id: name,
  object: "consumer_group",
  position,
  lag: Math.max(0, head - position),
  member,
  claimed_until: claimedUntil === null ? null : Math.floor(claimedUntil / 1000)
})

export const layer = Layer.effect(
  ConsumerGroups,
  Effect.gen(function*() {
    const hub = yield* EventHub
    const groups = yield* StoredGroups

    const get = Effect.fnUntraced(function*(group: string) {
      const stored = yield* groups.get(group)
      if (stored === undefined) return yield* new ConsumerGroupNotFound({ group })
      return toGroup(yield* hub.head)(stored)
    })

    return ConsumerGroups.of({
      list: Effect.flatMap(hub.head, (head) => Effect.map(groups.list, (all) => all.map(toGroup(head)))),
      get,
      acknowledge: Effect.fnUntraced(function*(group, position) {
        const head = yield* hub.head
        if (position > head) return yield* new PositionAhead({ position, head })
        if (!(yield* groups.moveTo(group, position, null))) return yield* new ConsumerGroupBusy({ group })
        return yield* get(group).pipe(Effect.catchTag("ConsumerGroupNotFound", Effect.die))
      }),
      remove: Effect.fnUntraced(function*(group) {
        if (!(yield* groups.remove(group))) return yield* new ConsumerGroupNotFound({ group })
      })
    })
  })
)
