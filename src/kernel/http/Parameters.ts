/** Documents query and path parameters as their Schemas mean them: the generator shows how they look on the wire. */
import { Predicate, Schema } from "effect"

type Document = Record<string, unknown>
type Fields = Readonly<Record<string, Schema.Top>>

const schemaOf = (field: Schema.Top): unknown => {
  const { definitions, schema } = Schema.toJsonSchemaDocument(Schema.toType(field))
  const reference = Predicate.isObject(schema) ? schema["$ref"] : undefined
  return typeof reference === "string" ? definitions[reference.slice(reference.lastIndexOf("/") + 1)] : schema
}

const describe = (fields: Fields) => (parameter: unknown): unknown => {
  if (!Predicate.isObject(parameter)) return parameter
  const field = fields[String(parameter["name"])]
  if (field === undefined) return parameter
  const schema = schemaOf(field)
  const description = Predicate.isObject(schema) ? schema["description"] : undefined
  return { ...parameter, schema, ...(description === undefined ? {} : { description }) }
}

/** For an endpoint's `OpenApi.annotations({ transform })`. */
export const parameters = (...schemas: ReadonlyArray<{ readonly fields: Fields }>) => {
  const fields: Fields = Object.assign({}, ...schemas.map((schema) => schema.fields))
  return (operation: Document): Document =>
    Array.isArray(operation["parameters"])
      ? { ...operation, parameters: operation["parameters"].map(describe(fields)) }
      : operation
}

/** Adds a parameter whose keys stand in its name: `metadata[ticket]=4711`. Its handler reads it. */
export const deepObject = (name: string, description: string) => (operation: Document): Document => ({
  ...operation,
  parameters: [
    ...Array.isArray(operation["parameters"]) ? operation["parameters"] : [],
    {
      name,
      in: "query",
      required: false,
      style: "deepObject",
      explode: true,
      description,
      schema: { type: "object", additionalProperties: { type: "string" } }
    }
  ]
})
