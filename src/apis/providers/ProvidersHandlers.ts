/** Binds the provider endpoints to the `Providers` service. */
import { Effect } from "effect"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import { failures, Providers } from "./Providers.ts"
import { ProvidersRoutes } from "./ProvidersRoutes.ts"

export const ProvidersHandlers = ApiHandlers.make(
  ProvidersRoutes,
  Effect.fn(function*(handlers) {
    const providers = yield* Providers
    return handlers.handleAll({
      listProviders: () => Effect.map(providers.list, (data) => ({ data })),
      listProviderTypes: () => Effect.map(providers.types, (data) => ({ data })),
      retrieveProvider: ({ params, query }) => failures.mapErrors()(providers.get(params.provider_id, query.api))
    })
  })
)
