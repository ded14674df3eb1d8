/** Every service behind the HTTP API, built from a plan. */
import { Effect, Layer } from "effect"
import * as ConsumerGroupsLive from "../apis/consumer-groups/ConsumerGroupsLive.ts"
import * as EventsLive from "../apis/events/EventsLive.ts"
import * as InferenceLive from "../apis/inference/InferenceLive.ts"
import * as ProvidersLive from "../apis/providers/ProvidersLive.ts"
import * as SessionFilesLive from "../apis/sessions/SessionFilesLive.ts"
import * as SessionForkingLive from "../apis/sessions/SessionForkingLive.ts"
import * as SessionGuard from "../apis/sessions/SessionGuard.ts"
import * as SessionLifecycleLive from "../apis/sessions/SessionLifecycleLive.ts"
import * as SessionReplayLive from "../apis/sessions/SessionReplayLive.ts"
import * as SessionsLive from "../apis/sessions/SessionsLive.ts"
import type { ExternalApi } from "../kernel/modules/ExternalApi.ts"
import { ExternalApis } from "../kernel/modules/ExternalApi.ts"
import * as ModuleStart from "../kernel/modules/ModuleStart.ts"
import type { Served } from "../kernel/modules/ServedApi.ts"
import { ServedApi } from "../kernel/modules/ServedApi.ts"
import type { AnyDefinition } from "../kernel/provider/Provider.ts"
import * as ProviderData from "../kernel/provider/ProviderData.ts"
import * as ProviderLevels from "../kernel/requests/ProviderLevels.ts"
import type { ModelEntry } from "../kernel/resources/ResourcesConfiguration.ts"
import { SessionOpening } from "../kernel/sessions/SessionOpening.ts"
import * as Stack from "../kernel/stack/Stack.ts"
import type { StackPlan } from "../kernel/stack/StackPlan.ts"

const opening = Layer.mergeAll(SessionOpening.layer, EventsLive.layer)

const sessions = Layer.mergeAll(
  SessionFilesLive.layer,
  SessionForkingLive.layer,
  SessionLifecycleLive.layer,
  SessionReplayLive.layer
).pipe(Layer.provideMerge(SessionsLive.layer), Layer.provide(opening))

/** Nothing reaches sessions but through their guard. */
const guarded = SessionGuard.layer.pipe(Layer.provide(sessions))

type Untyped = Layer.Layer<never, never, never>

/** `external`: the APIs from outside, whose services stand beside those of Strata. */
const layerWith = <const Registry extends ReadonlyArray<AnyDefinition>>(
  plan: StackPlan<Registry>,
  models: ReadonlyArray<ModelEntry>,
  external: ReadonlyArray<ExternalApi>,
  { api }: Served
) => {
  const routers = external.flatMap(({ name, router }) =>
    router === undefined ? [] : [ModuleStart.router(name, router) as never]
  )
  const stack = Stack.layer(plan, [InferenceLive.make(models), ...routers])
  const alone = external.flatMap(({ layer, name }) =>
    layer === undefined || !(name in api.groups) ? [] : [ModuleStart.layer(name, "layer", () => layer)]
  )
  return Layer.mergeAll(
    Layer.mergeAll(ProvidersLive.layer(plan), ProvidersLive.layerInspect(plan)).pipe(
      Layer.provideMerge(alone.reduce<typeof stack>((sum, each) => Layer.provideMerge(each as Untyped, sum), stack))
    ),
    ProviderLevels.layer(plan.providers),
    ProviderData.layer(plan.providers),
    guarded,
    opening,
    ConsumerGroupsLive.layer
  )
}

/** `models`: those that the configuration registers. */
export const layer = <const Registry extends ReadonlyArray<AnyDefinition>>(
  plan: StackPlan<Registry>,
  models: ReadonlyArray<ModelEntry> = []
) =>
  Layer.unwrap(
    Effect.map(Effect.all([ExternalApis, ServedApi]), ([external, served]) => layerWith(plan, models, external, served))
  )
