/** Every service behind the HTTP API, built from a plan and the modules that are served. */
import { Effect, Layer } from "effect"
import type { Apis } from "../apis/Apis.ts"
import type { ErrorOf as ModuleErrorOf, NeedsOf, OutOf } from "../kernel/modules/ApiModule.ts"
import { InProcessOperations } from "../kernel/modules/InProcessOperations.ts"
import { Modules } from "../kernel/modules/ModuleSet.ts"
import * as ModuleStart from "../kernel/modules/ModuleStart.ts"
import type { ProviderNotCompliant } from "../kernel/provider/Compliance.ts"
import type { Instance } from "../kernel/provider/Instance.ts"
import type { AnyApi, AnyDefinition, BaseOf, ErrorOf } from "../kernel/provider/Provider.ts"
import * as ProviderData from "../kernel/provider/ProviderData.ts"
import type { ProviderHealth } from "../kernel/provider/ProviderHealth.ts"
import type { StartTimes } from "../kernel/provider/StartTimes.ts"
import * as ProviderLevels from "../kernel/requests/ProviderLevels.ts"
import { DefaultFailureOf } from "../kernel/requests/RequestFailure.ts"
import { Requests } from "../kernel/requests/Requests.ts"
import { Sessions } from "../kernel/sessions/Sessions.ts"
import { CurrentPlan } from "../kernel/stack/CurrentPlan.ts"
import type { RequiredProviderDown } from "../kernel/stack/ProviderMonitor.ts"
import type { ProviderNotStarted } from "../kernel/stack/ProviderNotStarted.ts"
import * as Stack from "../kernel/stack/Stack.ts"
import type { StackPlan } from "../kernel/stack/StackPlan.ts"
import { SystemHandlers } from "../kernel/system/SystemHandlers.ts"
import { SystemRequests } from "../kernel/system/SystemRequests.ts"
import { Work } from "../kernel/work/Work.ts"
import { failureOf } from "./InProcessFailures.ts"
import type { LoadedApi } from "./LoadedApis.ts"
import { LoadedApis } from "./LoadedApis.ts"

type UntypedLayer = Layer.Layer<never, never, never>
type Instances = ReadonlyArray<Instance<never>>

const layerOf = ({ external, live, module: { name } }: LoadedApi, instances: Instances): UntypedLayer => {
  const make = () => {
    const { layer = Layer.empty } = live
    return (typeof layer === "function" ? layer(instances) : layer) as UntypedLayer
  }
  return external ? ModuleStart.layer(name, "layer", make) as UntypedLayer : make()
}

/** Of an API that providers implement: its registry first, then itself. */
const routerOf = (loaded: LoadedApi, api: AnyApi, all: ReadonlyArray<LoadedApi>) => ({
  api,
  uses: loaded.live.uses ?? [],
  layer: (instances: Instances) =>
    all.filter(({ module }) => module.registryOf === loaded.module.name)
      .reduce((layer, registry) => Layer.provideMerge(layer, layerOf(registry, instances)), layerOf(loaded, instances))
})

/** The stack of providers, and over it the APIs that no provider implements. */
const apisOf = (plan: StackPlan<ReadonlyArray<AnyDefinition>>, all: ReadonlyArray<LoadedApi>): UntypedLayer => {
  const routers = all.flatMap((loaded) =>
    loaded.module.contract === undefined ? [] : [routerOf(loaded, loaded.module.contract, all)]
  )
  const stack = Stack.layer(plan, routers) as unknown as UntypedLayer
  return all.filter(({ module }) => module.contract === undefined && module.registryOf === undefined)
    .reduce((below, loaded) => Layer.provideMerge(layerOf(loaded, []), below), stack)
}

/** Files bring in the events of every module. */
const sessions = Layer.unwrap(Effect.map(Modules, Sessions.layer))

/** When every kind of work is registered. */
const startWork = Layer.effectDiscard(Effect.flatMap(Work, ({ start }) => start))

/** The compiler can't follow what is loaded late: these are the types of the modules that `Apis.ts` lists. */
type Typed<Registry extends ReadonlyArray<AnyDefinition>> = Layer.Layer<
  OutOf<Apis> | StartTimes,
  ModuleErrorOf<Apis> | ErrorOf<Registry[number]> | ProviderNotCompliant | ProviderNotStarted | RequiredProviderDown,
  Exclude<NeedsOf<Apis>, StartTimes> | BaseOf<Registry[number]> | ProviderHealth | SystemRequests
>

export const layer = <const Registry extends ReadonlyArray<AnyDefinition>>(plan: StackPlan<Registry>) =>
  Layer.mergeAll(
    Layer.unwrap(Effect.map(LoadedApis, (all) => apisOf(plan, all) as unknown as Typed<Registry>)),
    ProviderData.layer(plan.providers)
  ).pipe(
    (apis) => Layer.provideMerge(startWork, apis),
    Layer.provideMerge(Layer.mergeAll(Work.layer, InProcessOperations.layer, SystemHandlers.layer)),
    Layer.provideMerge(Requests.layer.pipe(Layer.provide(Layer.succeed(DefaultFailureOf, failureOf)))),
    Layer.provideMerge(SystemRequests.layer),
    Layer.provideMerge(Layer.mergeAll(sessions, LoadedApis.layer, ProviderLevels.layer(plan.providers))),
    Layer.provideMerge(Layer.succeed(CurrentPlan, plan))
  )
