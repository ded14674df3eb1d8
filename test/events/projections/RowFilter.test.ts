/** Conditions on rows: what is known beforehand falls out, and the rest means what it says. */
import { assert, describe, it } from "@effect/vitest"
import type { IndexValue } from "../../../src/events/projections/Projection.ts"
import * as RowFilter from "../../../src/events/projections/RowFilter.ts"
import * as RowFilterSql from "../../../src/events/projections/RowFilterSql.ts"

const owner = (value: IndexValue): RowFilter.RowFilter => ({ _tag: "Equals", column: "owner", value })
const a = owner("a")
const b = owner("b")
const { all, and, none, not, or } = RowFilter

const simplified: ReadonlyArray<readonly [name: string, filter: RowFilter.RowFilter, expected: RowFilter.RowFilter]> = [
  ["and of nothing", and(), all],
  ["or of nothing", or(), none],
  ["and with all", and(all, a, all), a],
  ["and with none", and(a, none), none],
  ["or with none", or(none, a), a],
  ["or with all", or(a, all, b), all],
  ["not all", not(all), none],
  ["not none", not(none), all],
  ["not not", not(not(a)), a],
  ["and of two", and(a, b), { _tag: "And", filters: [a, b] }]
]

const row = (values: Readonly<Record<string, IndexValue>>) => (column: string) => values[column] ?? null

const includes = (name: string, value: string): RowFilter.RowFilter => ({
  _tag: "Includes",
  column: "attributes",
  name,
  value
})
const attributes = (text: IndexValue) => row({ attributes: text })

const tested: ReadonlyArray<
  readonly [name: string, filter: RowFilter.RowFilter, values: (column: string) => IndexValue, expected: boolean]
> = [
  ["equal texts", a, row({ owner: "a" }), true],
  ["texts in another case", a, row({ owner: "A" }), false],
  ["null and null", owner(null), row({}), true],
  ["null and a text", owner(null), row({ owner: "null" }), false],
  ["a beginning", { _tag: "StartsWith", column: "key", prefix: "ab" }, row({ key: "abc" }), true],
  ["no beginning", { _tag: "StartsWith", column: "key", prefix: "bc" }, row({ key: "abc" }), false],
  [
    "a pattern over type and id",
    { _tag: "Matches", column: "key", before: "model::", pattern: /^model::x$/ },
    row({ key: "x" }),
    true
  ],
  ["a value of a list", includes("teams", "red"), attributes("{\"teams\":[\"red\"]}"), true],
  ["another value", includes("teams", "re"), attributes("{\"teams\":[\"red\"]}"), false],
  ["another list", includes("roles", "red"), attributes("{\"teams\":[\"red\"]}"), false],
  ["a name every object has", includes("constructor", "red"), attributes("{}"), false],
  ["no object at all", includes("teams", "red"), attributes("null"), false],
  ["nothing", includes("teams", "red"), attributes(null), false],
  ["not", not(a), row({ owner: "b" }), true],
  ["and", and(a, not(b)), row({ owner: "a" }), true],
  ["or", or(a, b), row({ owner: "c" }), false]
]

describe("RowFilter", () => {
  it.each(simplified)("simplifies %s", (_, filter, expected) => {
    assert.deepStrictEqual(filter, expected)
  })

  it.each(tested)("tests %s", (_, filter, values, expected) => {
    assert.strictEqual(RowFilter.test(filter, values), expected)
  })
})

describe("RowFilterSql", () => {
  it("lets through more where a database can't say it, below a not as well", () => {
    const pattern: RowFilter.RowFilter = { _tag: "Matches", column: "key", before: "", pattern: /x/ }
    const dialect: RowFilterSql.Dialect = {
      equals: (column, value, add) => `${column} = ${add(value)}`,
      startsWith: () => undefined,
      includes: () => undefined
    }
    const sql = (filter: RowFilter.RowFilter) => {
      const parameters: Array<IndexValue> = []
      return { ...RowFilterSql.make(filter, dialect, (parameter) => `?${parameters.push(parameter)}`), parameters }
    }
    assert.deepStrictEqual(sql(and(a, not(b))), {
      sql: "(owner = ?1 AND NOT (owner = ?2))",
      exact: true,
      parameters: ["a", "b"]
    })
    assert.deepStrictEqual(sql(and(a, pattern)), { sql: "(owner = ?1 AND TRUE)", exact: false, parameters: ["a"] })
    assert.deepStrictEqual(sql(not(or(a, pattern))), {
      sql: "NOT ((owner = ?1 OR FALSE))",
      exact: false,
      parameters: ["a"]
    })
    assert.strictEqual(sql(not(and(a, includes("teams", "red")))).sql, "NOT ((owner = ?1 AND FALSE))")
  })
})
