/** The HTTP face of usage. */
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { BadRequest, ServiceUnavailable } from "../../kernel/http/HttpErrors.ts"
import { parameters } from "../../kernel/http/Parameters.ts"
import { Recorded } from "../../kernel/http/RouteAnnotations.ts"
import { UsageList, UsageQuery } from "./UsageModels.ts"

export class UsageRoutes extends HttpApiGroup.make("usage")
  .add(
    HttpApiEndpoint.get("listUsage", "/usage", {
      query: UsageQuery,
      success: UsageList,
      error: [BadRequest, ServiceUnavailable]
    }).annotateMerge(OpenApi.annotations({
      identifier: "listUsage",
      summary: "Add up usage and cost",
      description:
        "What calls to models used and cost, added up by session, model, provider, principal or day, one or " +
        "two of them at a time. A call that was answered counts; its cost is what its vendor says, or is computed by " +
        "`prices` of the configuration, or by public prices, as they were when it was answered. A cost that is not " +
        "known is not zero: `unpriced` names the models and the reasons. With access rules, calls count whose session " +
        "may be read, and of calls without a session one's own.",
      transform: parameters(UsageQuery)
    }))
  )
  .annotateEndpoints(Recorded, false)
  .prefix("/v1")
  .annotateMerge(OpenApi.annotations({ title: "Usage", description: "What calls to models used and cost." }))
{}
