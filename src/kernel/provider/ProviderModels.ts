/** What there is to know of provider types and of how instances fare. */
import { Schema } from "effect"

export const ProviderHealth = Schema.Struct({
  status: Schema.Literals(["ok", "unhealthy", "unknown"]).annotate({
    description: "unknown: nothing has been asked of it yet."
  }),
  message: Schema.NullOr(Schema.String).annotate({ description: "Why it is unhealthy." }),
  checked_at: Schema.NullOr(Schema.Int).annotate({
    description: "When it was last looked at, milliseconds since 1970; null: not yet."
  })
}).annotate({ identifier: "ProviderHealth" })
export type ProviderHealth = typeof ProviderHealth.Type

export const ConfigFieldType = Schema.Literals(["text", "secret", "choice", "boolean", "number", "list", "mapping"])
export type ConfigFieldType = typeof ConfigFieldType.Type

export const ConfigField = Schema.Struct({
  id: Schema.String.annotate({ description: "Its key in the provider's `config`." }),
  display_name: Schema.String,
  description: Schema.NullOr(Schema.String),
  field_type: ConfigFieldType,
  prompt: Schema.String.annotate({ description: "What to ask a person." }),
  env_var: Schema.NullOr(Schema.String).annotate({ description: "The environment variable it is usually in." }),
  choices: Schema.NullOr(Schema.Array(Schema.String)),
  required: Schema.Boolean.annotate({ description: "false: it may be left out." }),
  default: Schema.Json.annotate({ description: "What it is where it is left out; null: nothing." }),
  show_when: Schema.NullOr(Schema.Record(Schema.String, Schema.Array(Schema.String))).annotate({
    description: "To be asked only where each of these fields has one of these values. null: always."
  }),
  requires_model: Schema.Boolean.annotate({ description: "To be asked after a model was chosen." })
}).annotate({ identifier: "ConfigField" })
export type ConfigField = typeof ConfigField.Type

export const ProviderInfo = Schema.Struct({
  api: Schema.String,
  provider_type: Schema.String.annotate({ description: "What a configuration names: `remote::openai`." }),
  display_name: Schema.String,
  description: Schema.String,
  credential_env_vars: Schema.Array(Schema.String).annotate({
    description: "The environment variables its secrets are usually in."
  }),
  capabilities: Schema.Array(Schema.String).annotate({ description: "`streaming`, `tools` …" }),
  status: Schema.Literals(["proven", "fixture", "untested"]).annotate({
    description:
      "proven: its contract suite ran against the real server, or recorded traffic of it; fixture: against " +
      "answers written by hand from the public document; untested: neither."
  }),
  tested_against: Schema.NullOr(Schema.String).annotate({ description: "What the suite ran against; null: nothing." }),
  open_points: Schema.Array(Schema.String).annotate({ description: "What is not known, or not done." }),
  defaults: Schema.Record(Schema.String, Schema.Json).annotate({ description: "By configuration field." }),
  config_fields: Schema.Array(ConfigField),
  requires: Schema.Array(Schema.String).annotate({ description: "APIs it can't work without." }),
  optional: Schema.Array(Schema.String).annotate({ description: "APIs it uses where they are configured." }),
  deprecation: Schema.NullOr(Schema.Struct({
    severity: Schema.Literals(["warning", "error"]).annotate({
      description: "warning: it still works; error: a configuration that names it is refused."
    }),
    message: Schema.String
  }))
}).annotate({ identifier: "ProviderInfo" })
export type ProviderInfo = typeof ProviderInfo.Type
