import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { deepObject, parameters } from "../../../src/kernel/http/Parameters.ts"

const level = Schema.Literals(["default", "raw"]).annotate({ identifier: "Named" })
const query = Schema.Struct({
  limit: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 10 }))).annotate({
    description: "How many."
  }),
  level: Schema.optionalKey(level)
})

/** As the generator writes a whole number: text with a pattern. */
const generated = { name: "limit", in: "query", schema: { type: "string", pattern: "^[+-]?\\d+$" }, required: false }

describe("parameters", () => {
  it("shows a whole number as an integer, with its bounds and description", () => {
    const operation = parameters(query)({ operationId: "list", parameters: [generated] })

    assert.deepStrictEqual(operation, {
      operationId: "list",
      parameters: [{
        name: "limit",
        in: "query",
        required: false,
        description: "How many.",
        schema: { type: "integer", minimum: 1, maximum: 10, description: "How many." }
      }]
    })
  })

  it("writes out a Schema that has a name of its own", () => {
    const operation = parameters(query)({ parameters: [{ name: "level", schema: {} }] })

    assert.deepStrictEqual(operation["parameters"], [
      { name: "level", schema: { type: "string", enum: ["default", "raw"] } }
    ])
  })

  it("leaves alone what it was told nothing of", () => {
    const other = { name: "other", in: "query", schema: { type: "string" } }

    assert.deepStrictEqual(parameters(query)({ parameters: [other] }), { parameters: [other] })
    assert.deepStrictEqual(parameters(query)({ operationId: "none" }), { operationId: "none" })
  })

  it("adds one whose keys stand in its name", () => {
    const operation = deepObject("metadata", "These pairs.")({ operationId: "list", parameters: [generated] })

    assert.deepStrictEqual(operation["parameters"], [generated, {
      name: "metadata",
      in: "query",
      required: false,
      style: "deepObject",
      explode: true,
      description: "These pairs.",
      schema: { type: "object", additionalProperties: { type: "string" } }
    }])
  })
})
