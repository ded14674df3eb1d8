/**
 * What clients may send and get, field by field, where bytes pass as they are. The Schemas of such a route are open, so that
 * a field of tomorrow passes too: nothing is decoded by these here. They are for the OpenAPI document, and made when
 * somebody asks for it.
 */
import { Context, Predicate } from "effect"
import type { Schema } from "effect"
import { HttpApi, HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"

const parts = ["request", "response", "event"] as const
type Part = (typeof parts)[number]

/** The body, the answer as JSON or a line of it, and the JSON of an event of its stream; what is absent is as the route has it. */
export type Description = { readonly [P in Part]?: () => Schema.Top }

export const DescribedWire = Context.Reference<Description | undefined>(
  "strata/kernel/http/DescribedWire",
  { defaultValue: () => undefined }
)

type Json = Readonly<Record<string, unknown>>

const at = (value: unknown, ...path: ReadonlyArray<string>): Json =>
  path.reduce<Json>((inside, name) => {
    const next = inside[name]
    return Predicate.isObject(next) ? next as Json : {}
  }, Predicate.isObject(value) ? value as Json : {})

const withSchema = (content: Json, type: string, schema: Json | undefined): Json =>
  schema !== undefined && type in content ? { ...content, [type]: { schema } } : content

/** One of one, with a description around it, is that one with the description beside it. */
const unwrapped = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(unwrapped)
  if (!Predicate.isObject(value)) return value
  const { anyOf, ...rest } = value as Json
  const [only] = Array.isArray(anyOf) && anyOf.length === 1 ? anyOf : []
  const one = only !== undefined && "$ref" in at(only) ? { ...rest, ...at(only) } : value
  return Object.fromEntries(Object.entries(one).map(([name, each]) => [name, unwrapped(each)]))
}

/** Each Schema as the body of an operation of its own, so that it becomes what a document has. */
const schemasOf = (described: ReadonlyArray<readonly [id: string, description: Description]>) => {
  const group = described.reduce<HttpApiGroup.Top>((group, [id, description]) =>
    parts.reduce((group, part) => {
      const payload = description[part]?.() as Schema.Codec<unknown> | undefined
      if (payload === undefined) return group
      return group.add(HttpApiEndpoint.post(`${part}-${id}`, `/${id}/${part}`, { payload })) as never
    }, group), HttpApiGroup.make("described") as never)
  const document = OpenApi.fromApi(HttpApi.make("described").add(group as never))
  return {
    schemas: unwrapped(document.components.schemas) as Json,
    of: (id: string, part: Part): Json | undefined => {
      const content = at(document.paths, `/${id}/${part}`, "post", "requestBody", "content", "application/json")
      return "schema" in content ? at(content, "schema") : undefined
    }
  }
}

const change = (operation: Json, schema: (part: Part) => Json | undefined): Json => {
  const answer = at(operation, "responses", "200")
  const content = ["application/json", "application/x-jsonl"].reduce(
    (content, type) => withSchema(content, type, schema("response")),
    at(answer, "content")
  )
  const body = at(operation, "requestBody")
  const changed = { ...body, content: withSchema(at(body, "content"), "application/json", schema("request")) }
  return {
    ...operation,
    ..."requestBody" in operation ? { requestBody: changed } : {},
    responses: {
      ...at(operation, "responses"),
      "200": { ...answer, content: withSchema(content, "text/event-stream", schema("event")) }
    }
  }
}

const referenced = (value: unknown): ReadonlyArray<string> =>
  [...(JSON.stringify(value) ?? "").matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name ?? "")

/** Of the Schemas, those that operations have, and what is within these. */
const used = (paths: Json, schemas: Json): Json => {
  const names = new Set(referenced(paths))
  for (const name of names) for (const inside of referenced(schemas[name])) names.add(inside)
  return Object.fromEntries(Object.entries(schemas).filter(([name]) => names.has(name)))
}

/** Puts the descriptions of an API's operations into its document. */
export const describeWires = (api: HttpApi.Top) => (document: Json): Json => {
  const described: Array<readonly [id: string, description: Description]> = []
  HttpApi.reflect(api, {
    onGroup: () => {},
    onEndpoint: ({ endpoint }) => {
      const description = Context.get(endpoint.annotations, DescribedWire)
      const id = Context.getOrUndefined(endpoint.annotations, OpenApi.Identifier) ?? endpoint.identifier
      if (description !== undefined) described.push([id, description])
    }
  })
  if (described.length === 0) return document
  const { of, schemas } = schemasOf(described)
  const ids = new Set(described.map(([id]) => id))
  const paths = Object.fromEntries(
    Object.entries(at(document, "paths")).map(([path, methods]) => [
      path,
      Object.fromEntries(
        Object.entries(at(methods)).map(([method, operation]) => {
          const id = String(at(operation)["operationId"])
          return [method, ids.has(id) ? change(at(operation), (part) => of(id, part)) : operation]
        })
      )
    ])
  )
  const components = at(document, "components")
  return {
    ...document,
    paths,
    components: { ...components, schemas: used(paths, { ...at(components, "schemas"), ...schemas }) }
  }
}
