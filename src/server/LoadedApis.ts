/** The implementations of the APIs that a server serves, loaded when it starts. */
import { Context, Effect, Layer } from "effect"
import type { AnyApiLive, AnyApiModule } from "../kernel/modules/ApiModule.ts"
import { Modules } from "../kernel/modules/ModuleSet.ts"
import * as ModuleStart from "../kernel/modules/ModuleStart.ts"
import { ServedApi } from "../kernel/modules/ServedApi.ts"

export interface LoadedApi {
  readonly module: AnyApiModule
  /** From outside: what goes wrong in its code is told with its name. */
  readonly external: boolean
  readonly live: AnyApiLive
}

export class LoadedApis extends Context.Service<LoadedApis, ReadonlyArray<LoadedApi>>()("strata/server/LoadedApis") {
  static readonly layer = Layer.effect(
    LoadedApis,
    Effect.gen(function*() {
      const { external } = yield* Modules
      const { modules } = yield* ServedApi
      return yield* Effect.forEach(modules, (module) =>
        external.includes(module)
          ? Effect.map(ModuleStart.load(module), (live) => ({ module, external: true, live }))
          : Effect.map(Effect.promise(module.live), ({ live }) => ({ module, external: false, live })), {
        concurrency: "unbounded"
      })
    })
  )
}
