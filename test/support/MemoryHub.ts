/** The hub over a log in memory, and what stands in it. */
import { Effect, Layer } from "effect"
import { apis } from "../../src/apis/Apis.ts"
import { EventHub } from "../../src/events/log/EventHub.ts"
import type { Filter } from "../../src/events/log/EventLog.ts"
import { readAll } from "../../src/events/log/ReadAll.ts"
import * as MemoryStore from "../../src/events/memory/MemoryStore.ts"
import { payloadOf } from "../../src/events/types/Envelope.ts"
import { AccessControl } from "../../src/kernel/access/AccessControl.ts"
import * as ModuleSet from "../../src/kernel/modules/ModuleSet.ts"
import { CurrentResourceKinds } from "../../src/kernel/resources/ResourceKinds.ts"
import * as EventSamples from "./EventSamples.ts"

/** The APIs of Strata, and the kinds of resources they have. */
export const kinds = Layer.mergeAll(
  Layer.succeed(ModuleSet.Modules, apis),
  Layer.succeed(CurrentResourceKinds, ModuleSet.resourceKinds(apis))
)

export const layer = AccessControl.open.pipe(
  Layer.provideMerge(EventHub.layer()),
  Layer.provideMerge(MemoryStore.layerOf(apis.projections)),
  Layer.provide(apis.catalog.upcasting),
  Layer.provideMerge(kinds)
)

/** All events, or those a filter matches, once everything handed to the writer is committed. */
export const events = Effect.fnUntraced(function*(filter: Filter = {}) {
  const hub = yield* EventHub
  // The writer works in order: when this empty append is done, all before it is.
  yield* Effect.orDie(hub.append("test", "any", []))
  const found = yield* Effect.orDie(readAll(hub, filter))
  EventSamples.store(found)
  return found
})

/** The same as pairs of type and payload. */
export const told = (filter: Filter = {}) =>
  Effect.map(events(filter), (all) => all.map((event) => [event.type, payloadOf(event)] as const))
