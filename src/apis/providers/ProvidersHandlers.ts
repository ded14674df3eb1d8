/** Binds the provider endpoints to the `Providers` service. */
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { envelope, NotFound } from "../../kernel/http/HttpErrors.ts"
import { Api } from "../Api.ts"
import { Providers } from "./Providers.ts"

export const ProvidersHandlers = HttpApiBuilder.group(
  Api,
  "providers",
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
