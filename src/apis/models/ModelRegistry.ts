/** The registry of models: who serves what. It follows what the providers list, and says so in the log. */
import { Context, Effect, Layer } from "effect"
import type { Instance } from "../../kernel/provider/Instance.ts"
import * as ResourceRegistry from "../../kernel/resources/ResourceRegistry.ts"
import type { ModelEntry } from "../../kernel/resources/ResourcesConfiguration.ts"
import type { InferenceProvider } from "../inference/Inference.ts"
import type { ModelAttributes } from "./ModelsKind.ts"
import { ModelsKind, modelsOf } from "./ModelsKind.ts"

export type InferenceInstance = Instance<Context.Service.Shape<typeof InferenceProvider>>

const toResource = ({ metadata, model_id, model_type, provider_id, provider_model_id, routing }: ModelEntry) => ({
  identifier: model_id,
  provider_id,
  provider_resource_id: provider_model_id,
  attributes: {
    created: 0,
    owned_by: provider_id,
    ...model_type === undefined ? {} : { model_type },
    ...routing === undefined ? {} : { routing },
    ...metadata === undefined ? {} : { metadata }
  }
})

/** The models that the configuration registers. */
export const RegisteredModels = Context.Reference<ReadonlyArray<ModelEntry>>(
  "strata/apis/models/ModelRegistry/RegisteredModels",
  {
    defaultValue: () => []
  }
)

export class ModelRegistry extends Context.Service<ModelRegistry, ResourceRegistry.ResourceRegistry<ModelAttributes>>()(
  "strata/apis/models/ModelRegistry"
) {
  static readonly layer = (instances: ReadonlyArray<InferenceInstance>) =>
    Layer.effect(
      ModelRegistry,
      Effect.flatMap(RegisteredModels, (registered) =>
        ResourceRegistry.make({
          kind: ModelsKind,
          instances,
          resourcesOf: modelsOf,
          registered: registered.map(toResource)
        }))
    )
}
