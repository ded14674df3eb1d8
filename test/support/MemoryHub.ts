/** The hub over a log in memory, and what stands in it. */
import { Effect, Layer } from "effect"
import { EventHub } from "../../src/events/log/EventHub.ts"
import type { Filter } from "../../src/events/log/EventLog.ts"
import { readAll } from "../../src/events/log/ReadAll.ts"
import * as MemoryStore from "../../src/events/memory/MemoryStore.ts"
import { payloadOf } from "../../src/events/types/Envelope.ts"
import { AccessControl } from "../../src/kernel/access/AccessControl.ts"
import * as EventCatalog from "../../src/kernel/modules/EventCatalog.ts"
import { projections } from "../../src/kernel/modules/Projections.ts"
import * as EventSamples from "./EventSamples.ts"

export const layer = AccessControl.open.pipe(
  Layer.provideMerge(EventHub.layer()),
  Layer.provideMerge(MemoryStore.layerOf(projections)),
  Layer.provide(EventCatalog.upcasting)
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
