/** Totals are the sum of their rows, exactly. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import type { CostRow } from "../../../src/kernel/cost/CostRow.ts"
import * as TokenCounts from "../../../src/kernel/cost/TokenCounts.ts"
import type { Dimension } from "../../../src/kernel/cost/UsageTotals.ts"
import { Grouping, Sum } from "../../../src/kernel/cost/UsageTotals.ts"

const row = (given: Partial<CostRow> = {}): CostRow => ({
  time: 0,
  day: "1970-01-01",
  session_id: null,
  request_id: null,
  principal: null,
  provider: "p",
  operation: "chat",
  model: "m",
  response_model: null,
  usage: { ...TokenCounts.none, input_tokens: 10 },
  currency: "USD",
  cost: "0.1",
  source: "table",
  prices: "table 1",
  price_model: "m",
  unknown: null,
  ...given
})

/** So many trillionths, as a decimal. */
const decimal = (trillionths: bigint): string => {
  const digits = String(trillionths).padStart(13, "0")
  return `${digits.slice(0, -12)}.${digits.slice(-12)}`.replace(/\.?0+$/, "") || "0"
}

const grouped = (by: ReadonlyArray<Dimension>, rows: ReadonlyArray<CostRow>): Grouping => {
  const grouping = new Grouping(by)
  for (const each of rows) grouping.add(each)
  return grouping
}

describe("UsageTotals", () => {
  it("adds up tokens and costs, where binary fractions would not", () => {
    const { totals } = grouped(["model"], [row({ cost: "0.1" }), row({ cost: "0.2" })])
    assert.deepInclude(totals, { call_count: 2, input_tokens: 20, cost: "0.3", unpriced_call_count: 0, unpriced: [] })
  })

  it("names the models whose cost is not known, once each, and leaves them out of the sum", () => {
    const unknown = row({ cost: null, unknown: "no price", model: "x" })
    const { totals } = grouped(["model"], [row(), unknown, unknown, row({ ...unknown, provider: "q" })])
    assert.deepInclude(totals, { call_count: 4, cost: "0.1", unpriced_call_count: 3 })
    assert.deepStrictEqual(totals.unpriced, [
      { provider: "p", model: "x", reason: "no price" },
      { provider: "q", model: "x", reason: "no price" }
    ])
    const many = Array.from({ length: 30 }, (_, index) => row({ cost: null, unknown: "no", model: `m${index}` }))
    assert.strictEqual(grouped(["day"], many).totals.unpriced.length, 20)
  })

  it("has no cost, and not 0, where of none it is known; and 0 where all cost nothing", () => {
    assert.isNull(grouped(["model"], [row({ cost: null, unknown: "no price" })]).totals.cost)
    assert.isNull(new Sum().totals.cost)
    assert.strictEqual(grouped(["model"], [row({ cost: "0" })]).totals.cost, "0")
    // A row that somebody else has written.
    assert.deepInclude(grouped(["model"], [row({ cost: "much" })]).totals, { cost: null, unpriced_call_count: 1 })
  })

  it("groups by one value or two, what has none first, in the same order whatever comes first", () => {
    const rows = [
      row({ principal: "bob", day: "2026-11-02" }),
      row({ principal: null, day: "2026-11-02" }),
      row({ principal: "alice", day: "2026-11-01" }),
      row({ principal: "alice", day: "2026-11-02" })
    ]
    const values = (by: ReadonlyArray<Dimension>, given = rows) => grouped(by, given).groups.map(({ values }) => values)
    assert.deepStrictEqual(values(["principal"]), [[null], ["alice"], ["bob"]])
    assert.deepStrictEqual(values(["day", "principal"]), [
      ["2026-11-01", "alice"],
      ["2026-11-02", null],
      ["2026-11-02", "alice"],
      ["2026-11-02", "bob"]
    ])
    assert.deepStrictEqual(values(["day", "principal"], rows.toReversed()), values(["day", "principal"]))
    const behind = grouped(["principal"], rows).behind(["alicia"])
    assert.deepStrictEqual(behind.map(({ values }) => values), [["bob"]])
  })

  it("counts a call for the model that answered", () => {
    const { groups } = grouped(["model"], [row({ model: "a", response_model: "a-2026" }), row({ model: "a" })])
    assert.deepStrictEqual(groups.map(({ values }) => values), [["a"], ["a-2026"]])
  })

  const name = Schema.Literals(["a", "b", "c"])
  const Call = Schema.Struct({
    session_id: Schema.NullOr(name),
    principal: Schema.NullOr(name),
    model: name,
    provider: name,
    day: Schema.Literals(["2026-11-01", "2026-11-02"]),
    trillionths: Schema.NullOr(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })))
  })
  const by = Schema.Literals(["session", "model", "provider", "principal", "day"])

  it.prop("is the sum of the rows, and of the groups, to the last digit", {
    calls: Schema.Array(Call),
    one: by,
    other: by
  }, ({ calls, one, other }) => {
    const rows = calls.map(({ trillionths, ...call }) =>
      row({ ...call, cost: trillionths === null ? null : decimal(BigInt(trillionths)) })
    )
    const sum = calls.reduce((sum, { trillionths }) => sum + BigInt(trillionths ?? 0), 0n)
    const priced = calls.filter(({ trillionths }) => trillionths !== null).length
    const grouping = grouped(one === other ? [one] : [one, other], rows)
    assert.strictEqual(grouping.totals.cost, priced === 0 ? null : decimal(sum))
    assert.strictEqual(grouping.totals.unpriced_call_count, calls.length - priced)
    const ofGroups = new Sum()
    for (const { totals } of grouping.groups) ofGroups.add(row({ cost: totals.cost }))
    assert.strictEqual(ofGroups.totals.cost, grouping.totals.cost)
    assert.strictEqual(grouping.groups.reduce((sum, { totals }) => sum + totals.call_count, 0), calls.length)
  })
})
