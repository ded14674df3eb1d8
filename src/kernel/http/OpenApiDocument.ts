/** Repairs what the generated OpenAPI document says wrongly of our Schemas, and adds how clients authenticate. */
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

const securitySchemes = {
  bearer: { type: "http", scheme: "bearer", description: "A key of this server, or a token (JWT) of its issuer." },
  api_key: { type: "apiKey", in: "header", name: "x-api-key", description: "The same, as Anthropic's clients send it." }
}

const security = [{ bearer: [] }, { api_key: [] }]

const beforeAnything = new Set(["401", "403", "409", "429"])

/** What is public is refused to nobody. */
const admitted = (authenticated: boolean) => (operation: unknown): unknown => {
  if (!Predicate.isObject(operation)) return operation
  if (!("x-public" in operation)) return authenticated ? { ...operation, security } : operation
  const responses = Object.entries(Object(operation["responses"])).filter(([status]) => !beforeAnything.has(status))
  return { ...operation, responses: Object.fromEntries(responses), security: [] }
}

const eachOperation = (paths: unknown, change: (operation: unknown) => unknown): unknown =>
  Object.fromEntries(
    Object.entries(Object(paths)).map(([path, methods]) => [
      path,
      Object.fromEntries(Object.entries(Object(methods)).map(([method, operation]) => [method, change(operation)]))
    ])
  )

/** For the whole API's `OpenApi.annotations({ transform })`; `authenticated`: this server wants to know who asks. */
export const describe = (authenticated: boolean) => (document: Document): Document => {
  const { components, paths, ...rest } = open(document) as Document
  return {
    ...rest,
    paths: eachOperation(paths, admitted(authenticated)),
    components: { ...Object(components), ...authenticated ? { securitySchemes } : {} }
  }
}
