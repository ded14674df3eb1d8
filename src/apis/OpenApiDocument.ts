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

/** A whole number in a query string is an integer to the reader, whatever it looks like on the wire. */
const integerParameters = (parameter: Document): Document => {
  const schema = parameter["schema"]
  return isObject(schema) && isObject(schema["contentSchema"])
    ? { ...parameter, schema: schema["contentSchema"] }
    : parameter
}

const repairOperation = (operation: unknown): unknown =>
  isObject(operation) && Array.isArray(operation["parameters"])
    ? { ...operation, parameters: operation["parameters"].map(integerParameters) }
    : operation

const repairPath = (path: unknown): unknown =>
  isObject(path)
    ? Object.fromEntries(Object.entries(path).map(([method, each]) => [method, repairOperation(each)]))
    : path

export const describeSchemas = (document: Document): Document => {
  const paths = document["paths"]
  const repaired = isObject(paths)
    ? Object.fromEntries(Object.entries(paths).map(([name, each]) => [name, repairPath(each)]))
    : paths
  return open({ ...document, paths: repaired }) as Document
}
