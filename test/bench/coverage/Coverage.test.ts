/** What is served of a document: operations by path, fields by name and type, at every depth. */
import { assert, describe, it } from "@effect/vitest"
import * as Coverage from "../../../bench/coverage/Coverage.ts"
import * as OpenApiDocument from "../../../bench/coverage/OpenApiDocument.ts"

const json = (schema: object) => ({ content: { "application/json": { schema } } })

const operation = (request: object, response: object) => ({
  requestBody: json(request),
  responses: { 200: json(response) }
})

const theirs = OpenApiDocument.make({
  paths: {
    "/poems": {
      post: operation(
        {
          type: "object",
          properties: {
            title: { anyOf: [{ type: "string" }, { type: "null" }] },
            verses: { type: "array", items: { $ref: "#/components/schemas/Verse" } },
            rhymes: { type: "boolean" },
            tags: { type: "object", properties: { mood: { type: "string" } } }
          }
        },
        { $ref: "#/components/schemas/Verse" }
      ),
      get: operation({}, {})
    },
    "/poems/{poem_id}": { delete: operation({}, {}) },
    "/paintings": { post: operation({}, {}) }
  },
  components: {
    schemas: {
      Verse: {
        allOf: [
          { type: "object", properties: { text: { type: "string" } } },
          { type: "object", properties: { answer: { $ref: "#/components/schemas/Verse" } } }
        ]
      }
    }
  }
}, (path) => `/v1${path}`)

const ours = OpenApiDocument.make({
  paths: {
    "/v1/poems": {
      post: operation(
        {
          type: "object",
          properties: {
            title: { type: "string" },
            verses: { type: "array", items: { type: "object", properties: { text: { type: "integer" } } } },
            tags: { type: "object", additionalProperties: true }
          }
        },
        { type: "object", properties: { text: { type: "string" }, answer: { type: "object" } } }
      )
    },
    "/v1/poems/{id}": { delete: operation({}, {}) }
  }
})

const poems = { name: "Poems", place: (path: string) => path, leftOut: { "/v1/paintings": "we do not paint" } }

const coverage = Coverage.of({ ...poems, fieldsLeftOut: [] }, theirs, ours)

const created = coverage.served.find(({ id }) => id === "POST /v1/poems")

describe("Coverage", () => {
  it("given operations of two documents, then they are told apart by method and path, whatever parameters are called", () => {
    assert.deepStrictEqual(coverage.served.map(({ id }) => id), ["POST /v1/poems", "DELETE /v1/poems/{}"])
    assert.deepStrictEqual(coverage.missing, ["GET /v1/poems"])
    assert.deepStrictEqual(coverage.leftOut, [{ id: "POST /v1/paintings", reason: "we do not paint" }])
  })

  it("given fields of a request, then each is described, passed where ours is open, missing or of another type", () => {
    assert.deepStrictEqual(created?.fields.request, {
      present: 4,
      passed: ["tags.mood"],
      missing: ["verses[].answer", "rhymes"],
      differing: ["verses[].text (string)"]
    })
  })

  it("given a Schema that contains itself, then its fields are counted once", () => {
    assert.deepStrictEqual(created?.fields.response, {
      present: 2,
      passed: [],
      missing: [],
      differing: []
    })
  })

  it("given fields that are left out with a reason, then they count as neither missing nor of another type", () => {
    const fieldsLeftOut = [[/^POST \/v1\/poems request (rhymes|verses\[\]\.text)$/, "they need none"]] as const
    const [first] = Coverage.of({ ...poems, fieldsLeftOut }, theirs, ours).served
    assert.deepInclude(first?.fields.request, { missing: ["verses[].answer"], differing: [] })
    assert.deepStrictEqual(first?.leftOut, [
      { field: "request rhymes", reason: "they need none" },
      { field: "request verses[].text (string)", reason: "they need none" }
    ])
  })
})
