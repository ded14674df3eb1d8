/** Consumer groups, as the log's database holds them. */
import { Effect, Layer } from "effect"
import type { ConsumerGroup as StoredGroup } from "../../events/log/ConsumerGroups.ts"
import { ConsumerGroups as StoredGroups } from "../../events/log/ConsumerGroups.ts"
import { EventHub } from "../../events/log/EventHub.ts"
import { AccessControl } from "../../kernel/access/AccessControl.ts"
import * as AccessFilter from "../../kernel/access/AccessFilter.ts"
import type { AccessResource } from "../../kernel/access/AccessResource.ts"
import { qualifiedId } from "../../kernel/access/AccessResource.ts"
import { AccessDenied } from "../../kernel/http/AccessDenied.ts"
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import { ConsumerGroupBusy, ConsumerGroupNotFound, ConsumerGroups, PositionAhead } from "./ConsumerGroups.ts"
import { ConsumerGroupsHandlers } from "./ConsumerGroupsHandlers.ts"
import type { ConsumerGroup } from "./ConsumerGroupsModels.ts"

const toGroup = (head: number) => ({ claimedUntil, member, name, position }: StoredGroup): ConsumerGroup => ({
  id: name,
  object: "consumer_group",
  position,
  lag: Math.max(0, head - position),
  member,
  claimed_until: claimedUntil === null ? null : Math.floor(claimedUntil / 1000)
})

const layer = Layer.effect(
  ConsumerGroups,
  Effect.gen(function*() {
    const hub = yield* EventHub
    const groups = yield* StoredGroups
    const access = yield* AccessControl

    /** They are the application's: nobody's. */
    const resourceOf = (group: string): AccessResource => ({ type: "consumer_group", id: group, owner: null })
    const hidden = (group: string) => () => new ConsumerGroupNotFound({ group })
    /** A group that may not be read is as open as one that is not there: its name can be taken. */
    const mayUpdate = (group: string) =>
      access.demand(
        "update",
        resourceOf(group),
        () => new AccessDenied({ action: "update", resource: qualifiedId(resourceOf(group)) })
      )

    const get = Effect.fnUntraced(function*(group: string) {
      const stored = yield* groups.get(group)
      if (stored === undefined) return yield* new ConsumerGroupNotFound({ group })
      return toGroup(yield* hub.head)(stored)
    })

    return ConsumerGroups.of({
      list: Effect.gen(function*() {
        const filter = yield* access.filter("read", "consumer_group")
        const visible = (yield* groups.list).filter(({ name }) => AccessFilter.permits(filter, resourceOf(name)))
        return visible.map(toGroup(yield* hub.head))
      }),
      get: (group) => Effect.andThen(access.see(resourceOf(group), hidden(group)), get(group)),
      acknowledge: Effect.fnUntraced(function*(group, position) {
        yield* mayUpdate(group)
        const head = yield* hub.head
        if (position > head) return yield* new PositionAhead({ position, head })
        if (!(yield* groups.moveTo(group, position, null))) return yield* new ConsumerGroupBusy({ group })
        return yield* get(group).pipe(Effect.catchTag("ConsumerGroupNotFound", Effect.die))
      }),
      remove: Effect.fnUntraced(function*(group) {
        yield* access.demand("delete", resourceOf(group), hidden(group))
        if (!(yield* groups.remove(group))) return yield* new ConsumerGroupNotFound({ group })
      })
    })
  })
)

export const live = ApiModule.live({ handlers: ConsumerGroupsHandlers, layer })
