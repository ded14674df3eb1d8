/** Who waits goes in order, gives back what it took, and leaves no trace when it leaves. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import type { Permit } from "../../../src/kernel/reliability/Limiter.ts"
import { Limiter } from "../../../src/kernel/reliability/Limiter.ts"

const given = (limits: Partial<Limiter["limits"]>) =>
  Effect.map(Clock.Clock, (clock) => new Limiter({ queue: 10, max_wait_ms: 30_000, ...limits }, clock))

const goes = (limiter: Limiter, tokens = 0): Permit => {
  const admission = limiter.admit(tokens)
  if (admission._tag === "Goes") return admission.permit
  throw new Error(`it ${admission._tag}`)
}

/** Enters the queue now, and does what follows in a fiber of its own. */
const waits = (limiter: Limiter, order: Array<string>, name: string) => {
  const admission = limiter.admit(0)
  if (admission._tag !== "Waits") throw new Error(`it ${admission._tag}`)
  const { leave, turn } = admission.waiting
  return Effect.forkChild(Effect.onExit(
    Effect.map(turn, (permit) => {
      order.push(name)
      return permit
    }),
    (exit) => Effect.sync(() => leave(exit._tag === "Success"))
  ))
}

describe("the queue of a limiter", () => {
  it.effect("lets go in order, one for each that has ended", () =>
    Effect.gen(function*() {
      const limiter = yield* given({ concurrency: 1 })
      const first = goes(limiter)
      const order: Array<string> = []
      const [a, b] = [yield* waits(limiter, order, "a"), yield* waits(limiter, order, "b")]
      yield* TestClock.adjust(0)
      assert.deepStrictEqual(limiter.state, { active: 1, waiting: 2, requests_in_minute: 1, tokens_in_minute: 0 })
      first.release(undefined)
      first.release(undefined)
      const second = yield* Fiber.join(a)
      assert.deepStrictEqual(order, ["a"])
      second.release(undefined)
      yield* Fiber.join(b)
      assert.deepStrictEqual(order, ["a", "b"])
    }))

  it.effect("is left by who is interrupted, and the next takes its place", () =>
    Effect.gen(function*() {
      const limiter = yield* given({ concurrency: 1 })
      const first = goes(limiter)
      const order: Array<string> = []
      const [a, b] = [yield* waits(limiter, order, "a"), yield* waits(limiter, order, "b")]
      yield* TestClock.adjust(0)
      yield* Fiber.interrupt(a)
      first.release(undefined)
      yield* Fiber.join(b)
      assert.deepStrictEqual(order, ["b"])
      assert.deepInclude(limiter.state, { active: 1, waiting: 0 })
    }))

  it.effect("takes no more than may wait, and nobody who would wait too long", () =>
    Effect.gen(function*() {
      const limiter = yield* given({ concurrency: 1, queue: 1 })
      goes(limiter)
      yield* waits(limiter, [], "a")
      assert.deepStrictEqual(limiter.admit(0), { _tag: "Full", full: { reason: "concurrency", retryAfter: 1000 } })
      const slow = yield* given({ requests_per_minute: 1 })
      goes(slow)
      assert.deepStrictEqual(slow.admit(0), { _tag: "Full", full: { reason: "requests", retryAfter: 60_000 } })
    }))

  it.effect("ends the wait of who has waited as long as it may", () =>
    Effect.gen(function*() {
      const limiter = yield* given({ concurrency: 1, max_wait_ms: 500 })
      goes(limiter)
      const waiting = yield* waits(limiter, [], "a")
      yield* TestClock.adjust(500)
      const full = yield* Effect.flip(Fiber.join(waiting))
      assert.deepStrictEqual(full, { reason: "concurrency", retryAfter: 1000 })
      assert.deepInclude(limiter.state, { active: 1, waiting: 0 })
    }))

  it.effect("goes on by itself when the minute has passed", () =>
    Effect.gen(function*() {
      const limiter = yield* given({ requests_per_minute: 1, max_wait_ms: 60_000 })
      goes(limiter)
      const order: Array<string> = []
      const waiting = yield* waits(limiter, order, "a")
      yield* TestClock.adjust(59_999)
      assert.deepStrictEqual(order, [])
      yield* TestClock.adjust(1)
      yield* Fiber.join(waiting)
      assert.deepStrictEqual(order, ["a"])
    }))
})
