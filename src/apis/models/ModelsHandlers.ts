/** Binds the model endpoints to the `Models` service. */
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Api } from "../Api.ts"
import { modelNotFound } from "../inference/InferenceErrors.ts"
import { Models } from "./Models.ts"

export const ModelsHandlers = HttpApiBuilder.group(
  Api,
  "models",
  Effect.fn(function*(handlers) {
    const models = yield* Models
    return handlers.handleAll({
      listModels: () => Effect.map(models.list, (data) => ({ object: "list" as const, data })),
      retrieveModel: ({ params }) => Effect.mapError(models.get(params.model_id), modelNotFound)
    })
  })
)
