/** What a server says about itself. */
import { Schema } from "effect"
import { flag } from "../../kernel/http/QueryFlag.ts"

export const Health = Schema.Struct({
  status: Schema.Literals(["ok", "degraded"]).annotate({
    description:
      "degraded: the server answers, but a provider that is required does not work, or the log can't be read."
  }),
  log: Schema.Literals(["ok", "unavailable"]).annotate({
    description: "The event log: without it nothing is answered."
  }),
  providers: Schema.Array(Schema.Struct({
    api: Schema.String,
    provider_id: Schema.String,
    status: Schema.Literals(["ok", "unhealthy", "unknown"]),
    required: Schema.Boolean
  })),
  work: Schema.Struct({
    oldest_queued_ms: Schema.NullOr(Schema.Finite).annotate({
      description: "Age of the oldest work in the background that nobody has begun, in milliseconds. It grows where " +
        "servers don't keep up, or none of them does such work. Null: there is none."
    })
  }).annotate({ description: "Background responses and other work that outlives its request." })
}).annotate({ identifier: "Health" })
export type Health = typeof Health.Type

export const HealthQuery = Schema.Struct({
  ready: flag({ description: "true: a server that is degraded answers 503, for who sends it requests or not." })
})

export const Version = Schema.Struct({ version: Schema.String }).annotate({ identifier: "Version" })

export const Route = Schema.Struct({
  operation_id: Schema.String,
  method: Schema.String,
  route: Schema.String.annotate({ description: "As in the OpenAPI document: `/v1/models/{model_id}`." }),
  group: Schema.String,
  summary: Schema.String,
  recorded: Schema.Boolean.annotate({ description: "Whether requests to it become events." }),
  provider_types: Schema.Array(Schema.String).annotate({
    description: "Types of the configured providers that serve it. Empty: Strata does.",
    examples: [["remote::openai"]]
  })
}).annotate({ identifier: "Route" })
export type Route = typeof Route.Type

const levels = ["v1", "v1alpha", "v1beta"] as const

export const RoutesQuery = Schema.Struct({
  api_filter: Schema.optionalKey(Schema.Literals([...levels, "deprecated"])).annotate({
    description: "Only routes of this version; `deprecated`: those that are deprecated, of which there are none. " +
      "Default: all.",
    examples: ["v1beta"]
  })
})
export type RoutesQuery = typeof RoutesQuery.Type

export const RouteList = Schema.Struct({ data: Schema.Array(Route) }).annotate({ identifier: "RouteList" })
