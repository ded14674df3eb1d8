/** The HTTP face of the model registry. */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { SlashesInLastParameter } from "../ApiAnnotations.ts"
import { NotFound } from "../OpenAiErrors.ts"
import { parameters } from "../Parameters.ts"
import { Model, ModelList } from "./ModelsModels.ts"

const params = {
  model_id: Schema.String.annotate({ description: "`provider_id/model_id`; its slash may be encoded." })
}

export class ModelsRoutes extends HttpApiGroup.make("models")
  .add(
    HttpApiEndpoint.get("listModels", "/models", { success: ModelList }).annotateMerge(OpenApi.annotations({
      identifier: "listModels",
      summary: "List models",
      description: "Every model that can be asked for now, of all providers, in order of id."
    })),
    HttpApiEndpoint.get("retrieveModel", "/models/:model_id", {
      params: {
        model_id: Schema.String.annotate({ description: "`provider_id/model_id`; its slash may be encoded." })
      },
      success: Model,
      error: NotFound
    }).annotateMerge(OpenApi.annotations({
      identifier: "retrieveModel",
      summary: "Retrieve a model",
      description: "One model by its id.",
      transform: parameters({ fields: params })
    })).annotate(SlashesInLastParameter, true)
  )
  .prefix("/v1")
  .annotateMerge(OpenApi.annotations({ title: "Models", description: "What can be asked for." }))
{}
