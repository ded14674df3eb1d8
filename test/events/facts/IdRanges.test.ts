/** The ids of a fact's events, as ranges. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as FactEvents from "../../../src/events/facts/FactEvents.ts"
import type { IdRange } from "../../../src/events/facts/IdRanges.ts"
import * as IdRanges from "../../../src/events/facts/IdRanges.ts"
import * as EventIds from "../../../src/events/types/EventIds.ts"
import { event, factOf, Given, ofParts } from "../../support/Facts.ts"

const stands = (ranges: ReadonlyArray<IdRange>, id: string): number =>
  ranges.filter((range) => IdRanges.overlap(range, IdRanges.ofId(id))).length

describe("the ids of a fact", () => {
  it.effect.prop(
    "each stand in one of its ranges, and no other does",
    { given: Given },
    ({ given }) =>
      Effect.sync(() => {
        const fact = factOf(given)
        const ranges = IdRanges.ofFact(fact)
        const ids = FactEvents.idsOf(fact)
        const own = new Set(ids)
        for (const base of new Set(ids.map((id) => `${id.slice(0, 32)}0000`))) {
          for (let n = 0; n < 40; n++) {
            const id = EventIds.nth(base, n)
            assert.strictEqual(stands(ranges, id), Number(own.has(id)), id)
          }
        }
        for (const id of ids) {
          for (const other of [`${id}0`, `${id} `, id.toUpperCase(), `${id.slice(0, 35)}:`, `${id.slice(0, 35)}g`]) {
            if (!own.has(other)) assert.strictEqual(stands(ranges, other), 0, other)
          }
        }
        assert.deepStrictEqual(ranges.map(IdRanges.toText).flatMap(IdRanges.idsIn), ids)
      }),
    { arbitrary: { runs: 100 } }
  )

  it("are ranges of their own where their counters need more than four digits", () => {
    const fact = ofParts(event(0xffff), event(0x10000), event(0x10001))
    const ranges = IdRanges.ofFact(fact)
    assert.strictEqual(ranges.length, 2)
    for (const id of FactEvents.idsOf(fact)) assert.strictEqual(stands(ranges, id), 1)
  })

  it("overlap where they are counted in the same place only", () => {
    const [one] = IdRanges.ofFact(ofParts(event(1), event(2), event(3)))
    const range = (first: number, last: number, sequence = one!.sequence) => ({ sequence, first, last })
    assert.deepStrictEqual(
      [range(3, 9), range(0, 1), range(2, 2), range(0, 9), range(4, 9), range(0, 0), range(1, 3, "another")].map((
        other
      ) => IdRanges.overlap(one!, other)),
      [true, true, true, true, false, false, false]
    )
  })

  it("that a client chose stand for themselves", () => {
    assert.deepStrictEqual(IdRanges.ofId("evt_mine"), { sequence: "evt_mine", first: 0, last: 0 })
    assert.isFalse(IdRanges.overlap(IdRanges.ofId("evt_0001"), IdRanges.ofId("evt_0002")))
    assert.isTrue(IdRanges.overlap(IdRanges.ofId("evt_0001"), IdRanges.ofId("evt_0001")))
  })
})
