/** Every service behind the HTTP API, built from a plan. */
import { Effect, Layer } from "effect"
import type { Served } from "../apis/ServedApi.ts"
import { ServedApi } from "../apis/ServedApi.ts"
import type { ModelEntry } from "../kernel/config/ResourcesConfiguration.ts"
import * as ConsumerGroupsLive from "../kernel/ConsumerGroupsLive.ts"
import * as EventsLive from "../kernel/EventsLive.ts"
import type { ExternalApi } from "../kernel/external/ExternalApi.ts"
import { ExternalApis } from "../kernel/external/ExternalApi.ts"
import * as ExternalApiStart from "../kernel/external/ExternalApiStart.ts"
import * as InferenceRouting from "../kernel/inference/InferenceRouting.ts"
import type { AnyDefinition } from "../kernel/Provider.ts"
import * as ProviderData from "../kernel/ProviderData.ts"
import * as ProvidersLive from "../kernel/ProvidersLive.ts"
import * as ProviderLevels from "../kernel/recording/ProviderLevels.ts"
import * as SessionFilesLive from "../kernel/sessions/SessionFilesLive.ts"
import * as SessionForkingLive from "../kernel/sessions/SessionForkingLive.ts"
import * as SessionGuard from "../kernel/sessions/SessionGuard.ts"
import * as SessionLifecycleLive from "../kernel/sessions/SessionLifecycleLive.ts"
import { SessionOpening } from "../kernel/sessions/SessionOpening.ts"
import * as SessionReplayLive from "../kernel/sessions/SessionReplayLive.ts"
import * as SessionsLive from "../kernel/sessions/SessionsLive.ts"
import * as Stack from "../kernel/Stack.ts"
import type { StackPlan } from "../kernel/StackPlan.ts"

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
    router === undefined ? [] : [ExternalApiStart.router(name, router) as never]
  )
  const stack = Stack.layer(plan, [InferenceRouting.make(models), ...routers])
  const alone = external.flatMap(({ layer, name }) =>
    layer === undefined || !(name in api.groups) ? [] : [ExternalApiStart.layer(name, "layer", () => layer)]
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
