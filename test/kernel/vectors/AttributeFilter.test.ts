import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { AttributeFilter, matches, problem } from "../../../src/kernel/vectors/AttributeFilter.ts"

const attributes = { name: "Ada", year: 1815, member: true }

describe("a filter", () => {
  it.each(
    [
      [{ type: "eq", key: "name", value: "Ada" }, true],
      [{ type: "eq", key: "member", value: 1 }, false],
      [{ type: "eq", key: "toString", value: "x" }, false],
      [{ type: "ne", key: "none", value: "x" }, true],
      [{ type: "ne", key: "name", value: "Ada" }, false],
      [{ type: "gt", key: "year", value: 1814 }, true],
      [{ type: "gt", key: "year", value: "1814" }, false],
      [{ type: "gte", key: "year", value: 1815 }, true],
      [{ type: "lt", key: "name", value: "B" }, true],
      [{ type: "lte", key: "none", value: 1 }, false],
      [{ type: "in", key: "year", value: [1, 1815] }, true],
      [{ type: "in", key: "none", value: [1] }, false],
      [{ type: "nin", key: "none", value: [1] }, true],
      [
        { type: "and", filters: [{ type: "eq", key: "name", value: "Ada" }, { type: "lt", key: "year", value: 1 }] },
        false
      ],
      [
        { type: "or", filters: [{ type: "eq", key: "name", value: "Ada" }, { type: "lt", key: "year", value: 1 }] },
        true
      ]
    ] satisfies ReadonlyArray<readonly [AttributeFilter, boolean]>
  )("%j holds: %s", (filter, holds) => {
    assert.strictEqual(matches(filter, attributes), holds)
    assert.isUndefined(problem(filter))
  })

  const nested = (depth: number): AttributeFilter =>
    depth === 0 ? { type: "eq", key: "a", value: 1 } : { type: "and", filters: [nested(depth - 1)] }

  it.each(
    [
      [{ type: "in", key: "a", value: "b" }, "filters.value: in takes a list of values"],
      [{ type: "eq", key: "a", value: ["b"] }, "filters.value: eq takes one value; in and nin take a list"],
      [{ type: "gt", key: "a", value: true }, "filters.value: gt compares numbers or texts, and not true or false"],
      [{ type: "and", filters: [] }, "filters.filters: name one condition at least"],
      [
        { type: "and", filters: [{ type: "in", key: "a", value: 1 }] },
        "filters.filters[0].value: in takes a list of values"
      ]
    ] satisfies ReadonlyArray<readonly [AttributeFilter, string]>
  )("%j says what is wrong with it", (filter, message) => {
    assert.strictEqual(problem(filter), message)
  })

  it("has bounds: of depth, and of conditions", () => {
    assert.isUndefined(problem(nested(10)))
    assert.match(problem(nested(11))!, /at most 10 levels/)
    const many = Array.from({ length: 300 }, (): AttributeFilter => ({ type: "eq", key: "a", value: 1 }))
    assert.match(problem({ type: "or", filters: many })!, /at most 256 conditions/)
  })

  it("is read from JSON, and nothing else is", () => {
    const decode = Schema.decodeUnknownResult(AttributeFilter)
    assert.strictEqual(decode({ type: "and", filters: [{ type: "eq", key: "a", value: 1 }] })._tag, "Success")
    assert.strictEqual(decode({ type: "like", key: "a", value: 1 })._tag, "Failure")
    assert.strictEqual(decode({ type: "eq", key: "a", value: {} })._tag, "Failure")
  })
})
