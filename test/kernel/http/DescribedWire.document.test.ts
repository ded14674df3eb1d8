/** What the whole document says of bodies that pass: every field described, every name one Schema, nothing else touched. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Predicate } from "effect"
import { HttpApi, OpenApi } from "effect/http-api"
import { Api } from "../../../src/apis/Apis.ts"
import type { Description } from "../../../src/kernel/http/DescribedWire.ts"
import { DescribedWire } from "../../../src/kernel/http/DescribedWire.ts"

type Json = Readonly<Record<string, unknown>>

const isJson = (value: unknown): value is Json => Predicate.isObject(value)

const clone = (value: unknown): Json => JSON.parse(JSON.stringify(value))

const document = clone(OpenApi.fromApi(Api))
/** As the routes alone have it. */
const plain = clone(
  OpenApi.fromApi(
    Object.values(Api.groups).reduce<HttpApi.Top>(
      (api, group) => api.add(group as never) as never,
      HttpApi.make("plain") as never
    )
  )
)

const at = (value: Json, ...path: ReadonlyArray<string>): Json =>
  path.reduce<Json>((inside, name) => isJson(inside[name]) ? inside[name] : {}, value)

const schemas = at(document, "components", "schemas")

const referenced = (value: unknown): ReadonlyArray<string> =>
  [...(JSON.stringify(value) ?? "").matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name!)

const reachable = (from: unknown, all: Json): ReadonlySet<string> => {
  const names = new Set(referenced(from))
  for (const name of names) for (const inside of referenced(all[name])) names.add(inside)
  return names
}

const described = new Map<string, Description>()
HttpApi.reflect(Api, {
  onGroup: () => {},
  onEndpoint: ({ endpoint }) => {
    const description = Context.get(endpoint.annotations, DescribedWire)
    const id = Context.getOrUndefined(endpoint.annotations, OpenApi.Identifier) ?? endpoint.identifier
    if (description !== undefined) described.set(id, description)
  }
})

const operationsOf = (of: Json): ReadonlyArray<Json> =>
  Object.values(at(of, "paths")).flatMap((methods) => Object.values(methods as Json).filter(isJson))

/** The bodies that are described, and no others. */
const bodies = operationsOf(document).flatMap((operation) => {
  const description = described.get(String(operation["operationId"]))
  const answer = at(operation, "responses", "200", "content")
  return [
    ...description?.request === undefined
      ? []
      : [at(operation, "requestBody", "content", "application/json", "schema")],
    ...description?.response === undefined
      ? []
      : [at(answer, "application/json" in answer ? "application/json" : "application/x-jsonl", "schema")],
    ...description?.event === undefined ? [] : [at(answer, "text/event-stream", "schema")]
  ]
})

/** The places of fields that nobody describes, also not what they refer to. */
const undescribed = (place: string, schema: unknown): ReadonlyArray<string> => {
  if (Array.isArray(schema)) return schema.flatMap((each) => undescribed(place, each))
  if (!isJson(schema)) return []
  const properties = Object.entries(at(schema, "properties"))
  const silent = properties.filter(([, each]) => !isJson(each) || String(each["description"] ?? "").length < 4)
  const within = Object.entries(schema).flatMap(([name, each]) =>
    name === "examples" || name === "properties" ? [] : undescribed(place, each)
  )
  return [
    ...silent.map(([name]) => `${place}.${name}`),
    ...properties.flatMap(([name, each]) => undescribed(`${place}.${name}`, each)),
    ...within
  ]
}

describe("the document of what passes", () => {
  it("describes the bodies of every dialect that clients speak", () => {
    assert.includeMembers([...described.keys()], [
      "createResponse",
      "createChatCompletion",
      "createCompletion",
      "createMessage",
      "countMessageTokens",
      "createInteraction"
    ])
    for (const body of bodies) assert.match(String(body["$ref"]), /^#\/components\/schemas\//)
  })

  it("says what every field of them is, and every Schema", () => {
    const names = [...reachable(bodies, schemas)]
    assert.isAbove(names.length, 250)
    assert.deepStrictEqual(names.flatMap((name) => undescribed(name, schemas[name])), [])
    assert.deepStrictEqual(names.filter((name) => !Predicate.isString(at(schemas, name)["description"])), [])
  })

  it("finds a field that nobody describes", () => {
    const schema = {
      properties: { text: { anyOf: [{ properties: { length: { type: "integer" } } }], description: "Text." } }
    }
    assert.deepStrictEqual(undescribed("Verse", schema), ["Verse.text.length"])
  })

  it("gives every Schema of them a name of its own", () => {
    assert.deepStrictEqual([...reachable(bodies, schemas)].filter((name) => /_\d+$/.test(name)), [])
  })

  it("leaves what other operations have as it is", () => {
    const others = operationsOf(plain).filter(({ operationId }) => !described.has(String(operationId)))
    assert.isAbove(others.length, 50)
    const before = at(plain, "components", "schemas")
    const open = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value).replaceAll(/"additionalProperties":false,?/g, "").replaceAll(",}", "}"))
    for (const name of reachable(others, before)) {
      if (name in schemas) assert.deepStrictEqual(open(schemas[name]), open(before[name]), name)
    }
  })

  it("gives no body to an operation that takes none", () => {
    for (const [path, methods] of Object.entries(at(document, "paths"))) {
      assert.notProperty(at(methods as Json, "get"), "requestBody", path)
    }
  })
})
