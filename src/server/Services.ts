/** Every service behind the HTTP API, built from a plan. */
import { Layer } from "effect"
import * as ConsumerGroupsLive from "../kernel/ConsumerGroupsLive.ts"
import * as EventsLive from "../kernel/EventsLive.ts"
import * as InferenceRouting from "../kernel/inference/InferenceRouting.ts"
import type { InferenceInstance, ModelRegistry } from "../kernel/models/ModelRegistry.ts"
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

export const layer = <const Registry extends ReadonlyArray<AnyDefinition>, E, R>(
  plan: StackPlan<Registry>,
  models: (instances: ReadonlyArray<InferenceInstance>) => Layer.Layer<ModelRegistry, E, R>
) =>
  Layer.mergeAll(
    ProvidersLive.layerInspect.pipe(
      Layer.provideMerge(ProvidersLive.layer(plan)),
      Layer.provideMerge(Stack.layer(plan, [InferenceRouting.make(models)]))
    ),
    ProviderLevels.layer(plan.providers),
    ProviderData.layer(plan.providers),
    guarded,
    opening,
    ConsumerGroupsLive.layer
  )
