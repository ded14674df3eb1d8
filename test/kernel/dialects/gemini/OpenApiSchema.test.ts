/** Google's Schema is JSON Schema in other words, and JSON Schema stays as it is. */
import { assert, describe, it } from "@effect/vitest"
import type { Schema } from "effect"
import { jsonSchema } from "../../../../src/kernel/dialects/gemini/OpenApiSchema.ts"

const rows: ReadonlyArray<readonly [Schema.JsonObject, Schema.JsonObject]> = [
  [{ type: "STRING" }, { type: "string" }],
  [{ type: "STRING", nullable: true }, { type: ["string", "null"] }],
  [{ type: "STRING", nullable: false }, { type: "string", nullable: false }],
  [{ nullable: true, anyOf: [{ type: "STRING" }] }, { nullable: true, anyOf: [{ type: "string" }] }],
  [{ type: "ARRAY", items: { type: "NUMBER" }, maxItems: "3" }, {
    type: "array",
    items: { type: "number" },
    maxItems: 3
  }],
  [
    { type: "OBJECT", properties: { type: { type: "STRING" }, items: { type: "INTEGER" } }, required: ["type"] },
    { type: "object", properties: { type: { type: "string" }, items: { type: "integer" } }, required: ["type"] }
  ],
  [{ type: "STRING", enum: ["STRING"], example: { type: "STRING" } }, {
    type: "string",
    enum: ["STRING"],
    example: { type: "STRING" }
  }]
]

const json: Schema.JsonObject = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: ["object", "null"],
  properties: { a: { $ref: "#/$defs/b" } },
  additionalProperties: false,
  $defs: { b: { oneOf: [{ type: "string", minLength: 1 }, true] } }
}

describe("OpenApiSchema", () => {
  it.each(rows)("makes JSON Schema of %j", (schema, expected) => assert.deepStrictEqual(jsonSchema(schema), expected))
  it("leaves JSON Schema as it is", () => assert.deepStrictEqual(jsonSchema(json), json))
})
