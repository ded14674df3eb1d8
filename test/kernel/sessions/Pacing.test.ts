/** Events come with the pauses they had, as fast as is asked. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Stream } from "effect"
import { TestClock } from "effect/testing"
import * as Pacing from "../../../src/kernel/sessions/Pacing.ts"
import { Started } from "../../../src/kernel/sessions/SessionEvents.ts"
import { recorded } from "../../support/RecordedEvents.ts"

const events = (...times: ReadonlyArray<number>) =>
  Stream.fromIterable(times.map((time) => recorded(Started, { time })))

/** How many have come after so many milliseconds. */
const cases: ReadonlyArray<readonly [name: string, pace: Pacing.Pace, after: number, seen: number]> = [
  ["at once", { speed: 0, maxPause: 5000 }, 0, 4],
  ["the first without a pause", { speed: 1, maxPause: 5000 }, 0, 1],
  ["not before its time", { speed: 1, maxPause: 5000 }, 99, 1],
  ["at its time", { speed: 1, maxPause: 5000 }, 100, 2],
  ["a long pause cut", { speed: 1, maxPause: 5000 }, 5100, 4],
  ["not before the cut pause", { speed: 1, maxPause: 5000 }, 5099, 2],
  ["ten times faster", { speed: 10, maxPause: 5000 }, 510, 4],
  ["half as fast", { speed: 0.5, maxPause: 5000 }, 199, 1],
  ["without any pause", { speed: 1, maxPause: 0 }, 0, 4]
]

describe("Pacing", () => {
  it.effect.each(cases)("gives %s", ([, pace, after, expected]) =>
    Effect.gen(function*() {
      let seen = 0
      // An event may be older than the one before it: it comes at once.
      const shown = Pacing.paced(events(1000, 1100, 90_000, 80_000), pace)
      const fiber = yield* Effect.forkChild(Stream.runForEach(shown, () => Effect.sync(() => seen++)))
      yield* TestClock.adjust(after)
      assert.strictEqual(seen, expected)
      yield* Fiber.interrupt(fiber)
    }))

  it.effect("begins anew each time it is run", () =>
    Effect.gen(function*() {
      const shown = Pacing.paced(events(1, 1), { speed: 1, maxPause: 10 })
      assert.lengthOf(yield* Stream.runCollect(shown), 2)
      assert.lengthOf(yield* Stream.runCollect(shown), 2)
    }))
})
