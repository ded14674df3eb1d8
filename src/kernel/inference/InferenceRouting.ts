/** The pair models/inference: the registry of models, and the router that hands a call to who serves its model. */
import { Effect, Layer } from "effect"
import { Inference } from "../../apis/inference/Inference.ts"
import { Models } from "../../apis/models/Models.ts"
import type { Model } from "../../apis/models/ModelsModels.ts"
import type { AccessControl } from "../access/AccessControl.ts"
import type { Hooks } from "../hooks/Hooks.ts"
import type { InferenceInstance } from "../models/ModelRegistry.ts"
import { ModelRegistry, notFound } from "../models/ModelRegistry.ts"
import type { Entry } from "../models/ModelTable.ts"
import * as VisibleModels from "../models/VisibleModels.ts"
import type { Router } from "../Stack.ts"
import { InferenceApi } from "./InferenceApi.ts"
import * as InferenceHooks from "./InferenceHooks.ts"
import { replaceModel } from "./ModelName.ts"

const toModel = (entry: Entry): Model => ({
  id: entry.model_id,
  object: "model",
  created: entry.created,
  owned_by: entry.owned_by,
  provider_id: entry.provider_id,
  provider_model_id: entry.provider_model_id
})

const models = Layer.effect(
  Models,
  Effect.map(ModelRegistry, (registry) =>
    Models.of({
      list: Effect.map(registry.table, (table) =>
        [...table.values()].map(toModel).sort((one, other) => one.id < other.id ? -1 : 1)),
      get: (id) =>
        Effect.map(registry.find(id), toModel)
    })).pipe(Effect.provideServiceEffect(ModelRegistry, VisibleModels.make))
)

const inference = (instances: ReadonlyArray<InferenceInstance>) =>
  Layer.effect(
    Inference,
    Effect.gen(function*() {
      const registry = yield* VisibleModels.make
      const hooked = yield* InferenceHooks.make
      const providers = new Map(instances.map((instance) => [instance.id, instance.service]))
      return Inference.of({
        chatCompletion: Effect.fnUntraced(function*({ request, text }) {
          const entry = yield* registry.find(request.model)
          const provider = providers.get(entry.provider_id)
          if (provider === undefined) return yield* notFound(yield* registry.table, request.model)
          const model = entry.provider_model_id
          const call = { request: { ...request, model }, text: replaceModel(text, model) }
          const target = { provider: entry.provider_id, model: entry.model_id }
          return yield* hooked(target, call, (call) => provider.chatCompletion(call))
        })
      })
    })
  )

/** `registry` makes the registry of the instances: the live one, or one that tells what was recorded. */
export const make = <E, R>(
  registry: (instances: ReadonlyArray<InferenceInstance>) => Layer.Layer<ModelRegistry, E, R>
) =>
  ({
    api: InferenceApi,
    layer: (instances) => Layer.mergeAll(models, inference(instances)).pipe(Layer.provide(registry(instances)))
  }) satisfies Router<typeof InferenceApi, Inference | Models, E, R | AccessControl | Hooks>
