/** A provider type for a person who chooses and configures one. */
import type { ConfigField, ProviderInfo } from "../kernel/provider/ProviderModels.ts"

const fieldLines = (fields: ReadonlyArray<ConfigField>): ReadonlyArray<string> => {
  const width = Math.max(...fields.map(({ id }) => id.length))
  return fields.map((field) => {
    const notes = [
      ...field.required ? ["required"] : [],
      ...field.env_var === null ? [] : [`usually in ${field.env_var}`],
      ...field.choices === null ? [] : [`one of ${field.choices.join(", ")}`],
      ...field.default === null ? [] : [`default ${JSON.stringify(field.default)}`],
      ...field.show_when === null
        ? []
        : Object.entries(field.show_when).map(([other, values]) => `where ${other} is ${values.join(" or ")}`)
    ]
    return `    ${field.id.padEnd(width)}  ${field.field_type.padEnd(7)}  ${notes.join("; ")}`.trimEnd()
  })
}

const named = (name: string, values: ReadonlyArray<string>) =>
  values.length === 0 ? [] : [`  ${name}: ${values.join(", ")}`]

export const text = (info: ProviderInfo): string =>
  [
    `${info.provider_type}  (${info.api}) ${info.display_name}`,
    `  ${info.description}`,
    ...info.deprecation === null
      ? []
      : [`  deprecated${info.deprecation.severity === "error" ? ", starts no more" : ""}: ${info.deprecation.message}`],
    `  status: ${info.status}${info.tested_against === null ? "" : ` (${info.tested_against})`}`,
    ...named("open", info.open_points),
    ...named("can", info.capabilities),
    ...named("requires", info.requires),
    ...named("uses where configured", info.optional),
    ...info.config_fields.length === 0 ? [] : ["  config:", ...fieldLines(info.config_fields)]
  ].join("\n")
