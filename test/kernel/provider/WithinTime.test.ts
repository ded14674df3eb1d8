/** Whatever others have written: it has its time, and who called it goes on. */
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Exit, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { withinTime } from "../../../src/kernel/provider/WithinTime.ts"

const limit = Duration.seconds(3)
const late = "no answer"
const gracePeriod = Duration.seconds(5)
const deaf = Effect.uninterruptible(Effect.never)

describe("withinTime", () => {
  const immediate = [
    { name: "a result", effect: Effect.succeed(1), expected: Exit.succeed(1) },
    { name: "a failure", effect: Effect.fail("no"), expected: Exit.fail("no") },
    { name: "a defect", effect: Effect.die("bug"), expected: Exit.die("bug") }
  ]
  it.effect.each(immediate)("gives $name as it is", ({ effect, expected }) =>
    Effect.gen(function*() {
      const exit = yield* Effect.exit(withinTime(effect as Effect.Effect<number, string>, { limit, late, gracePeriod }))
      assert.deepStrictEqual<unknown>(exit, expected)
    }))

  it.effect("says that what interrupts itself gave up", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(withinTime(Effect.interrupt, { limit, late }))
      assert.deepStrictEqual([error.reason, error.message], ["interrupted", "it gave itself up"])
    }))

  const slow = [
    { name: "at once where nobody waits for its end", effect: deaf, gracePeriod: Duration.zero, seconds: 3 },
    { name: "after its grace period", effect: deaf, gracePeriod, seconds: 8 },
    { name: "at once where it ends when it is told", effect: Effect.never, gracePeriod, seconds: 3 }
  ]
  it.effect.each(slow)(
    "leaves what takes too long, $name",
    ({ effect, gracePeriod, seconds }) =>
      Effect.gen(function*() {
        const fiber = yield* Effect.forkChild(Effect.flip(withinTime(effect, { limit, late, gracePeriod })), {
          startImmediately: true
        })
        yield* TestClock.adjust(Duration.seconds(seconds - 1))
        assert.isUndefined(fiber.pollUnsafe())
        yield* TestClock.adjust("1 second")
        const error = yield* Fiber.join(fiber)
        assert.deepStrictEqual([error.reason, error.message], ["timeout", "no answer within 3s"])
      })
  )

  it.effect("waits for the end of what is interrupted with it, so that what it needs is there until then", () =>
    Effect.gen(function*() {
      const journal: Array<string> = []
      const work = Effect.onInterrupt(
        Effect.never,
        () => Effect.andThen(Effect.sleep("1 second"), Effect.sync(() => journal.push("ended")))
      )
      const fiber = yield* Effect.forkChild(withinTime(work, { limit, late, gracePeriod }), { startImmediately: true })
      const interrupting = yield* Effect.forkChild(Fiber.interrupt(fiber), { startImmediately: true })
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(interrupting)
      assert.deepStrictEqual(journal, ["ended"])
    }))
})
