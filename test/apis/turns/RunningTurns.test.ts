import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
import { RunningTurns } from "../../../src/apis/turns/RunningTurns.ts"

describe("Turns that run", () => {
  it.effect("are one of a session, until it has ended", () =>
    Effect.gen(function*() {
      const running = new RunningTurns()
      assert.isTrue(running.claim("s"))
      assert.isFalse(running.claim("s"))
      assert.isTrue(running.claim("another"))
      const ended = yield* Effect.forkChild(running.ended("s"))
      running.release("s")
      yield* Fiber.join(ended)
      assert.isFalse(running.isRunning("s"))
      assert.isTrue(running.claim("s"))
      yield* running.ended("nobody's")
    }))

  it.effect("are looked at one after the other", () =>
    Effect.gen(function*() {
      const running = new RunningTurns()
      const gate = yield* Deferred.make<void>()
      const order: Array<string> = []
      const look = (name: string, wait: Effect.Effect<void>) =>
        running.alone("s", Effect.andThen(wait, Effect.sync(() => void order.push(name))))
      const first = yield* Effect.forkChild(look("first", Deferred.await(gate)), { startImmediately: true })
      const second = yield* Effect.forkChild(look("second", Effect.void), { startImmediately: true })
      yield* Deferred.succeed(gate, undefined)
      yield* Fiber.join(first)
      yield* Fiber.join(second)
      assert.deepStrictEqual(order, ["first", "second"])
    }))
})
