/** A registry as it was at a position of a recorded log. */
import { Effect } from "effect"
import type { ReplayRegistrations } from "./ReplayRegistrations.ts"
import type { ResourceKind } from "./ResourceKind.ts"
import type { ResourceRegistry } from "./ResourceRegistry.ts"
import * as ResourceTable from "./ResourceTable.ts"

export const make = <A>(kind: ResourceKind<A>, { events, position }: ReplayRegistrations): ResourceRegistry<A> => {
  const current = {
    get table() {
      return ResourceTable.evolve<A>(kind, ResourceTable.empty, events.filter((event) => event.position <= position()))
    }
  }
  return {
    current,
    latest: Effect.sync(() => current.table),
    refresh: Effect.void,
    change: () => Effect.die(new Error(`what was recorded of ${kind.stream} does not change`))
  }
}
