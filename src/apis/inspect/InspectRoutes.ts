/** The HTTP face of introspection. */
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { parameters } from "../../kernel/http/Parameters.ts"
import { PathAliases } from "../../kernel/http/PathAliases.ts"
import { Public, publicOperation, Recorded } from "../../kernel/http/RouteAnnotations.ts"
import { Health, HealthQuery, RouteList, RoutesQuery, Version } from "./InspectModels.ts"

export class InspectRoutes extends HttpApiGroup.make("inspect")
  .add(
    HttpApiEndpoint.get("health", "/health", {
      query: HealthQuery,
      success: Health,
      error: Health.pipe(HttpApiSchema.status(503))
    }).annotateMerge(OpenApi.annotations({
      identifier: "health",
      summary: "Health",
      description: "Whether the server answers, and which providers work, as of the last look at each.",
      transform: (operation) => publicOperation(parameters(HealthQuery)(operation))
    })).annotate(Public, true),
    HttpApiEndpoint.get("version", "/version", { success: Version }).annotateMerge(OpenApi.annotations({
      identifier: "version",
      summary: "Version",
      description: "The version of Strata that answers.",
      transform: publicOperation
    })).annotate(Public, true),
    HttpApiEndpoint.get("listRoutes", "/inspect/routes", { query: RoutesQuery, success: RouteList }).annotateMerge(
      OpenApi.annotations({
        identifier: "listRoutes",
        summary: "List routes",
        description: "Every operation served, as the OpenAPI document lists them.",
        transform: parameters(RoutesQuery)
      })
    )
  )
  .annotateEndpoints(Recorded, false)
  .prefix("/v1")
  .annotate(PathAliases, [{ from: "/v1alpha/admin/health", to: "/v1/health", suffix: "Admin" }, {
    from: "/v1alpha/admin/version",
    to: "/v1/version",
    suffix: "Admin"
  }, { from: "/v1alpha/admin/inspect/routes", to: "/v1/inspect/routes", suffix: "Admin" }])
  .annotateMerge(OpenApi.annotations({ title: "Inspect", description: "What this server is and how it fares." }))
{}
