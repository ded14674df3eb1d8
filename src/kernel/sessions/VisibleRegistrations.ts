/** Of the registrations a session ran against, those its reader may see: a session's file is no way around the rules. */
import { Effect } from "effect"
import type { RowFilter } from "../../events/projections/RowFilter.ts"
import { AccessControl } from "../access/AccessControl.ts"
import * as AccessFilter from "../access/AccessFilter.ts"
import type { AnyResourceKind } from "../resources/ResourceKind.ts"
import type { Registration } from "./SessionEvents.ts"

/** What was shown and is hidden from then on is told to be gone. */
const visibleOf = (kind: AnyResourceKind, filter: RowFilter) => {
  const visible = new Set<string>()
  return (registration: Registration): ReadonlyArray<Registration> => {
    const identifier = kind.identifierOf(registration.payload)
    if (registration.type === kind.registered.type) {
      const { owner } = kind.ofPayload(registration.payload)
      if (AccessFilter.permits(filter, { id: identifier, owner })) {
        visible.add(identifier)
        return [registration]
      }
    }
    if (!visible.delete(identifier)) return []
    return [{ ...registration, type: kind.unregistered.type, payload: kind.unregistration(identifier) }]
  }
}

/** In order. What is no resource's is passed on. */
export const of = Effect.fnUntraced(function*(
  kinds: ReadonlyArray<AnyResourceKind>,
  registrations: ReadonlyArray<Registration>
) {
  const access = yield* AccessControl
  const filters = new Map<string, ReturnType<typeof visibleOf>>()
  for (const kind of kinds) {
    const ofKind = visibleOf(kind, yield* access.filter("read", kind.type))
    for (const { type } of [kind.registered, kind.unregistered]) filters.set(type, ofKind)
  }
  return registrations.flatMap((each) => filters.get(each.type)?.(each) ?? [each])
})
