/** What an instance holds is released in bounded time, whatever its finalizers do. */
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Exit, Fiber, Logger, Scope } from "effect"
import { TestClock } from "effect/testing"
import * as BoundedRelease from "../../../src/kernel/stack/BoundedRelease.ts"
import { defaults, Supervision } from "../../../src/kernel/stack/Supervision.ts"

const bound = { ...defaults, releaseTimeout: Duration.seconds(3) }

/** A scope that holds something with this end; what is logged when its parent closes. */
const given = Effect.fnUntraced(function*(end: Effect.Effect<void>) {
  const lines: Array<string> = []
  const logger = Logger.make(({ logLevel, message }) => void lines.push(`${logLevel}: ${[message].flat().join(" ")}`))
  const parent = yield* Scope.make()
  const { close, scope } = yield* BoundedRelease.fork(parent, "inference/p").pipe(
    Effect.provideService(Supervision, bound),
    Effect.provide(Logger.layer([logger]))
  )
  yield* Scope.addFinalizer(scope, end)
  return { close, lines, parent }
})

const leftBehind =
  "Warn: The provider inference/p is left behind: it did not end within 3s. What it holds ends with the process."

describe("the release of an instance", () => {
  it.effect("runs to its end where it ends in time, once", () =>
    Effect.gen(function*() {
      let ends = 0
      const { close, lines, parent } = yield* given(
        Effect.andThen(Effect.sleep("2 seconds"), Effect.sync(() => ends++))
      )
      const closing = yield* Effect.forkChild(close(Exit.void), { startImmediately: true })
      yield* TestClock.adjust("2 seconds")
      yield* Fiber.join(closing)
      yield* Scope.close(parent, Exit.void)
      assert.deepStrictEqual([ends, lines], [1, []])
    }))

  const endless = [
    { name: "never ends", end: Effect.never },
    { name: "can't be interrupted", end: Effect.uninterruptible(Effect.never) },
    { name: "is interruptible", end: Effect.interruptible(Effect.never) }
  ]
  it.effect.each(endless)("leaves behind what $name, and names the provider", ({ end }) =>
    Effect.gen(function*() {
      const { lines, parent } = yield* given(end)
      const closing = yield* Effect.forkChild(Scope.close(parent, Exit.void), { startImmediately: true })
      yield* TestClock.adjust("2 seconds")
      assert.deepStrictEqual([closing.pollUnsafe(), lines], [undefined, []])
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(closing)
      assert.deepStrictEqual(lines, [leftBehind])
    }))
})
