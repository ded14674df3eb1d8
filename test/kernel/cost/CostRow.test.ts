/** A row of the table of costs, as it is stored. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { CostRow } from "../../../src/kernel/cost/CostRow.ts"
import * as TokenCounts from "../../../src/kernel/cost/TokenCounts.ts"

const row = {
  time: 1_763_683_200_000,
  day: "2025-11-21",
  session_id: null,
  request_id: null,
  principal: null,
  provider: "p",
  operation: "chat",
  model: "m",
  response_model: null,
  usage: TokenCounts.none,
  currency: "USD",
  cost: "0.1",
  source: "table",
  prices: "table 1",
  price_model: "m",
  unknown: null
}

const isRow = Schema.is(CostRow)

describe("CostRow", () => {
  it("is JSON that stays as it is", () =>
    assert.deepStrictEqual(JSON.parse(JSON.stringify(Schema.encodeUnknownSync(CostRow)(row))), row))

  it("has a cost as text and never as a number, and counts that are none below zero", () => {
    assert.isTrue(isRow(row))
    assert.isTrue(isRow({ ...row, cost: null, source: null, prices: null, price_model: null, unknown: "no price" }))
    assert.isFalse(isRow({ ...row, cost: 0.1 }))
    assert.isFalse(isRow({ ...row, currency: "EUR" }))
    assert.isFalse(isRow({ ...row, usage: { ...TokenCounts.none, input_tokens: -1 } }))
  })
})
