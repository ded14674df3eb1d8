/** The registry of a kind of resource, as a whole: who may see what of it is decided before it. */
import { Effect } from "effect"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { Instance } from "../provider/Instance.ts"
import { CurrentReplayRegistrations } from "./ReplayRegistrations.ts"
import * as ReplayResources from "./ReplayResources.ts"
import type { Resource } from "./Resource.ts"
import * as ResourceDiscovery from "./ResourceDiscovery.ts"
import type { ResourceKind } from "./ResourceKind.ts"
import * as ResourceLog from "./ResourceLog.ts"
import type { ResourcesOf } from "./ResourceProvider.ts"
import type { Changes, ResourceTable as Table } from "./ResourceTable.ts"
import * as ResourceTable from "./ResourceTable.ts"
import * as StoredAttributes from "./StoredAttributes.ts"

export interface ResourceRegistry<A> {
  /** For who asks often: changes of other processes are in it a moment later. */
  readonly current: { readonly table: Table<A> }
  /** The table as the log has it now. */
  readonly latest: Effect.Effect<Table<A>, EventLogUnavailable>
  /** Asks the providers again for what they list, unless they were just asked. */
  readonly refresh: Effect.Effect<void>
  /** Changes the table by what is decided of it as it is now; it may have to be decided more than once. */
  readonly change: <E>(
    decide: (table: Table<A>) => Effect.Effect<Changes<A>, E>
  ) => Effect.Effect<Table<A>, E | EventLogUnavailable>
}

export interface Options<Shape, A> {
  readonly kind: ResourceKind<A>
  readonly instances: ReadonlyArray<Instance<Shape>>
  readonly resourcesOf: ResourcesOf<Shape, A>
  /** What the configuration registers; default nothing. */
  readonly registered?: ReadonlyArray<Omit<Resource<A>, "source" | "owner">> | undefined
}

/** The registry in the log; what of it is no longer configured goes first. In a replay, the registry as it was. */
export const make = Effect.fn("ResourceRegistry.make")(function*<Shape, A>(options: Options<Shape, A>) {
  const { instances, kind, registered = [], resourcesOf } = options
  const recorded = yield* CurrentReplayRegistrations
  if (recorded !== undefined) return ReplayResources.make(kind, recorded)
  const log = yield* ResourceLog.make(kind)
  const ids = new Set(instances.map(({ id }) => id))
  yield* log.change((table) => Effect.succeed(ResourceTable.orphaned(table, ids)))
  const configured = yield* StoredAttributes.of(
    registered.map((each): Resource<A> => ({ ...each, source: "registered_resources", owner: null }))
  )
  yield* log.change((table) => Effect.succeed(ResourceTable.configured(table, configured)))
  const { refresh } = yield* ResourceDiscovery.make(log, instances, resourcesOf)
  const registry: ResourceRegistry<A> = { ...log, refresh }
  return registry
})
