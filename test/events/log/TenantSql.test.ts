/** A query names its tenant so that few rows are looked at, whoever's most of them are. */
import { assert, describe, it } from "@effect/vitest"
import * as TenantSql from "../../../src/events/log/TenantSql.ts"

const { byPosition, clause } = TenantSql.make({ all: (table) => `all of ${table}`, withoutIndex: "~tenant" })

const cases = [
  { name: "nothing, by position", filter: {}, expected: undefined },
  { name: "nothing, by session", filter: { sessionId: "s" }, expected: "tenant IN (all of facts)" },
  { name: "nothing, by stream", filter: { stream: "s" }, expected: "tenant IN (all of facts)" },
  { name: "the default one, by position", filter: { tenant: "" }, expected: "~tenant = [] " },
  { name: "another, by position", filter: { tenant: "a" }, expected: "tenant = [a] AND tenant <> ''" },
  { name: "one, by session", filter: { tenant: "a", sessionId: "s" }, expected: "tenant = [a] " },
  { name: "one, by id", filter: { tenant: "a", id: "i" }, expected: "~tenant = [a] " },
  { name: "one, by request", filter: { tenant: "", requestId: "r" }, expected: "~tenant = [] " }
]

describe("TenantSql", () => {
  it.each(cases)(
    "of $name",
    ({ expected, filter }) =>
      assert.strictEqual(clause("facts", filter, (tenant) => `[${tenant}]`), expected?.trimEnd())
  )

  it("says the same where there is no filter", () => {
    assert.strictEqual(byPosition("", "$1"), "~tenant = $1")
    assert.strictEqual(byPosition("a", "$1"), "tenant = $1 AND tenant <> ''")
  })
})
