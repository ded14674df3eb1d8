/** The fields of a Schema and of all within it, each with its types. */
// @effect-diagnostics *:off
import { isJson, type Json, type OpenApiDocument } from "./OpenApiDocument.ts"

export interface Field {
  readonly types: Set<string>
  /** Takes fields that it does not name. */
  open: boolean
}

/** By where it stands: `messages[].content`. The root is the empty path. */
export type SchemaFields = ReadonlyMap<string, Field>

/** What stands deeper is of no use to a reader. */
const deepest = 24

const listOf = (value: unknown): ReadonlyArray<unknown> => Array.isArray(value) ? value : []

const typesOf = (schema: Json): ReadonlyArray<string> => {
  const { const: constant, enum: values, type } = schema
  if (typeof type === "string") return [type === "integer" ? "number" : type]
  if (Array.isArray(type)) return type.map((each) => each === "integer" ? "number" : String(each))
  if (constant !== undefined) return [constant === null ? "null" : typeof constant]
  if (Array.isArray(values)) return values.map((each) => each === null ? "null" : typeof each)
  if (schema["properties"] !== undefined || schema["additionalProperties"] !== undefined) return ["object"]
  return schema["items"] === undefined ? [] : ["array"]
}

const branches = ["allOf", "anyOf", "oneOf"]

export const of = (document: OpenApiDocument, root: unknown): SchemaFields => {
  const fields = new Map<string, Field>()
  const visited = new Map<string, Set<Json>>()
  const visit = (path: string, value: unknown, within: ReadonlyArray<Json>): void => {
    const schema = document.resolve(value)
    const at = visited.get(path) ?? new Set()
    if (at.has(schema) || within.length > deepest) return
    visited.set(path, at.add(schema))
    const field = fields.get(path) ?? { types: new Set<string>(), open: false }
    fields.set(path, field)
    for (const type of typesOf(schema)) field.types.add(type)
    if (schema["nullable"] === true) field.types.add("null")
    if (within.includes(schema)) return
    const inside = [...within, schema]
    for (const name of branches) for (const each of listOf(schema[name])) visit(path, each, inside)
    const { additionalProperties, items, properties } = schema
    if (additionalProperties === true || isJson(additionalProperties)) field.open = true
    const says = ["properties", "additionalProperties", "$ref", "items", "type", "enum", "const", "not", ...branches]
    if (says.every((name) => schema[name] === undefined)) field.open = true
    if (items !== undefined) visit(`${path}[]`, items, inside)
    for (const [name, each] of Object.entries(isJson(properties) ? properties : {})) {
      visit(path === "" ? name : `${path}.${name}`, each, inside)
    }
  }
  if (root !== undefined) visit("", root, [])
  return fields
}
