/** The HTTP face of the provider instances. */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { Recorded } from "../ApiAnnotations.ts"
import { NotFound } from "../OpenAiErrors.ts"
import { parameters } from "../Parameters.ts"
import { Provider, ProviderList } from "./ProvidersModels.ts"

const params = { provider_id: Schema.String.annotate({ description: "As the configuration names the instance." }) }

export class ProvidersRoutes extends HttpApiGroup.make("providers")
  .add(
    HttpApiEndpoint.get("listProviders", "/providers", { success: ProviderList }).annotateMerge(OpenApi.annotations({
      identifier: "listProviders",
      summary: "List providers",
      description: "Every provider instance this server runs, with its configuration (secrets redacted) and health."
    })),
    HttpApiEndpoint.get("retrieveProvider", "/providers/:provider_id", {
      params,
      success: Provider,
      error: NotFound
    }).annotateMerge(OpenApi.annotations({
      identifier: "retrieveProvider",
      summary: "Retrieve a provider",
      description: "One provider instance by its id.",
      transform: parameters({ fields: params })
    }))
  )
  .annotateEndpoints(Recorded, false)
  .prefix("/v1")
  .annotateMerge(OpenApi.annotations({ title: "Providers", description: "Who answers." }))
{}
