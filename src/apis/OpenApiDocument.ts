/** Repairs what the generated OpenAPI document says wrongly of our Schemas. */
import { Predicate } from "effect"

type Document = Record<string, unknown>

/** Fields we do not know are accepted, and dropped or kept: none of our objects is closed. */
const open = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(open)
  if (!Predicate.isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, each]) => !(name === "additionalProperties" && each === false))
      .map(([name, each]) => [name, open(each)])
  )
}

export const describeSchemas = (document: Document): Document => open(document) as Document
