/** Whatever the policy, a query shows exactly what the decision permits. */
import { assert, describe, it } from "@effect/vitest"
import * as RowFilter from "../../../src/events/projections/RowFilter.ts"
import { decide } from "../../../src/kernel/access/AccessDecision.ts"
import * as AccessFilter from "../../../src/kernel/access/AccessFilter.ts"
import * as AccessPolicy from "../../../src/kernel/access/AccessPolicy.ts"
import * as Worlds from "../../support/AccessWorlds.ts"

const world = { rules: Worlds.Rules, principal: Worlds.Asking, owner: Worlds.Asking, id: Worlds.Id }

describe("a policy as a filter", () => {
  it.prop("agrees with its decisions", { ...world, action: AccessPolicy.Action, type: Worlds.Type }, (given) => {
    const { action, id, owner, principal, rules, type } = given
    const policy = AccessPolicy.compile(Worlds.toRules(rules))
    const filter = AccessFilter.make(policy, principal, action, type)
    const resource = { type, id, owner }
    assert.strictEqual(
      AccessFilter.permits(filter, resource),
      decide(policy, principal, action, resource).permitted,
      JSON.stringify(given)
    )
  }, { arbitrary: { runs: 2000 } })

  it.prop("holds no constants inside: a query asks only what depends on the row", world, ({ principal, rules }) => {
    const inner = (filter: RowFilter.RowFilter): ReadonlyArray<RowFilter.RowFilter> =>
      filter._tag === "Not"
        ? [filter.filter, ...inner(filter.filter)]
        : filter._tag === "And" || filter._tag === "Or"
        ? filter.filters.flatMap((each) => [each, ...inner(each)])
        : []
    const filter = AccessFilter.make(AccessPolicy.compile(Worlds.toRules(rules)), principal, "read", "model")
    assert.deepStrictEqual(inner(filter).filter(({ _tag }) => _tag === "All" || _tag === "None"), [])
  }, { arbitrary: { runs: 500 } })

  it("is decided once where nothing depends on the row", () => {
    const { open, owners } = AccessPolicy
    assert.strictEqual(AccessFilter.make(open, null, "read", "session"), RowFilter.all)
    assert.strictEqual(AccessFilter.make(owners, null, "read", "events"), RowFilter.none)
    assert.deepStrictEqual(AccessFilter.make(owners, null, "read", "session"), {
      _tag: "Equals",
      column: "owner",
      value: null
    })
  })
})
