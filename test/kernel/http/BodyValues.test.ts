import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as BodyValues from "../../../src/kernel/http/BodyValues.ts"

const list = <A>(length: number, item: A): ReadonlyArray<A> => Array.from({ length }, () => item)

const pathOf = (body: Schema.Json, most: number) => BodyValues.pathOfTooMany(JSON.stringify(body), most)

/** As the parsed value has them. */
const countOf = (value: Schema.Json): number => {
  if (typeof value !== "object" || value === null) return 0
  const inner: ReadonlyArray<Schema.Json> = Array.isArray(value) ? value : Object.values(value)
  return Math.max(1, inner.length) + inner.reduce<number>((sum, each) => sum + countOf(each), 0)
}

/** In lists: these count less. */
const hasNumbers = (value: Schema.Json): boolean => {
  if (typeof value !== "object" || value === null) return false
  if (Array.isArray(value)) return value.some((each) => typeof each === "number" || hasNumbers(each))
  return Object.values(value).some(hasNumbers)
}

describe("the values of a body", () => {
  it("are named by the longest list or object where there are too many", () => {
    const filters = { type: "and", filters: list(200, { type: "eq", key: "a", value: true }) }
    assert.strictEqual(pathOf({ model: "m", tools: [{ type: "f" }, { filters }] }, 100), "tools.1.filters.filters")
    assert.strictEqual(
      pathOf({ metadata: Object.fromEntries(list(200, "v").map((v, at) => [`k${at}`, v])) }, 100),
      "metadata"
    )
    assert.strictEqual(pathOf(list(200, "x"), 100), "")
    assert.strictEqual(pathOf({ messages: list(200, { role: "user", content: "x" }) }, 100), "messages")
  })

  it("are as many as a body may have, and not one more", () => {
    const body = { a: list(50, "long enough"), b: list(20, {}) }
    assert.strictEqual(countOf(body), 92)
    assert.strictEqual(pathOf(body, 92), undefined)
    assert.strictEqual(pathOf(body, 91), "b")
  })

  it("are not what texts say", () => {
    const text = "[,{\"},\\\\\\".repeat(1000)
    assert.strictEqual(pathOf({ a: text, [text]: text, b: [text] }, 10), undefined)
    assert.strictEqual(BodyValues.pathOfTooMany(`{"a":"${"\\".repeat(100_001)}`, 10), undefined)
  })

  it("of lists of numbers are fewer", () => {
    const most = 1000
    const numbers = list(most * BodyValues.numbersOfAValue - 200, -0.5)
    assert.strictEqual(pathOf({ embedding: numbers }, most), undefined)
    assert.strictEqual(pathOf({ embedding: [...numbers, ...numbers] }, most), "embedding")
    assert.strictEqual(pathOf({ embedding: list(2 * most, "1") }, most), "embedding")
  })

  it("that are nested ever deeper are counted, too", () => {
    assert.isDefined(BodyValues.pathOfTooMany("[".repeat(1000), 100))
    assert.isDefined(BodyValues.pathOfTooMany(`{"a":`.repeat(1000), 100))
  })

  it.prop("are those of the parsed body, whatever it is", { json: Schema.Json }, ({ json }) => {
    const most = countOf(json)
    const text = JSON.stringify(json, null, 1) + " ".repeat(most)
    assert.strictEqual(BodyValues.pathOfTooMany(text, most), undefined)
    if (most > 0 && !hasNumbers(json)) assert.isDefined(BodyValues.pathOfTooMany(text, most - 1))
  })

  it("where there are too many are refused by name, limit and remedy", () => {
    const { error } = BodyValues.refusalOf(JSON.stringify({ tools: list(200, {}) }), 100)!
    assert.deepInclude(error, { param: "tools", code: "too_many_values" })
    assert.strictEqual(
      error.message,
      "tools: the body has more than 100 values, items and fields on all levels. Send less, or raise server.max_body_values."
    )
    assert.strictEqual(BodyValues.refusalOf("{}", 100), undefined)
  })
})
