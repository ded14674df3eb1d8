/** A provider type as a person chooses it: what it does, what it needs, what to configure. */
import { configFields } from "./FieldPrompt.ts"
import type { AnyDefinition } from "./Provider.ts"
import type { ProviderInfo } from "./ProviderModels.ts"

const deprecationOf = ({ deprecated }: AnyDefinition): ProviderInfo["deprecation"] =>
  deprecated === undefined
    ? null
    : "error" in deprecated
    ? { severity: "error", message: deprecated.error }
    : { severity: "warning", message: deprecated.warning }

export const providerInfo = (definition: AnyDefinition): ProviderInfo => {
  const config_fields = configFields(definition)
  return {
    api: definition.api.name,
    provider_type: definition.type,
    display_name: definition.displayName,
    description: definition.description,
    credential_env_vars: config_fields.flatMap(({ env_var, field_type }) =>
      field_type === "secret" && env_var !== null ? [env_var] : []
    ),
    capabilities: definition.capabilities,
    status: definition.status.status,
    tested_against: definition.status.against ?? null,
    open_points: definition.status.open ?? [],
    defaults: Object.fromEntries(
      config_fields.flatMap((field) => field.default === null ? [] : [[field.id, field.default]])
    ),
    config_fields,
    requires: definition.requires.map(({ name }) => name),
    optional: definition.optional.map(({ name }) => name),
    deprecation: deprecationOf(definition)
  }
}
