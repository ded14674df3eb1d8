/** The configuration file as JSON Schema 2020-12, for editors: with the settings of every provider type. */
import { JsonSchema, Predicate, Schema } from "effect"
import { disabled } from "../issues/EnvironmentSubstitution.ts"
import { configFields, takenFields } from "../provider/FieldPrompt.ts"
import type { AnyDefinition } from "../provider/Provider.ts"
import { Configuration } from "./Configuration.ts"

type Json = Schema.Json
type JsonObject = Schema.JsonObject

const environment = { $ref: "#/$defs/environment" }
const environmentText = {
  type: "string",
  pattern: "\\$\\{env\\.[A-Z0-9_]+(:[=+].*)?\\}",
  description: "From the environment: ${env.NAME}, ${env.NAME:=default}, or ${env.NAME:+value} where NAME is set"
}

const isObject = (value: unknown): value is JsonObject => Predicate.isObject(value)
const propertiesOf = (schema: JsonObject, key = "properties"): JsonObject => {
  const part = schema[key]
  return isObject(part) ? part : {}
}

/** A text that may only be this or that may always be a variable, whose value is not known here. */
const admitEnvironment = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(admitEnvironment)
  if (!isObject(value)) return value
  if (value["type"] === "string" && ("enum" in value || "pattern" in value)) {
    const { default: written, description, ...only } = value
    return {
      anyOf: [only, environment],
      ...description === undefined ? {} : { description },
      ...written === undefined ? {} : { default: written }
    }
  }
  const inner = (key: string, each: Json): Json =>
    key === "properties" && isObject(each)
      ? Object.fromEntries(Object.entries(each).map(([name, schema]) => [name, admitEnvironment(schema)]))
      : key === "default" || key === "enum" || key === "const"
      ? each
      : admitEnvironment(each)
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, inner(key, each)]))
}

const written = (schema: Schema.Top): { readonly schema: JsonObject; readonly definitions: JsonObject } => {
  const { definitions, schema: root } = Schema.toJsonSchemaDocument(Schema.toEncoded(schema), {
    onExcessProperty: "error"
  })
  return { schema: root as JsonObject, definitions: definitions as JsonObject }
}

const flag = (description: string): JsonObject => ({
  anyOf: [{ type: "boolean" }, { type: "string", pattern: "^\\s*([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])?\\s*$" }],
  description
})

/** What every provider's `config` may say besides its own settings. */
const flags: JsonObject = {
  debug: flag("true: its calls are recorded with truncated payloads, whatever recording.level says; false: in summary"),
  raw_debug: flag("true: its calls are recorded whole, whatever recording.level says")
}

/** Descriptions and defaults that stand beside what is written are added to it. */
const configOf = (definition: AnyDefinition): { readonly config: JsonObject; readonly definitions: JsonObject } => {
  const { definitions, schema } = written(definition.config)
  const about = new Map(takenFields(definition).map((field) => [field.id, field]))
  const properties = Object.entries(propertiesOf(schema)).map(([name, property]) => {
    const field = about.get(name)
    return [name, {
      ...field === undefined ? {} : { description: field.description ?? field.prompt },
      ...field === undefined || field.default === null ? {} : { default: field.default },
      ...isObject(property) ? property : {}
    }]
  })
  const config = { ...schema, properties: { ...Object.fromEntries(properties), ...flags } }
  return { config: { description: definition.description, ...config }, definitions }
}

const keyOf = ({ api, type }: AnyDefinition): string => `${api.name}.${type.replace("::", ".")}`

/** An entry that is switched off is not looked at. */
const inUse = { provider_id: { not: { enum: [disabled, "", null] } } }

/** Without the keyword `then`: an object that has it looks like a promise. */
const when = (condition: JsonObject, consequence: JsonObject): JsonObject => ({
  if: { not: condition },
  else: consequence
})

/** What an entry of a type has to say. */
const conditionOf = (definition: AnyDefinition): JsonObject => {
  const config = { properties: { config: { $ref: `#/$defs/${keyOf(definition)}` } } }
  const required = configFields(definition).some((field) => field.required)
  return when(
    { properties: { provider_type: { const: definition.type }, ...inUse }, required: ["provider_type"] },
    required ? { ...config, required: ["config"] } : config
  )
}

/** Without a module there are no other types. */
const onlyThese = (types: ReadonlyArray<AnyDefinition>): JsonObject => {
  const ofThese = { oneOf: types.map(({ description, type }) => ({ const: type, description })) }
  return when(
    { not: { required: ["module"] }, properties: inUse },
    { properties: { provider_type: { anyOf: [ofThese, environment] } } }
  )
}

/** `registry`: the provider types there are. */
export const make = (registry: ReadonlyArray<AnyDefinition>): JsonObject => {
  const whole = written(Configuration)
  const root = propertiesOf(whole.definitions, "Configuration")
  const properties = propertiesOf(root)
  const providers = propertiesOf(properties, "providers")
  const lists = propertiesOf(providers, "additionalProperties")
  const entry = propertiesOf(lists, "items")
  const byApi = [...Map.groupBy(registry, ({ api }) => api.name)]
  const configs = registry.map((definition) => ({ key: keyOf(definition), ...configOf(definition) }))
  const described = byApi.map(([api, types]) => [api, {
    ...lists,
    description: `The providers of the API ${api}`,
    items: { ...entry, allOf: types.map(conditionOf) }
  }])
  const strict = byApi.map(([api, types]) => [api, { items: onlyThese(types) }])
  return {
    $schema: JsonSchema.META_SCHEMA_URI_DRAFT_2020_12,
    title: "Strata configuration",
    ...admitEnvironment({
      ...root,
      properties: { ...properties, providers: { ...providers, properties: Object.fromEntries(described) } }
    }) as JsonObject,
    if: { required: ["modules"] },
    else: { properties: { providers: { properties: Object.fromEntries(strict) } } },
    $defs: {
      environment: environmentText,
      ...admitEnvironment(Object.fromEntries([
        ...configs.flatMap(({ definitions }) => Object.entries(definitions)),
        ...configs.map(({ config, key }) => [key, config] as const)
      ])) as JsonObject
    }
  }
}
