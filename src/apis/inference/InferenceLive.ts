/** The pair models/inference: the registry of models, and the router that hands a call to who serves its model. */
import type { ProviderError } from "../../kernel/calls/ProviderErrors.ts"
import { Effect, Layer } from "effect"
import type { AccessControl } from "../../kernel/access/AccessControl.ts"
import { replaceModel } from "../../kernel/dialects/chat/ModelName.ts"
import type { Hooks } from "../../kernel/hooks/Hooks.ts"
import * as ResourceLookup from "../../kernel/resources/ResourceLookup.ts"
import type { ModelEntry } from "../../kernel/resources/ResourcesConfiguration.ts"
import type { Router } from "../../kernel/stack/Stack.ts"
import type { InferenceInstance } from "../models/ModelRegistry.ts"
import { ModelRegistry } from "../models/ModelRegistry.ts"
import type { Models } from "../models/Models.ts"
import * as ModelsLive from "../models/ModelsLive.ts"
import { Inference } from "./Inference.ts"
import { InferenceApi } from "./InferenceApi.ts"
import * as InferenceHooks from "./InferenceHooks.ts"

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
