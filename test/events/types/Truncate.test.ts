/** Payloads cut down to a size. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { fits, isTruncated, truncateJson, truncateList, truncateText } from "../../../src/events/types/Truncate.ts"

const bound = 400

const cut = (value: Schema.Json, atMost = bound) => truncateJson(JSON.stringify(value), value, atMost)

const repeat = <A>(count: number, item: A): Array<A> => Array.from({ length: count }, () => item)

const nested = (depth: number): Schema.Json => Array.from({ length: depth }).reduce<Schema.Json>((inner) => [inner], [])

/** What could slip past a count of bytes. */
const long: ReadonlyArray<readonly [name: string, value: Schema.Json]> = [
  ["a long string", "x".repeat(10_000)],
  ["a long string of Chinese", "漢字かな".repeat(2500)],
  ["a long string of emoji", "🎉👩‍🚀".repeat(2500)],
  ["halves of characters", "\ud83d".repeat(5000)],
  ["many items of Chinese", repeat(1000, "漢字")],
  ["many names of emoji", Object.fromEntries(repeat(500, "").map((_, index) => ["🎉".repeat(index), "👩‍🚀"]))],
  ["a string that needs escapes", "\u0000\"\n".repeat(5000)],
  ["many items", repeat(10_000, 1)],
  ["many empty lists", repeat(10_000, [])],
  ["many empty objects", repeat(10_000, {})],
  ["many nulls", repeat(10_000, null)],
  ["long numbers", repeat(1000, 1.234567890123456e-300)],
  ["long names", { ["n".repeat(10_000)]: 1, ["m".repeat(10_000)]: { ["o".repeat(10_000)]: 2 } }],
  ["many names", Object.fromEntries(repeat(1000, "").map((_, index) => [`name-${index}`, index]))],
  ["deep nesting", nested(2000)],
  ["deep and wide nesting", repeat(500, nested(100))]
]

const named = Object.fromEntries(long)

const Bound = Schema.Int.check(Schema.isBetween({ minimum: 100, maximum: 1000 }))

describe("truncateJson", () => {
  it.each([
    { text: "1e999", expected: "null" },
    { text: `{"a":[1,-1E+400]}`, expected: `{"a":[1,null]}` },
    { text: `[${"9".repeat(309)}]`, expected: "[null]" },
    { text: `{"a":"1e999 and 5e1234"}`, expected: `{"a":"1e999 and 5e1234"}` },
    { text: "[1e308,1e-999]", expected: "[1e308,1e-999]" }
  ])("shows numbers that no value can hold as nothing: $text", ({ expected, text }) => {
    assert.strictEqual(truncateJson(text, JSON.parse(text), bound), expected)
  })

  it("leaves text within the bound as it is", () => {
    const text = "{ \"b\": 1.0,\t\"a\": [\"\\u00e9\"] }"
    assert.strictEqual(truncateJson(text, JSON.parse(text), bound), text)
  })

  it("puts what is laid out over lines on one", () => {
    const text = "{\n  \"a\": 1\r\n}"
    assert.strictEqual(truncateJson(text, JSON.parse(text), bound), "{\"a\":1}")
  })

  it("says of strings, lists and objects how much was cut", () => {
    assert.strictEqual(cut("x".repeat(500)), `"${"x".repeat(180)}... (truncated 320 characters)"`)
    const list = JSON.parse(cut(repeat(500, 1)))
    assert.strictEqual(list.at(-1), `... (truncated ${500 - (list.length - 1)} items)`)
    const { "...": mark, ...fields } = JSON.parse(cut({ first: "kept", ...named["many names"] as Schema.JsonObject }))
    assert.strictEqual(fields.first, "kept")
    assert.strictEqual(mark, `(truncated ${1001 - Object.keys(fields).length} fields)`)
  })

  it("keeps the names that other objects have by birth", () => {
    const value = JSON.parse(`{"__proto__": {"a": 1}, "constructor": 2, "x": "${"x".repeat(500)}"}`)
    assert.match(cut(value), /^\{"__proto__":\{"a":1\},"constructor":2,"x":"x+\.\.\. \(truncated \d+ characters\)"\}$/)
  })

  for (const [name, value] of long) {
    it(`holds the bound for ${name}, and uses what it has`, () => {
      const text = cut(value)
      JSON.parse(text)
      assert.isAtMost(Buffer.byteLength(text), bound)
      assert.isAtLeast(text.length, 30)
      assert.isTrue(isTruncated(text))
    })
  }

  it.prop("is valid JSON within the bound, whatever the value", { value: Schema.Json, bound: Bound }, (given) => {
    const text = cut(repeat(20, given.value), given.bound)
    JSON.parse(text)
    assert.isAtMost(Buffer.byteLength(text), given.bound)
  })

  it("does not cut a character in two", () => {
    const shown = JSON.parse(cut({ a: `x${"🎉".repeat(200)}` })).a
    assert.strictEqual(shown, `x${"🎉".repeat(89)}... (truncated 222 characters)`)
    assert.isTrue(shown.isWellFormed())
  })

  it("holds the bound for what is longer on one line than it was", () => {
    const text = `[\n${repeat(50, "1e20").join(",")}]`
    assert.isAtMost(text.length, bound)
    assert.isAtMost(truncateJson(text, JSON.parse(text), bound).length, bound)
  })

  it.each([
    ["", 0, true],
    ["abcd", 4, true],
    ["abcde", 4, false],
    ["漢", 3, true],
    ["漢", 2, false],
    ["🎉", 4, true],
    ["🎉", 3, false]
  ])("counts bytes: %j within %i: %s", (text, bound, within) => assert.strictEqual(fits(text, bound), within))

  it.prop("counts the bytes that are written", { text: Schema.String, bound: Schema.Int }, ({ bound, text }) => {
    assert.strictEqual(fits(text, bound), Buffer.byteLength(text) <= bound)
  })
})

describe("truncateText", () => {
  it.prop("is a JSON string within the bound, of the beginning", { text: Schema.String, bound: Bound }, (given) => {
    const whole = `${given.text}é漢🎉`.repeat(20)
    const text = truncateText(whole, given.bound)
    assert.isAtMost(Buffer.byteLength(text), given.bound)
    const [kept = ""] = String(JSON.parse(text)).split("... (truncated")
    assert.isTrue(whole.startsWith(kept))
  })
})

describe("truncateList", () => {
  it("leaves a list within the bound as it is", () => {
    assert.strictEqual(truncateList(["a", "b\n"], bound), "[\"a\",\"b\\n\"]")
  })

  it.prop("is a JSON list within the bound, of the first texts", {
    texts: Schema.Array(Schema.String),
    bound: Bound
  }, (given) => {
    const texts = repeat(20, given.texts).flat()
    const text = truncateList(texts, given.bound)
    assert.isAtMost(Buffer.byteLength(text), given.bound)
    const kept: ReadonlyArray<string> = JSON.parse(text)
    if (kept.length === texts.length) return assert.deepStrictEqual(kept, texts)
    assert.deepStrictEqual(kept.slice(0, -1), texts.slice(0, kept.length - 1))
    assert.strictEqual(kept.at(-1), `... (truncated ${texts.length - kept.length + 1} items)`)
  })
})
