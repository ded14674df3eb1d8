/** The ranges of a fact's ids come back with the fact's own id beside them, also those of before. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as FactEvents from "../../../src/events/facts/FactEvents.ts"
import * as IdRanges from "../../../src/events/facts/IdRanges.ts"
import * as PostgresIdRanges from "../../../src/events/postgres/PostgresIdRanges.ts"
import { event, factOf, Given, ofParts } from "../../support/Facts.ts"
import * as Postgres from "../../support/Postgres.ts"

describe("PostgresIdRanges", () => {
  it.effect.prop(
    "tells the ids of a fact",
    { given: Given },
    ({ given }) =>
      Effect.sync(() => {
        const fact = factOf(given)
        const id = FactEvents.idOf(fact)
        assert.deepStrictEqual(
          PostgresIdRanges.idsIn(PostgresIdRanges.toText(fact, id), id),
          FactEvents.idsOf(fact)
        )
      }),
    { arbitrary: { runs: 100 } }
  )

  it("says of the request's own only what is counted", () => {
    const fact = ofParts(event(1), event(2))
    assert.strictEqual(PostgresIdRanges.toText(fact, FactEvents.idOf(fact)), "=00010002")
  })

  it("tells the ids of a session that begins, and those behind four digits", () => {
    const parts = [event(1, { numbering: "session" }), event(0xffff), event(0x10000)]
    const fact = { ...ofParts(...parts), sessionId: "0199aaab-0000-7000-8000-000000000000" }
    const id = FactEvents.idOf(fact)
    assert.deepStrictEqual(PostgresIdRanges.idsIn(PostgresIdRanges.toText(fact, id), id), FactEvents.idsOf(fact))
  })

  it.effect.skipIf(Postgres.unsupported !== undefined)(
    "reads those of before, which were whole",
    () =>
      Effect.gen(function*() {
        const fact = ofParts(event(1), event(4))
        const before = IdRanges.ofFact(fact).map(IdRanges.toText).join(" ")
        const [row] = yield* Postgres.run("public", `SELECT ${PostgresIdRanges.fromText("$1::text")} AS ranges`, [
          before
        ])
        assert.deepStrictEqual(
          PostgresIdRanges.idsIn(String(row?.["ranges"]), "another id"),
          FactEvents.idsOf(fact)
        )
      })
  )
})
