import { assert, describe, it } from "@effect/vitest"
import * as JsonAccess from "../../../src/events/types/JsonAccess.ts"

describe("LooseJson", () => {
  it.each([
    ["an object", "{\"a\":[1,null]}", { a: [1, null] }],
    ["null", "null", null],
    ["no JSON", "{oops", undefined],
    ["nothing", "", undefined]
  ])("parse: %s", (_, text, expected) => {
    assert.deepStrictEqual(JsonAccess.parse(text), expected)
  })

  it.each([
    ["a field", { a: 1 }, "a", 1],
    ["an absent field", { a: 1 }, "b", undefined],
    ["an inherited name", {}, "constructor", undefined],
    ["a text", "abc", "length", undefined],
    ["null", null, "a", undefined]
  ])("field: %s", (_, value, name, expected) => {
    assert.deepStrictEqual(JsonAccess.field(value, name), expected)
  })

  it("textOrNull: text stays, everything else is null", () => {
    assert.deepStrictEqual(["a", "", 1, null, undefined, {}].map(JsonAccess.textOrNull), [
      "a",
      "",
      null,
      null,
      null,
      null
    ])
  })
})
