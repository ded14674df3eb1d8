/** Ids are drawn from randomness that spreads evenly, and is never the same twice. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Random } from "effect"
import * as EventIds from "../../../src/events/types/EventIds.ts"
import * as StrongRandom from "../../../src/kernel/requests/StrongRandom.ts"

describe("StrongRandom", () => {
  it("draws numbers from 0 up to 1, from all of it", () => {
    const drawn = Array.from({ length: 10_000 }, StrongRandom.random.nextDoubleUnsafe)
    assert.isTrue(drawn.every((each) => each >= 0 && each < 1))
    for (let tenth = 0; tenth < 10; tenth++) {
      assert.closeTo(drawn.filter((each) => Math.floor(each * 10) === tenth).length, 1000, 200)
    }
    assert.strictEqual(new Set(drawn).size, drawn.length)
  })

  it("draws whole numbers that a double holds, of both signs", () => {
    const drawn = Array.from({ length: 1000 }, StrongRandom.random.nextIntUnsafe)
    assert.isTrue(drawn.every(Number.isSafeInteger))
    assert.isTrue(drawn.some((each) => each < 0) && drawn.some((each) => each > 0))
  })

  it.effect("makes ids that do not follow from each other, at one time too", () =>
    Effect.gen(function*() {
      const ids = yield* Effect.replicateEffect(EventIds.next, 1000)
      assert.strictEqual(new Set(ids.map((id) => id.slice(15))).size, 1000)
    }).pipe(Effect.provideService(Random.Random, StrongRandom.random)))
})
