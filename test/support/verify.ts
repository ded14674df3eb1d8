/** Verifies recorded sessions as `strata replay --verify` does: from the data folder alone. */
import { NodeHttpServer } from "@effect/platform-node"
import { Effect, Layer } from "effect"
import { EventHub } from "../../src/events/log/EventHub.ts"
import * as SqliteStore from "../../src/events/sqlite/SqliteStore.ts"
import * as EventCatalog from "../../src/kernel/modules/EventCatalog.ts"
import { registry } from "../../src/providers/Registry.ts"
import * as Verifier from "../../src/server/Verifier.ts"

export const verify = (folder: string, sessions: Iterable<string>): Effect.Effect<ReadonlyArray<Verifier.Report>> => {
  const log = SqliteStore.layer({ folder, access: "read" })
  const hub = EventHub.layer().pipe(
    Layer.provide(log),
    Layer.provide(EventCatalog.upcasting),
    Layer.provideMerge(NodeHttpServer.layerHttpServices)
  )
  return Effect.forEach(sessions, (session) => Verifier.verify(registry, session)).pipe(
    Effect.provide(hub),
    Effect.orDie
  )
}
