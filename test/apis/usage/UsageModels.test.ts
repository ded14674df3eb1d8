/** What usage is asked by and answers with is described, field by field, each with an example. */
import { assert, describe, it } from "@effect/vitest"
import { OpenApi } from "effect/http-api"
import { Api } from "../../../src/apis/Apis.ts"
import { cursorIn, dimensionsIn, timeIn } from "../../../src/apis/usage/UsageModels.ts"

const document = OpenApi.fromApi(Api)

/** Of all lists. */
const ofLists = new Set(["object", "data", "first_id", "last_id", "has_more", "limit"])

describe("UsageModels", () => {
  it("describe each parameter as it is on the wire", () => {
    const parameters = Object(document.paths["/v1/usage"]?.get).parameters
    assert.sameMembers(
      parameters.map(({ name }: { readonly name: string }) => name),
      ["group_by", "since", "until", "session", "model", "provider", "principal", "day", "limit", "after"]
    )
    for (const { description, name, schema } of parameters) {
      assert.isNotEmpty(description, name)
      if (ofLists.has(name)) continue
      assert.strictEqual(schema.type, "string", name)
      assert.isNotEmpty(schema.examples, name)
    }
  })

  it.each(["UsageGroup", "UsageTotals"])("describe each field of %s", (name) => {
    const { properties } = Object(document.components.schemas[name])
    assert.isAbove(Object.keys(properties).length, 10)
    for (const [field, schema] of Object.entries(properties)) {
      assert.isNotEmpty(Object(schema).description, field)
      assert.isNotEmpty(Object(schema).examples, field)
    }
  })

  it("read what they take", () => {
    assert.deepStrictEqual(dimensionsIn("day,principal"), ["day", "principal"])
    assert.strictEqual(timeIn("1970-01-02"), 86_400_000)
    assert.strictEqual(timeIn("1970-01-01T01:00:00+01:00"), 0)
    assert.isUndefined(timeIn("1970-01-01T01:00:00"))
    assert.deepStrictEqual(cursorIn("[null,\"a\"]"), [null, "a"])
    for (const text of ["", "[]", "[1]", "[\"a\",\"b\",\"c\"]", "{}", "x"]) assert.isUndefined(cursorIn(text), text)
  })
})
