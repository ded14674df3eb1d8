/** What a server says about itself. */
import { Schema } from "effect"

export const Health = Schema.Struct({
  status: Schema.Literals(["ok", "degraded"]).annotate({
    description: "degraded: the server answers, but a provider does not."
  }),
  providers: Schema.Array(Schema.Struct({
    provider_id: Schema.String,
    status: Schema.Literals(["ok", "unhealthy", "unknown"])
  }))
}).annotate({ identifier: "Health" })
export type Health = typeof Health.Type

export const Version = Schema.Struct({ version: Schema.String }).annotate({ identifier: "Version" })

export const Route = Schema.Struct({
  operation_id: Schema.String,
  method: Schema.String,
  route: Schema.String.annotate({ description: "As in the OpenAPI document: `/v1/models/{model_id}`." }),
  group: Schema.String,
  summary: Schema.String,
  recorded: Schema.Boolean.annotate({ description: "Whether requests to it become events." })
}).annotate({ identifier: "Route" })
export type Route = typeof Route.Type

export const RouteList = Schema.Struct({ data: Schema.Array(Route) }).annotate({ identifier: "RouteList" })
