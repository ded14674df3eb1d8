/** The pair models/inference: the registry of models, and the router that hands a call to who serves its model. */
import { Effect, Layer } from "effect"
import type { ProviderError } from "../../apis/inference/Inference.ts"
import { Inference } from "../../apis/inference/Inference.ts"
import type { Models } from "../../apis/models/Models.ts"
import type { AccessControl } from "../access/AccessControl.ts"
import type { ModelEntry } from "../config/ResourcesConfiguration.ts"
import type { Hooks } from "../hooks/Hooks.ts"
import type { InferenceInstance } from "../models/ModelRegistry.ts"
import { ModelRegistry } from "../models/ModelRegistry.ts"
import * as ModelsLive from "../models/ModelsLive.ts"
import * as ResourceLookup from "../resources/ResourceLookup.ts"
import type { Router } from "../Stack.ts"
import { InferenceApi } from "./InferenceApi.ts"
import * as InferenceHooks from "./InferenceHooks.ts"
import { replaceModel } from "./ModelName.ts"

const didNotAnswer = (error: ProviderError): boolean =>
  error._tag === "ProviderFailed" && (error.reason === "unreachable" || error.reason === "timeout")

const inference = (instances: ReadonlyArray<InferenceInstance>) =>
  Layer.effect(
    Inference,
    Effect.gen(function*() {
      const models = yield* ResourceLookup.make(ModelsLive.options(instances, yield* ModelRegistry))
      const hooked = yield* InferenceHooks.make
      return Inference.of({
        chatCompletion: Effect.fnUntraced(function*({ request, text }) {
          const route = yield* models.route(request.model)
          const model = route.provider_resource_id
          const call = { request: { ...request, model }, text: replaceModel(text, model) }
          const target = { provider: route.provider_id, model: route.identifier }
          return yield* hooked(target, call, (call) =>
            Effect.tapError(route.service.chatCompletion(call), (error) =>
              didNotAnswer(error) ? route.doubt : Effect.void))
        })
      })
    })
  )

type Registry = ReturnType<typeof ModelRegistry.layer>

/** `registered`: the models that the configuration registers. */
export const make = (registered: ReadonlyArray<ModelEntry> = []) =>
  ({
    api: InferenceApi,
    layer: (instances) =>
      Layer.mergeAll(ModelsLive.layer(instances), inference(instances)).pipe(
        Layer.provide(ModelRegistry.layer(instances, registered))
      )
  }) satisfies Router<
    typeof InferenceApi,
    Inference | Models,
    Layer.Error<Registry>,
    Layer.Services<Registry> | AccessControl | Hooks
  >
