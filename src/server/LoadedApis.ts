/**
 * The implementations of the APIs of a server, loaded when it starts: all of Strata's own, for they use each other's
 * services, and those from outside that are served.
 */
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
      const { external, own } = yield* Modules
      const { modules: served } = yield* ServedApi
      const parts = [
        ...own.map((module) =>
          Effect.map(Effect.promise(module.live), ({ live }) => ({ module, external: false, live }))
        ),
        ...external.filter((module) => served.includes(module)).map((module) =>
          Effect.map(ModuleStart.load(module), (live) => ({ module, external: true, live }))
        )
      ]
      return yield* Effect.all(parts, { concurrency: "unbounded" })
    })
  )
}
