import { assert, describe, it } from "@effect/vitest"
import type { Schema } from "effect"
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

describe("fields by their names", () => {
  const named: Schema.JsonObject = JSON.parse(`{"b":1,"a":null,"__proto__":{"x":1},"c":0}`)

  it("without: those of the names are left out, the others stay in their order", () => {
    assert.deepStrictEqual(Object.entries(JsonAccess.without(named, ["a", "toString"])), [
      ["b", 1],
      ["__proto__", { x: 1 }],
      ["c", 0]
    ])
    assert.deepStrictEqual(JsonAccess.without(named, ["__proto__"]), { b: 1, a: null, c: 0 })
  })

  it("saying: what is null or absent is left out, the order is that of the fields", () => {
    const given = JsonAccess.saying(named, ["c", "__proto__", "a", "b", "toString", "d"])
    assert.deepStrictEqual(Object.entries(given), [["b", 1], ["__proto__", { x: 1 }], ["c", 0]])
    assert.isUndefined((given as Schema.JsonObject)["x"])
  })
})

describe("asText", () => {
  it.each<[unknown, string]>([
    ["a", "a"],
    [5, "5"],
    [null, "null"],
    [undefined, "undefined"],
    [{ toString: 1, valueOf: 1 }, "[object Object]"],
    [[{ toString: 1 }], "[object Array]"]
  ])("takes a value for what it is, and never fails (%#)", (value, text) => {
    assert.strictEqual(JsonAccess.asText(value), text)
  })
})
