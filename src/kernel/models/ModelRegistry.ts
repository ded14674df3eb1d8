/** The registry of models: who serves what. It follows what the providers list, and says so in the log. */
import { Context, Layer } from "effect"
import type { InferenceProvider } from "../../apis/inference/Inference.ts"
import type { ModelEntry } from "../config/ResourcesConfiguration.ts"
import type { Instance } from "../Instance.ts"
import * as ResourceRegistry from "../resources/ResourceRegistry.ts"
import type { ModelAttributes } from "./ModelKind.ts"
import { ModelKind, modelsOf } from "./ModelKind.ts"

export type InferenceInstance = Instance<Context.Service.Shape<typeof InferenceProvider>>

const toResource = ({ metadata, model_id, model_type, provider_id, provider_model_id }: ModelEntry) => ({
  identifier: model_id,
  provider_id,
  provider_resource_id: provider_model_id,
  attributes: {
    created: 0,
    owned_by: provider_id,
    ...model_type === undefined ? {} : { model_type },
    ...metadata === undefined ? {} : { metadata }
  }
})

export class ModelRegistry extends Context.Service<ModelRegistry, ResourceRegistry.ResourceRegistry<ModelAttributes>>()(
  "strata/kernel/models/ModelRegistry"
) {
  /** `registered`: what the configuration registers. */
  static readonly layer = (instances: ReadonlyArray<InferenceInstance>, registered: ReadonlyArray<ModelEntry> = []) =>
    Layer.effect(
      ModelRegistry,
      ResourceRegistry.make({
        kind: ModelKind,
        instances,
        resourcesOf: modelsOf,
        registered: registered.map(toResource)
      })
    )
}
