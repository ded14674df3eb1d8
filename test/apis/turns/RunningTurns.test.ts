import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Option } from "effect"
import { RunningTurns } from "../../../src/apis/turns/RunningTurns.ts"

describe("Turns that run", () => {
  it.effect("are known by their executions until they have ended, also where they are given up", () =>
    Effect.gen(function*() {
      const running = new RunningTurns()
      const gate = yield* Deferred.make<void>()
      const start = (execution: string) =>
        Effect.forkChild(running.during(execution, Deferred.await(gate)), { startImmediately: true })
      yield* start("one")
      const other = yield* start("other")
      assert.isTrue(Option.isNone(running.ended("nobody's")))
      const ended = yield* Effect.forEach(
        ["one", "other"],
        (execution) => Effect.forkChild(Option.getOrThrow(running.ended(execution)))
      )
      yield* Fiber.interrupt(other)
      yield* Fiber.join(ended[1]!)
      assert.isTrue(Option.isNone(running.ended("other")))
      assert.isTrue(Option.isSome(running.ended("one")))
      yield* Deferred.succeed(gate, undefined)
      yield* Fiber.join(ended[0]!)
      assert.isTrue(Option.isNone(running.ended("one")))
    }))
})
