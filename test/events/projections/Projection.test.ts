/** Declaring a projection: what may name a table. */
import { assert, describe, it } from "@effect/vitest"
import * as Projection from "../../../src/events/projections/Projection.ts"
import { balances } from "../../support/Accounts.ts"

const named = (name: string, column = "owner") =>
  Projection.make({ ...balances, name, events: [], index: { [column]: () => null } })

describe("Projection.make", () => {
  it("takes the types of its events", () => {
    assert.deepStrictEqual([...balances.types], ["account:opened", "account:moved", "account:closed"])
  })

  for (const name of ["", "Sessions", "a-b", "a b", "1a", "a\"; DROP TABLE events; --", "x".repeat(50)]) {
    it(`refuses ${JSON.stringify(name.slice(0, 20))} as the name of a table or column`, () => {
      assert.throws(() => named(name), /can't name a table or column/)
      assert.throws(() => named("fine", name), /can't name a table or column/)
    })
  }
})
