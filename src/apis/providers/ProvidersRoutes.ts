/** The HTTP face of the provider instances. */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { NotFound } from "../../kernel/http/HttpErrors.ts"
import { parameters } from "../../kernel/http/Parameters.ts"
import { PathAliases } from "../../kernel/http/PathAliases.ts"
import { Recorded } from "../../kernel/http/RouteAnnotations.ts"
import { Provider, ProviderList, ProviderTypeList } from "./ProvidersModels.ts"

const params = { provider_id: Schema.String.annotate({ description: "As the configuration names the instance." }) }

const query = Schema.Struct({
  api: Schema.optionalKey(Schema.String).annotate({
    description:
      "The API it implements, where instances of several share the id. Default: the first that is configured."
  })
})

export class ProvidersRoutes extends HttpApiGroup.make("providers")
  .add(
    HttpApiEndpoint.get("listProviders", "/providers", { success: ProviderList }).annotateMerge(OpenApi.annotations({
      identifier: "listProviders",
      summary: "List providers",
      description:
        "Every provider instance this server runs and that may be read, with its configuration (secrets redacted), its health, " +
        "what it needs, and when it started."
    })),
    HttpApiEndpoint.get("retrieveProvider", "/providers/:provider_id", {
      params,
      query,
      success: Provider,
      error: NotFound
    }).annotateMerge(OpenApi.annotations({
      identifier: "retrieveProvider",
      summary: "Retrieve a provider",
      description: "One provider instance by its id.",
      transform: parameters({ fields: params }, query)
    })),
    HttpApiEndpoint.get("listProviderTypes", "/provider-types", { success: ProviderTypeList }).annotateMerge(
      OpenApi.annotations({
        identifier: "listProviderTypes",
        summary: "List provider types",
        description: "Every provider type a configuration of this server can name: what it does, what it needs, and " +
          "the fields of its configuration."
      })
    )
  )
  .annotateEndpoints(Recorded, false)
  .prefix("/v1")
  .annotate(PathAliases, [{ from: "/v1alpha/admin/providers", to: "/v1/providers", suffix: "Admin" }])
  .annotateMerge(OpenApi.annotations({ title: "Providers", description: "Who answers." }))
{}
