/** Google's Schema, a piece of OpenAPI 3.0 with types in upper case, as JSON Schema. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { isFields } from "../../../events/types/JsonAccess.ts"
import type { Fields } from "./ProtoNames.ts"

const schemas: ReadonlySet<string> = new Set(["items", "additionalProperties", "not"])
const lists: ReadonlySet<string> = new Set(["anyOf", "any_of", "oneOf", "allOf", "prefixItems"])
const maps: ReadonlySet<string> = new Set(["properties", "defs", "$defs"])

/** Numbers that Google writes as text, for they may be greater than what JSON is sure to hold. */
const counts: ReadonlySet<string> = new Set([
  "minItems",
  "maxItems",
  "minLength",
  "maxLength",
  "minProperties",
  "maxProperties"
])

const numberOf = (value: Schema.Json): Schema.Json =>
  Predicate.isString(value) && /^\d{1,15}$/.test(value) ? Number(value) : value

const either = (value: Schema.Json): Schema.Json => isFields(value) ? jsonSchema(value) : value

const typeOf = (type: Schema.Json, nullable: boolean): Schema.Json => {
  const name = Predicate.isString(type) ? type.toLowerCase() : type
  return nullable && Predicate.isString(name) ? [name, "null"] : name
}

const valueOf = (name: string, value: Schema.Json): Schema.Json => {
  if (schemas.has(name)) return either(value)
  if (lists.has(name) && Array.isArray(value)) return value.map(either)
  if (maps.has(name) && isFields(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, either(each)]))
  }
  return counts.has(name) ? numberOf(value) : value
}

/** What is JSON Schema already stays as it is. */
export const jsonSchema = (schema: Fields): Fields => {
  const { nullable, type, ...rest } = schema
  const fields = Object.entries(rest).map(([name, value]) => [name === "any_of" ? "anyOf" : name, valueOf(name, value)])
  return {
    ...(type === undefined ? {} : { type: typeOf(type, nullable === true) }),
    ...(nullable === undefined || (nullable === true && Predicate.isString(type)) ? {} : { nullable }),
    ...Object.fromEntries(fields)
  }
}
