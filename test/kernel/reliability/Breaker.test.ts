/** A provider that fails again and again is left in peace, and one call now and then finds out whether it is back. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect } from "effect"
import { TestClock } from "effect/testing"
import { Breaker } from "../../../src/kernel/reliability/Breaker.ts"
import { refusal, world } from "../../support/FailingVendor.ts"
import { Http } from "../../support/Http.ts"

const given = Effect.map(Clock.Clock, (clock) => new Breaker({ failures: 2, window_ms: 1000, open_ms: 5000 }, clock))

describe("a breaker", () => {
  it.effect("opens after so many failures in its window, and lets one call through when its time has come", () =>
    Effect.gen(function*() {
      const breaker = yield* given
      assert.isUndefined(breaker.failed())
      yield* TestClock.adjust(1001)
      assert.isUndefined(breaker.failed())
      assert.strictEqual(breaker.failed(), "opened")
      assert.strictEqual(breaker.admit(), 5000)
      yield* TestClock.adjust(5000)
      assert.strictEqual(breaker.status, "half_open")
      assert.isUndefined(breaker.admit())
      assert.isAbove(breaker.admit() ?? 0, 0)
      assert.strictEqual(breaker.worked(), "closed")
      assert.isUndefined(breaker.admit())
    }))

  it.effect("stays open when the one call fails, and asks again when nobody knows what it came to", () =>
    Effect.gen(function*() {
      const breaker = yield* given
      breaker.failed()
      breaker.failed()
      yield* TestClock.adjust(5000)
      assert.isUndefined(breaker.admit())
      breaker.failed()
      assert.strictEqual(breaker.admit(), 5000)
      yield* TestClock.adjust(5000)
      assert.isUndefined(breaker.admit())
      breaker.left()
      assert.isUndefined(breaker.admit())
    }))

  it.effect("does not take the late answer of an earlier call for a sign that it is back", () =>
    Effect.gen(function*() {
      const breaker = yield* given
      breaker.failed()
      breaker.failed()
      assert.isUndefined(breaker.worked())
      assert.strictEqual(breaker.status, "open")
    }))
})

describe("a provider behind a breaker", () => {
  it.live("is not asked while it is open, the log and the providers API say so, and it comes back", () =>
    Effect.gen(function*() {
      let isDown = true
      const { ask, payloads, strata, upstream, verified } = yield* world({
        config: { breaker: { failures: 2, open_ms: 150 } },
        answer: () => isDown ? refusal(503) : undefined
      })
      const statuses: Array<number> = []
      for (let n = 0; n < 4; n++) statuses.push((yield* ask()).status)
      assert.deepStrictEqual(statuses, [503, 503, 503, 503])
      assert.strictEqual(upstream.received.length, 2)
      const { headers, json } = yield* ask()
      assert.strictEqual(Object(json).error.code, "breaker_open")
      assert.strictEqual(headers["retry-after"], "1")
      assert.strictEqual((yield* payloads("provider:breaker_opened")).length, 1)
      const providers = Object((yield* Http.send(strata.url, "/v1/providers")).json).data
      assert.deepStrictEqual(providers[0].reliability.breaker, { status: "open", failures: 2 })
      isDown = false
      yield* Effect.sleep(200)
      assert.strictEqual((yield* ask()).status, 200)
      assert.strictEqual((yield* payloads("provider:breaker_closed")).length, 1)
      const { divergence, requests } = yield* verified
      assert.deepStrictEqual([requests, divergence], [6, undefined])
      assert.strictEqual(upstream.received.length, 3)
    }).pipe(Effect.scoped))

  it.live("stays in use where it refuses what is wrong", () =>
    Effect.gen(function*() {
      const { ask, upstream } = yield* world({ config: { breaker: { failures: 2 } }, answer: () => refusal(400) })
      for (let n = 0; n < 5; n++) yield* ask()
      assert.strictEqual(upstream.received.length, 5)
    }).pipe(Effect.scoped))
})
