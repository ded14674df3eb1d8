/** An OpenAPI document, whoever wrote it, as the operations and Schemas that two of them can be compared by. */
// @effect-diagnostics *:off
import * as fs from "node:fs"
import { parse } from "yaml"

export interface Json {
  readonly [key: string]: unknown
}

export interface Operation {
  readonly method: string
  /** With the name of each parameter left out: `/v1/files/{}`. */
  readonly path: string
  readonly parameters: unknown
  readonly request: unknown
  readonly response: unknown
  /** The events of its stream. */
  readonly stream: unknown
}

export interface OpenApiDocument {
  readonly operations: ReadonlyMap<string, Operation>
  /** Follows a reference; what is none stands for itself. */
  readonly resolve: (schema: unknown) => Json
}

export const isJson = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const fieldOf = (value: unknown, name: string): unknown => isJson(value) ? value[name] : undefined

const methods = ["get", "post", "put", "patch", "delete"]

const streams = /event-stream/

/** Of several content types all say the same with other words: JSON, a form. */
const contentSchema = (content: unknown, isStream: boolean): unknown => {
  const schemas = Object.entries(isJson(content) ? content : {})
    .filter(([type]) => streams.test(type) === isStream)
    .map(([, media]) => fieldOf(media, "schema"))
    .filter((schema) => schema !== undefined)
  return schemas.length < 2 ? schemas[0] : { anyOf: schemas }
}

const parameterSchema = (parameters: ReadonlyArray<Json>): Json => ({
  type: "object",
  properties: Object.fromEntries(
    parameters.filter(({ in: place }) => place === "query").map(({ name, schema }) => [String(name), schema ?? {}])
  )
})

export const unnamed = (path: string): string => path.replace(/\{[^}]*\}/g, "{}").replace(/\?.*$/, "")

export const read = (file: string): unknown => {
  const text = fs.readFileSync(file, "utf8")
  return file.endsWith(".json") ? JSON.parse(text) : parse(text, { maxAliasCount: -1 })
}

/** `place` says where we serve what a path of the document means; undefined for what is not of this comparison. */
export const make = (document: unknown, place: (path: string) => string = (path) => path): OpenApiDocument => {
  const resolve = (schema: unknown): Json => {
    if (!isJson(schema)) return {}
    const reference = schema["$ref"]
    if (typeof reference !== "string") return schema
    const target = reference.replace(/^#\//, "").split("/").reduce<unknown>(
      (value, part) => fieldOf(value, decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~")),
      document
    )
    return resolve(target)
  }
  const successOf = (responses: unknown): unknown =>
    Object.entries(isJson(responses) ? responses : {}).find(([status]) => status.startsWith("2"))?.[1]
  const paths = fieldOf(document, "paths")
  const operations = Object.entries(isJson(paths) ? paths : {}).flatMap(([path, item]) =>
    methods.flatMap((method): ReadonlyArray<Operation> => {
      const operation = fieldOf(item, method)
      if (!isJson(operation)) return []
      const listed = [fieldOf(item, "parameters"), operation["parameters"]].filter(Array.isArray).flat()
      const answer = fieldOf(resolve(successOf(operation["responses"])), "content")
      return [{
        method: method.toUpperCase(),
        path: unnamed(place(path)),
        parameters: parameterSchema(listed.map(resolve)),
        request: contentSchema(fieldOf(resolve(operation["requestBody"]), "content"), false),
        response: contentSchema(answer, false),
        stream: contentSchema(answer, true)
      }]
    })
  )
  return { operations: new Map(operations.map((each) => [`${each.method} ${each.path}`, each])), resolve }
}
