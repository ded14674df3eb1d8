/** Repairs what the generated OpenAPI document says wrongly of our Schemas. */

type Document = Record<string, unknown>

const isObject = (value: unknown): value is Document =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Fields we do not know are accepted, and dropped or kept: none of our objects is closed. */
const open = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(open)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, each]) => !(name === "additionalProperties" && each === false))
      .map(([name, each]) => [name, open(each)])
  )
}

export const describeSchemas = (document: Document): Document => open(document) as Document
