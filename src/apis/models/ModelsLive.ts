/** Models as the API shows them: the registry, for the principal of the moment. */
import { Clock, Effect, Layer } from "effect"
import { ResourceInvalid } from "../../kernel/http/ResourceErrors.ts"
import { formatPath } from "../../kernel/issues/ConfigurationInvalid.ts"
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import * as ResourceEditing from "../../kernel/resources/ResourceEditing.ts"
import * as ResourceLookup from "../../kernel/resources/ResourceLookup.ts"
import type { Registration } from "../../kernel/resources/ResourceRegistration.ts"
import * as RoutingConditions from "../../kernel/resources/RoutingConditions.ts"
import { InferenceApi } from "../inference/InferenceApi.ts"
import type { InferenceInstance } from "./ModelRegistry.ts"
import { ModelRegistry } from "./ModelRegistry.ts"
import { Models } from "./Models.ts"
import { ModelsHandlers } from "./ModelsHandlers.ts"
import type { ModelAttributes, ModelResource } from "./ModelsKind.ts"
import { ModelsKind, modelsOf } from "./ModelsKind.ts"
import type { Model, RegisterModel } from "./ModelsModels.ts"

const toModel = ({ attributes, identifier, provider_id, provider_resource_id, source }: ModelResource): Model => ({
  id: identifier,
  object: "model",
  created: attributes.created,
  owned_by: attributes.owned_by,
  provider_id,
  provider_model_id: provider_resource_id,
  identifier,
  provider_resource_id,
  type: "model",
  model_type: attributes.model_type ?? "llm",
  metadata: attributes.metadata ?? {},
  source,
  ...attributes.routing === undefined ? {} : { routing: attributes.routing },
  custom_metadata: {
    ...attributes.metadata,
    model_type: attributes.model_type ?? "llm",
    provider_id,
    provider_resource_id
  }
})

const toRegistration = (
  { metadata, model_id, model_type, provider_id, provider_model_id, routing }: RegisterModel,
  created: number
): Registration<ModelAttributes> => ({
  identifier: model_id,
  provider_id: provider_id ?? undefined,
  provider_resource_id: provider_model_id ?? undefined,
  attributes: {
    ...model_type == null ? {} : { model_type },
    ...routing == null ? {} : { routing },
    ...metadata == null ? {} : { metadata }
  },
  otherwise: (owned_by) => ({ created, owned_by })
})

/** Conditions that can't be used are refused before anything is registered. */
const haveConditions = ({ routing }: RegisterModel): Effect.Effect<void, ResourceInvalid> =>
  Effect.flatMap(
    routing == null ? Effect.succeed([]) : RoutingConditions.issues(routing),
    ([first]) =>
      first === undefined
        ? Effect.void
        : Effect.fail(
          new ResourceInvalid({
            type: ModelsKind.type,
            field: formatPath(["routing", ...first.path]),
            message: first.message
          })
        )
  )

/** Models may be asked for that nobody lists: vendors serve more than they tell. */
export const options = (instances: ReadonlyArray<InferenceInstance>, registry: ModelRegistry["Service"]) => ({
  kind: ModelsKind,
  registry,
  instances,
  resourcesOf: modelsOf,
  unlisted: true
})

export const layer = (instances: ReadonlyArray<InferenceInstance>) =>
  Layer.effect(
    Models,
    Effect.gen(function*() {
      const models = options(instances, yield* ModelRegistry)
      const lookup = yield* ResourceLookup.make(models)
      const editing = yield* ResourceEditing.make(models)
      return Models.of({
        list: Effect.map(lookup.list, (models) => models.map(toModel)),
        get: (id) => Effect.map(lookup.get(id), toModel),
        register: Effect.fnUntraced(function*(model) {
          yield* haveConditions(model)
          const created = Math.floor((yield* Clock.currentTimeMillis) / 1000)
          return toModel(yield* editing.register(toRegistration(model, created)))
        }),
        unregister: (id) => Effect.asVoid(editing.unregister(id))
      })
    })
  )

/** With the registry, which the router of inference asks too. */
export const withRegistry = (instances: ReadonlyArray<InferenceInstance>) =>
  Layer.provideMerge(layer(instances), ModelRegistry.layer(instances))

export const live = ApiModule.liveOf(InferenceApi, {
  handlers: ModelsHandlers,
  layer: withRegistry
})
