/** Provider instances as the API shows them. */
import { Schema } from "effect"

export const ProviderHealth = Schema.Struct({
  status: Schema.Literals(["ok", "unhealthy", "unknown"]).annotate({
    description: "unknown: nothing has been asked of it yet."
  }),
  message: Schema.NullOr(Schema.String)
}).annotate({ identifier: "ProviderHealth" })
export type ProviderHealth = typeof ProviderHealth.Type

export const Provider = Schema.Struct({
  api: Schema.String.annotate({ description: "The API it implements: `inference`." }),
  provider_id: Schema.String,
  provider_type: Schema.String.annotate({ description: "`remote::openai`, `inline::replay` …" }),
  config: Schema.Json.annotate({ description: "Its configuration, secrets redacted." }),
  health: ProviderHealth
}).annotate({ identifier: "Provider" })
export type Provider = typeof Provider.Type

export const ProviderList = Schema.Struct({ data: Schema.Array(Provider) }).annotate({ identifier: "ProviderList" })
