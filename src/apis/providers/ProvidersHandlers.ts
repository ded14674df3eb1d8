/** Binds the provider endpoints to the `Providers` service. */
import { Effect } from "effect"
import { envelope, NotFound } from "../../kernel/http/HttpErrors.ts"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import { Providers } from "./Providers.ts"
import { ProvidersRoutes } from "./ProvidersRoutes.ts"

export const ProvidersHandlers = ApiHandlers.make(
  ProvidersRoutes,
  Effect.fn(function*(handlers) {
    const providers = yield* Providers
    return handlers.handleAll({
      listProviders: () => Effect.map(providers.list, (data) => ({ data })),
      listProviderTypes: () => Effect.succeed({ data: providers.types }),
      retrieveProvider: ({ params, query }) =>
        Effect.mapError(
          providers.get(params.provider_id, query.api),
          (error) => new NotFound(envelope(error.message, { param: "provider_id", code: "provider_not_found" }))
        )
    })
  })
)
