/** Verifies recorded sessions as `strata replay --verify` does: from the data folder alone. */
import { NodeHttpServer } from "@effect/platform-node"
import { Effect, Layer } from "effect"
import { apis } from "../../src/apis/Apis.ts"
import type { ProviderType } from "../../src/cli/Settings.ts"
import { EventHub } from "../../src/events/log/EventHub.ts"
import { readAll } from "../../src/events/log/ReadAll.ts"
import * as SqliteStore from "../../src/events/sqlite/SqliteStore.ts"
import type { AnyApiModule } from "../../src/kernel/modules/ApiModule.ts"
import { Modules } from "../../src/kernel/modules/ModuleSet.ts"
import * as ModuleSet from "../../src/kernel/modules/ModuleSet.ts"
import { registry } from "../../src/providers/Registry.ts"
import * as Verifier from "../../src/server/Verifier.ts"

/** What is in the log of a data folder. */
export const eventsOf = (folder: string) =>
  Effect.flatMap(EventHub, (hub) => readAll(hub, {})).pipe(
    Effect.provide(
      EventHub.layer().pipe(
        Layer.provide(SqliteStore.layer({ folder, access: "read" })),
        Layer.provide(apis.catalog.upcasting)
      )
    ),
    Effect.orDie
  )

export const verify = (
  folder: string,
  sessions: Iterable<string>,
  external: ReadonlyArray<AnyApiModule> = [],
  types: ReadonlyArray<ProviderType> = registry
): Effect.Effect<ReadonlyArray<Verifier.Report>> => {
  const log = SqliteStore.layer({ folder, access: "read" })
  const hub = EventHub.layer().pipe(
    Layer.provide(log),
    Layer.provide(apis.catalog.upcasting),
    Layer.provideMerge(NodeHttpServer.layerHttpServices)
  )
  return Effect.forEach(sessions, (session) => Verifier.verify(types as typeof registry, session)).pipe(
    Effect.provide(hub),
    Effect.provideService(Modules, ModuleSet.withExternal(apis, external)),
    Effect.orDie
  )
}
