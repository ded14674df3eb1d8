/** Names of tenants do not meet, whatever they are. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as Tenant from "../../../src/events/types/Tenant.ts"

const Piece = Schema.Literals(["", "a", "1 a", "\u0000", "\u00001 a", "0 ", " "])
const Pair = Schema.Struct({ tenant: Piece, name: Schema.Array(Piece).check(Schema.isMaxLength(3)) })

const qualified = ({ name, tenant }: typeof Pair.Type): string => Tenant.qualified(tenant, name.join(""))

describe("Tenant", () => {
  it.prop("qualifies two names alike where they are the same of the same tenant", { one: Pair, other: Pair }, (
    { one, other }
  ) => {
    const isSame = one.tenant === other.tenant && one.name.join("") === other.name.join("")
    assert.strictEqual(qualified(one) === qualified(other), isSame)
  }, { arbitrary: { runs: 2000 } })

  it("leaves the default tenant's names as they are", () => {
    assert.strictEqual(Tenant.qualified("", "session-a"), "session-a")
  })

  it("is null on the wire where it is the default one", () => {
    assert.deepStrictEqual(["", "acme"].map(Tenant.toWire), [null, "acme"])
    assert.deepStrictEqual([null, "acme"].map(Tenant.ofWire), ["", "acme"])
  })

  it.effect("is the default one where a fiber has no other", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* Tenant.CurrentTenant, "")
    }))
})
