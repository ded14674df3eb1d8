/** The strings of JSON text, rewritten in place. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { isStructured, rewrite, tokens } from "../../../src/events/redaction/JsonStrings.ts"

/** All strings of a value, keys among them, in the order they are written; numbers under keys too. */
const stringsOf = (value: Schema.Json, underKey = false): ReadonlyArray<string> => {
  if (typeof value === "string") return [value]
  if (typeof value === "number") return underKey ? [JSON.stringify(value)] : []
  if (typeof value !== "object" || value === null) return []
  return Array.isArray(value)
    ? value.flatMap((each) => stringsOf(each))
    : Object.entries(value).flatMap(([key, each]) => [key, ...stringsOf(each, true)])
}

describe("JsonStrings", () => {
  it.prop("gives all strings of JSON, however it is laid out", { value: Schema.Json }, ({ value }) => {
    for (const indent of [0, 2]) {
      const text = JSON.stringify(value, null, indent)
      assert.deepStrictEqual([...tokens(text)].map((token) => token.value), stringsOf(value))
    }
  })

  it.prop("leaves what is not changed by the byte", { text: Schema.String, value: Schema.Json }, ({ text, value }) => {
    for (const each of [text, JSON.stringify(value), JSON.stringify({ text })]) {
      assert.strictEqual(rewrite(each, (string) => string), each)
    }
  })

  it.prop("changes strings in JSON that stays JSON", { value: Schema.Json }, ({ value }) => {
    const changed = rewrite(JSON.stringify([value]), (string, key) => key === undefined ? string : `"${string}\n`)
    JSON.parse(changed)
  })

  it("tells a value's key, and none of what stands deeper", () => {
    const text = `{"a" : "1", "b":["2"], "c":{"d":"3"}, "e":-4.5e2, "\\u0066": "6"}`
    assert.deepStrictEqual(
      [...tokens(text)].flatMap(({ key, value }) => key === undefined ? [] : [[key, value]]),
      [["a", "1"], ["d", "3"], ["e", "-4.5e2"], ["f", "6"]]
    )
  })

  it.each([
    [`{"a":1}`, true],
    [` [1] `, true],
    [`data: {"a":1}\n\n`, true],
    [`event: x\ndata: {"a":1}\n\n`, true],
    [`{"a":`, false],
    [`say {"a":1}`, false],
    [`"text"`, false],
    ["1", false],
    ["", false]
  ])("%j is structured: %s", (text, structured) => assert.strictEqual(isStructured(text), structured))
})
