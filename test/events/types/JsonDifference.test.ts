/** Differences between JSON values are named by their paths; what only looks different is none. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { canonical, differences, pathMatches } from "../../../src/events/types/JsonDifference.ts"

const difference = (path: string, expected: unknown, found: unknown) => ({ path, expected, found })

const rows: ReadonlyArray<{
  readonly name: string
  readonly expected: unknown
  readonly found: unknown
  readonly differences: ReadonlyArray<{ readonly path: string; readonly expected: unknown; readonly found: unknown }>
}> = [
  { name: "equal values", expected: { a: [1, { b: null }] }, found: { a: [1, { b: null }] }, differences: [] },
  { name: "the order of keys", expected: { a: 1, b: 2 }, found: { b: 2, a: 1 }, differences: [] },
  { name: "zero and minus zero", expected: [0], found: [-0], differences: [] },
  { name: "another value", expected: 1, found: 2, differences: [difference("", 1, 2)] },
  { name: "a number and its text", expected: { a: 1 }, found: { a: "1" }, differences: [difference("a", 1, "1")] },
  { name: "null and nothing", expected: { a: null }, found: {}, differences: [difference("a", null, undefined)] },
  { name: "an absent key", expected: { a: 1 }, found: {}, differences: [difference("a", 1, undefined)] },
  { name: "a new key", expected: {}, found: { a: 1 }, differences: [difference("a", undefined, 1)] },
  {
    name: "a new key that every object inherits",
    expected: {},
    found: { constructor: 1 },
    differences: [difference("constructor", undefined, 1)]
  },
  {
    name: "a new key named like the prototype",
    expected: {},
    found: JSON.parse(`{"__proto__":{}}`),
    differences: [difference("__proto__", undefined, {})]
  },
  {
    name: "a value deep inside",
    expected: { messages: [{ content: "a" }, { content: "b" }] },
    found: { messages: [{ content: "a" }, { content: "c" }] },
    differences: [difference("messages.1.content", "b", "c")]
  },
  { name: "a shorter list", expected: [1, 2], found: [1], differences: [difference("1", 2, undefined)] },
  {
    name: "the order of a list",
    expected: [1, 2],
    found: [2, 1],
    differences: [difference("0", 1, 2), difference("1", 2, 1)]
  },
  { name: "a list and an object", expected: { a: [] }, found: { a: {} }, differences: [difference("a", [], {})] },
  {
    name: "several, in the order of the expected keys",
    expected: { b: 1, a: 2 },
    found: { a: 3, b: 4, c: 5 },
    differences: [difference("b", 1, 4), difference("a", 2, 3), difference("c", undefined, 5)]
  },
  {
    name: "a text of JSON, by what it holds",
    expected: { body: `{"model":"a","n":1}` },
    found: { body: `{ "n": 1, "model": "b" }` },
    differences: [difference("body.model", "a", "b")]
  },
  {
    name: "a text of the same JSON in other letters",
    expected: { body: `{"n":1}` },
    found: { body: `{"n":1.0}` },
    differences: [difference("body", `{"n":1}`, `{"n":1.0}`)]
  },
  {
    name: "a frame of a stream, by what it holds",
    expected: [0, `data: {"choices":[{"delta":"a"}]}\n\n`],
    found: [0, `data: {"choices":[{"delta":"b"}]}\n\n`],
    differences: [difference("1.choices.0.delta", "a", "b")]
  },
  {
    name: "a frame that is no JSON",
    expected: ["data: [DONE]\n\n"],
    found: [`data: {"a":1}\n\n`],
    differences: [difference("0", "data: [DONE]\n\n", `data: {"a":1}\n\n`)]
  },
  {
    name: "texts that only begin like JSON",
    expected: "{a",
    found: "{b",
    differences: [difference("", "{a", "{b")]
  }
]

const patterns = [
  { patterns: ["duration_ms"], path: "duration_ms", matches: true },
  { patterns: ["duration_ms"], path: "a.duration_ms", matches: false },
  { patterns: ["frames.*.0"], path: "frames.12.0", matches: true },
  { patterns: ["frames.*.0"], path: "frames.12.1", matches: false },
  { patterns: ["frames.*.0"], path: "frames.0", matches: false },
  { patterns: ["frames.*.0"], path: "frames.1.0.a", matches: false },
  { patterns: ["a", "headers.date"], path: "headers.date", matches: true },
  { patterns: [], path: "a", matches: false }
]

describe("JsonDifference", () => {
  it.each(rows)("tells $name", (row) => {
    assert.deepStrictEqual(differences(row.expected, row.found), row.differences)
  })

  it.each(patterns)("$patterns stands for $path: $matches", ({ matches, path, patterns }) => {
    assert.strictEqual(pathMatches(patterns, path), matches)
  })

  it("writes the same JSON as the same text", () => {
    assert.strictEqual(canonical({ b: [1, { d: null, c: "x" }], a: true }), `{"a":true,"b":[1,{"c":"x","d":null}]}`)
    assert.strictEqual(canonical(undefined), "null")
  })

  it.prop(
    "values have no difference exactly when they are the same JSON",
    [Schema.Json, Schema.Json],
    ([one, other]) => {
      assert.deepStrictEqual(differences(one, JSON.parse(canonical(one))), [])
      assert.strictEqual(differences(one, other).length === 0, canonical(one) === canonical(other))
    }
  )
})
