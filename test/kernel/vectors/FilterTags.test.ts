import { assert, it } from "@effect/vitest"
import { Predicate } from "effect"
import type { AttributeFilter, Attributes } from "../../../src/kernel/vectors/AttributeFilter.ts"
import { matches } from "../../../src/kernel/vectors/AttributeFilter.ts"
import type { TagCondition, Tagged } from "../../../src/kernel/vectors/FilterTags.ts"
import * as FilterTags from "../../../src/kernel/vectors/FilterTags.ts"

const compare = { gt: 1, gte: 1, lt: -1, lte: -1 } as const

/** As a product would hold it. */
const holds = (condition: TagCondition | undefined, tagged: Tagged): boolean => {
  if (condition === undefined) return true
  switch (condition.type) {
    case "has":
      return condition.tags.some((tag) => tagged.tags.includes(tag))
    case "lacks":
      return !condition.tags.some((tag) => tagged.tags.includes(tag))
    case "order": {
      const { field, operator, tag, value } = condition
      const actual = Predicate.isNumber(value) ? tagged.numbers[field] : tagged.texts[field]
      if (actual === undefined || !tagged.tags.includes(tag)) return false
      return actual === value ? operator.endsWith("e") : (actual > value ? 1 : -1) === compare[operator]
    }
    case "all":
      return condition.of.every((each) => holds(each, tagged))
    case "some":
      return condition.of.some((each) => holds(each, tagged))
  }
}

const kept: ReadonlyArray<Attributes> = [
  {},
  { year: 2024, name: "b" },
  { year: "2024", name: "a", "x\u0000\"": true },
  { year: -0, name: "" },
  { year: true }
]

const values = [2024, "2024", 0, true, "", "a", "b", 1e300]

const comparisons: ReadonlyArray<AttributeFilter> = ["year", "name", "x\u0000\"", "number"].flatMap((key) => [
  ...values.flatMap((value) => (["eq", "ne"] as const).map((type) => ({ type, key, value }))),
  ...values.filter((value) => !Predicate.isBoolean(value)).flatMap((value) =>
    (["gt", "gte", "lt", "lte"] as const).map((type) => ({ type, key, value }))
  ),
  ...[[], [2024], values].flatMap((value) => (["in", "nin"] as const).map((type) => ({ type, key, value })))
])

const compounds: ReadonlyArray<AttributeFilter> = comparisons.flatMap((one, at) => {
  const other = comparisons[(at * 7 + 3) % comparisons.length]!
  const inner: AttributeFilter = { type: "or", filters: [one, other] }
  return [{ type: "and", filters: [one, other] }, inner, { type: "and", filters: [inner] }, {
    type: "or",
    filters: [{ type: "and", filters: [one, other] }, { type: "nin", key: "name", value: [] }]
  }]
})

it("a condition on tags holds where the filter does", () => {
  for (const filter of [...comparisons, ...compounds]) {
    const condition = FilterTags.conditionOf(filter)
    for (const attributes of kept) {
      const expected = matches(filter, attributes)
      const tagged = FilterTags.taggedOf(attributes)
      assert.strictEqual(holds(condition, tagged), expected, JSON.stringify([filter, attributes]))
      assert.strictEqual(holds(FilterTags.simplified(condition), tagged), expected, JSON.stringify(filter))
    }
  }
})

it("nothing that a client says stands in a condition, but what texts are compared with", () => {
  const hostile = "'; DROP \" OR 1=1 --"
  const condition = FilterTags.conditionOf({
    type: "and",
    filters: [{ type: "eq", key: hostile, value: hostile }, { type: "gt", key: hostile, value: 1 }]
  })
  assert.match(JSON.stringify(condition), /^[\w":,.[\]{}-]+$/)
  assert.isFalse(FilterTags.ordersTexts(condition))
  assert.isTrue(FilterTags.ordersTexts(FilterTags.conditionOf({ type: "lt", key: "a", value: hostile })))
  assert.lengthOf(FilterTags.orderedFields(condition), 1)
})
