/** Facts without payloads that retention removed. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as FactCodec from "../../../src/events/facts/FactCodec.ts"
import * as FactEvents from "../../../src/events/facts/FactEvents.ts"
import * as FactPruning from "../../../src/events/facts/FactPruning.ts"
import type { PrunableLevel } from "../../../src/events/log/PayloadRetention.ts"
import { factOf, Given, place } from "../../support/Facts.ts"

const start = 1_763_683_200_000

/** A cut at every second that a fact may have, and behind all. */
const Cut = Schema.Struct({
  level: Schema.Literals(["debug", "raw"]),
  seconds: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 31 }))
})

describe("pruning a fact", () => {
  it.effect.prop("removes what is asked for and leaves every other event as it was, whatever the cuts", {
    given: Given,
    cuts: Schema.Array(Cut).check(Schema.isMinLength(1), Schema.isMaxLength(4))
  }, ({ cuts, given }) =>
    Effect.sync(() => {
      let fact = factOf(given)
      let expected = FactEvents.derive(fact, place)
      for (const [index, { level, seconds }] of cuts.entries()) {
        const [before, now] = [start + seconds * 1000, 1000 + index]
        const prunable = FactPruning.prunable(fact, { level, before })
        const characters = (of: PrunableLevel) => FactPruning.charactersOf(fact)[of]
        const raw = characters("raw")
        fact = FactPruning.prune(fact, { level, before, now })
        let pruned = 0
        expected = expected.map((event) => {
          if (event.level !== level || event.time >= before || event.prunedAt !== undefined) return event
          pruned++
          return { ...event, payload: "null", prunedAt: now }
        })
        assert.strictEqual(pruned, prunable)
        assert.deepStrictEqual(FactEvents.derive(fact, place), expected)
        assert.isAtMost(characters("raw"), raw)
        fact = FactCodec.decode(FactCodec.encode(fact), fact)
        assert.deepStrictEqual(FactEvents.derive(fact, place), expected)
      }
    }), { arbitrary: { runs: 300 } })
})
