/** Consumer groups, as the log's database holds them and the principal of the moment may use them. */
import { Effect, Layer } from "effect"
import type { ConsumerGroup as StoredGroup } from "../../events/log/ConsumerGroups.ts"
import { ConsumerGroups as StoredGroups, isOwnedBy } from "../../events/log/ConsumerGroups.ts"
import { EventHub } from "../../events/log/EventHub.ts"
import { CurrentPrincipal } from "../../events/types/Principal.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import { AccessControl } from "../../kernel/access/AccessControl.ts"
import * as AccessFilter from "../../kernel/access/AccessFilter.ts"
import type { AccessResource } from "../../kernel/access/AccessResource.ts"
import { qualifiedId } from "../../kernel/access/AccessResource.ts"
import { AccessDenied } from "../../kernel/http/AccessDenied.ts"
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import { ConsumerGroupBusy, ConsumerGroupNotFound, PositionAhead, PositionBehind } from "./ConsumerGroupErrors.ts"
import { ConsumerGroups } from "./ConsumerGroups.ts"
import { ConsumerGroupsHandlers } from "./ConsumerGroupsHandlers.ts"
import type { ConsumerGroup } from "./ConsumerGroupsModels.ts"

const toGroup = (head: number) => ({ claimedUntil, member, name, owner, position }: StoredGroup): ConsumerGroup => ({
  id: name,
  object: "consumer_group",
  position,
  lag: Math.max(0, head - position),
  member,
  claimed_until: claimedUntil === null ? null : Math.floor(claimedUntil / 1000),
  owner
})

const resourceOf = ({ name, owner }: Pick<StoredGroup, "name" | "owner">): AccessResource => ({
  type: "consumer_group",
  id: name,
  owner
})

const layer = Layer.effect(
  ConsumerGroups,
  Effect.gen(function*() {
    const hub = yield* EventHub
    const groups = yield* StoredGroups
    const access = yield* AccessControl

    const absent = (group: string) => new ConsumerGroupNotFound({ group })

    const existing = Effect.fnUntraced(function*(group: string) {
      const tenant = yield* CurrentTenant
      return (yield* groups.get({ tenant, group })) ?? (yield* absent(group))
    })

    /** Said alike of a group that is somebody else's and of a name the rules do not let be used. */
    const mayUpdate = (group: Pick<StoredGroup, "name" | "owner">) => {
      const resource = resourceOf(group)
      return access.authorize(
        "update",
        resource,
        () => new AccessDenied({ action: "update", resource: qualifiedId(resource) })
      )
    }

    return ConsumerGroups.of({
      list: Effect.gen(function*() {
        const filter = yield* access.filter("read", "consumer_group")
        const visible = (yield* groups.list(yield* CurrentTenant)).filter((group) =>
          AccessFilter.permits(filter, resourceOf(group))
        )
        return visible.map(toGroup(yield* hub.head))
      }),
      get: Effect.fnUntraced(function*(name) {
        const group = yield* existing(name)
        yield* access.authorizeRead(resourceOf(group), () => absent(name))
        return toGroup(yield* hub.head)(group)
      }),
      acknowledge: Effect.fnUntraced(function*(name, position, reset) {
        const tenant = yield* CurrentTenant
        while (true) {
          const stored = yield* groups.get({ tenant, group: name })
          const owner = stored === undefined ? yield* CurrentPrincipal : stored.owner
          yield* mayUpdate({ name, owner })
          const head = yield* hub.head
          if (position > head) return yield* new PositionAhead({ position, head })
          const { group, moved } = yield* groups.moveTo({ tenant, group: name, position, member: null, owner, reset })
          // Meanwhile it was made by somebody else, or it is gone: who asks is asked about what is there now.
          if (group === undefined || !isOwnedBy(group, owner)) continue
          if (moved) return toGroup(head)(group)
          if (group.member !== null) return yield* new ConsumerGroupBusy({ group: name })
          return yield* new PositionBehind({ group: name, position, reached: group.position })
        }
      }),
      remove: Effect.fnUntraced(function*(name) {
        const group = yield* existing(name)
        yield* access.authorize("delete", resourceOf(group), () => absent(name))
        if (!(yield* groups.remove({ tenant: group.tenant, group: name }, group.owner))) return yield* absent(name)
      })
    })
  })
)

export const live = ApiModule.live({ handlers: ConsumerGroupsHandlers, layer })
