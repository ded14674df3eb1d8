/** The HTTP face of the model registry. */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import {
  BadRequest,
  Conflict,
  Forbidden,
  NotFound,
  PayloadTooLarge,
  ServiceUnavailable,
  UnsupportedMediaType
} from "../../kernel/http/HttpErrors.ts"
import { parameters } from "../../kernel/http/Parameters.ts"
import { OpensSession, SlashesInLastParameter } from "../../kernel/http/RouteAnnotations.ts"
import { Model, ModelDeleted, ModelList, RegisterModel } from "./ModelsModels.ts"

const params = {
  model_id: Schema.String.annotate({ description: "A model's id; its slashes may be encoded." })
}

export class ModelsRoutes extends HttpApiGroup.make("models")
  .add(
    HttpApiEndpoint.get("listModels", "/models", { success: ModelList, error: ServiceUnavailable }).annotateMerge(
      OpenApi.annotations({
        identifier: "listModels",
        summary: "List models",
        description: "Every model that can be asked for now, of all providers, in order of id."
      })
    ),
    HttpApiEndpoint.get("retrieveModel", "/models/:model_id", {
      params,
      success: Model,
      error: [NotFound, ServiceUnavailable]
    }).annotateMerge(OpenApi.annotations({
      identifier: "retrieveModel",
      summary: "Retrieve a model",
      description: "One model by its id, or by what its vendor calls it where only one provider has it.",
      transform: parameters({ fields: params })
    })).annotate(SlashesInLastParameter, true),
    HttpApiEndpoint.post("registerModel", "/models", {
      payload: RegisterModel,
      success: Model,
      error: [BadRequest, Forbidden, NotFound, Conflict, PayloadTooLarge, UnsupportedMediaType, ServiceUnavailable]
    }).annotateMerge(OpenApi.annotations({
      identifier: "registerModel",
      summary: "Register a model",
      description: "Gives a model a name of its own, or names one its provider does not list. It is there for good, " +
        "also after a restart, and belongs to who registered it. To register the same once more changes nothing."
    })).annotate(OpensSession, false),
    HttpApiEndpoint.delete("unregisterModel", "/models/:model_id", {
      params,
      success: ModelDeleted,
      error: [Forbidden, NotFound, Conflict, ServiceUnavailable]
    }).annotateMerge(OpenApi.annotations({
      identifier: "unregisterModel",
      summary: "Unregister a model",
      description:
        "Takes back what was registered with POST /v1/models. What a provider lists, and what stands in the " +
        "configuration, is not for clients to take back: 409.",
      transform: parameters({ fields: params })
    })).annotate(SlashesInLastParameter, true).annotate(OpensSession, false)
  )
  .prefix("/v1")
  .annotateMerge(OpenApi.annotations({ title: "Models", description: "What can be asked for." }))
{}
