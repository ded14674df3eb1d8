import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
import { FairPermits } from "../../../src/kernel/work/FairPermits.ts"

describe("FairPermits", () => {
  it.effect("given more than may run at once, when they are asked for, then the rest waits and all are done", () =>
    Effect.gen(function*() {
      const permits = new FairPermits(3)
      let [running, most, done] = [0, 0, 0]
      const task = Effect.gen(function*() {
        most = Math.max(most, ++running)
        yield* Effect.yieldNow
        running--
        done++
      })
      yield* Effect.forEach(Array.from({ length: 50 }), () => permits.run("", task), { concurrency: "unbounded" })
      assert.deepStrictEqual([most, done, running], [3, 50, 0])
    }))

  it.effect("given a tenant with many, when another one has few, then they take turns", () =>
    Effect.gen(function*() {
      const permits = new FairPermits(1)
      const gate = yield* Deferred.make<void>()
      const order: Array<string> = []
      const first = yield* Effect.forkChild(permits.run("a", Deferred.await(gate)))
      yield* Effect.yieldNow
      const tasks = ["a1", "a2", "a3", "b1", "b2"].map((name) =>
        permits.run(name.charAt(0), Effect.sync(() => order.push(name)))
      )
      const all = yield* Effect.forkChild(Effect.all(tasks, { concurrency: "unbounded" }))
      yield* Effect.yieldNow
      yield* Deferred.succeed(gate, undefined)
      yield* Fiber.join(first)
      yield* Fiber.join(all)
      assert.deepStrictEqual(order, ["a1", "b1", "a2", "b2", "a3"])
    }))

  it.effect("given one that waits or fails, when it is given up, then its permit is not lost", () =>
    Effect.gen(function*() {
      const permits = new FairPermits(1)
      const holder = yield* Effect.forkChild(permits.run("a", Effect.never))
      yield* Effect.yieldNow
      const waiting = yield* Effect.forkChild(permits.run("b", Effect.never))
      yield* Effect.yieldNow
      yield* Fiber.interrupt(waiting)
      yield* Fiber.interrupt(holder)
      yield* Effect.exit(permits.run("a", Effect.die("defect")))
      assert.strictEqual(yield* permits.run("c", Effect.succeed("done")), "done")
    }))
})
