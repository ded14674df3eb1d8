/** Binds the model endpoints to the `Models` service. */
import { Effect } from "effect"
import { eventLogUnavailable } from "../../kernel/http/CommonFailures.ts"
import { mapResourceErrors, resourceNotFound } from "../../kernel/http/ResourceErrors.ts"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import { Models } from "./Models.ts"
import { ModelsRoutes } from "./ModelsRoutes.ts"

export const ModelsHandlers = ApiHandlers.make(
  ModelsRoutes,
  Effect.fn(function*(handlers) {
    const models = yield* Models
    return handlers.handleAll({
      listModels: () =>
        models.list.pipe(
          Effect.map((data) => ({ object: "list" as const, data })),
          Effect.mapError(eventLogUnavailable)
        ),
      // OpenAI calls the parameter `model` in its answer.
      retrieveModel: ({ params }) =>
        Effect.mapError(
          models.get(params.model_id),
          (error) => error._tag === "ResourceNotFound" ? resourceNotFound(error, "model") : eventLogUnavailable(error)
        ),
      registerModel: ({ payload }) => mapResourceErrors(models.register(payload)),
      unregisterModel: ({ params }) =>
        mapResourceErrors(models.unregister(params.model_id)).pipe(
          Effect.as({ id: params.model_id, object: "model" as const, deleted: true as const })
        )
    })
  })
)
