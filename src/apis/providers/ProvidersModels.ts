/** Provider instances as the API shows them. */
import { Schema } from "effect"
import { ProviderHealth, ProviderInfo } from "../../kernel/provider/ProviderModels.ts"
import { ProviderReliability } from "../../kernel/reliability/ReliabilityStates.ts"

export const ProviderDependency = Schema.Struct({
  api: Schema.String,
  optional: Schema.Boolean.annotate({ description: "true: it works without, too." }),
  provider_ids: Schema.Array(Schema.String).annotate({
    description: "Who provides that API. Empty: nobody, and it is optional."
  })
}).annotate({ identifier: "ProviderDependency" })

export const ProviderStart = Schema.Struct({
  time: Schema.Int.annotate({
    description: "When it began to start, milliseconds since 1970: all it needs was ready."
  }),
  duration_ms: Schema.Finite.annotate({ description: "How long it took until it was ready, milliseconds." })
}).annotate({ identifier: "ProviderStart" })

export const ProviderUpstream = Schema.Struct({
  provider_type: Schema.String,
  started: Schema.NullOr(ProviderStart).annotate({ description: "null: it is not asked, and was not started." })
}).annotate({ identifier: "ProviderUpstream" })

export const Provider = Schema.Struct({
  api: Schema.String.annotate({ description: "The API it implements: `inference`." }),
  provider_id: Schema.String,
  provider_type: Schema.String.annotate({ description: "`remote::openai`, `inline::replay` …" }),
  config: Schema.Json.annotate({ description: "Its configuration, secrets redacted." }),
  health: ProviderHealth,
  reliability: Schema.optionalKey(
    Schema.NullOr(ProviderReliability).annotate({
      description:
        "How it stands around its calls. null: its configuration asks for no retries, keys, limits or breaker."
    })
  ),
  required: Schema.Boolean.annotate({
    description: "The server does not start without it, and is degraded while it is unhealthy."
  }),
  dependencies: Schema.Array(ProviderDependency).annotate({ description: "The APIs it needs." }),
  upstreams: Schema.Array(ProviderUpstream).annotate({
    description: "The providers in its configuration: its own upstream, the upstream of that …"
  }),
  started: Schema.NullOr(ProviderStart).annotate({ description: "null: it does not run; `health` says why." }),
  deprecation: Schema.NullOr(Schema.String).annotate({
    description: "Why its type should not be used any more, and what to use instead. null: it may be used."
  })
}).annotate({ identifier: "Provider" })
export type Provider = typeof Provider.Type

export const ProviderList = Schema.Struct({ data: Schema.Array(Provider) }).annotate({ identifier: "ProviderList" })

export const ProviderTypeList = Schema.Struct({ data: Schema.Array(ProviderInfo) }).annotate({
  identifier: "ProviderTypeList"
})
