/** A token is fetched by one, kept, and replaced before it ends. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Fiber, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { ConfiguredSecrets, Secrets } from "../../../src/events/redaction/Secrets.ts"
import { AuthenticationFailed } from "../../../src/kernel/authentication/AuthenticationFailed.ts"
import * as TokenCache from "../../../src/kernel/authentication/TokenCache.ts"

const failed = new AuthenticationFailed({ message: "no" })

const given = (fails: () => boolean = () => false, livesMinutes = 60) =>
  Effect.gen(function*() {
    const state = { fetched: 0 }
    const token = yield* TokenCache.make(Effect.gen(function*() {
      const number = ++state.fetched
      yield* Effect.sleep("1 second")
      if (fails()) return yield* failed
      const now = yield* Clock.currentTimeMillis
      return { value: Redacted.make(`token-${number}`), endsAt: now + livesMinutes * 60_000 }
    }))
    return { state, token: Effect.map(token, Redacted.value) }
  })

describe("TokenCache", () => {
  it.effect("fetches nothing before it is asked, and once for all who ask at the same time", () =>
    Effect.gen(function*() {
      const { state, token } = yield* given()
      assert.strictEqual(state.fetched, 0)
      const all = yield* Effect.forkChild(Effect.all([token, token, token], { concurrency: "unbounded" }))
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(yield* Fiber.join(all), ["token-1", "token-1", "token-1"])
      assert.strictEqual(state.fetched, 1)
    }))

  it.effect("keeps it until five minutes before its end", () =>
    Effect.gen(function*() {
      const { token } = yield* given()
      const ask = Effect.gen(function*() {
        const fiber = yield* Effect.forkChild(token)
        yield* TestClock.adjust("1 second")
        return yield* Fiber.join(fiber)
      })
      assert.strictEqual(yield* ask, "token-1")
      yield* TestClock.adjust("54 minutes")
      assert.strictEqual(yield* ask, "token-1")
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(yield* ask, "token-2")
    }))

  it.effect("replaces a short one at half of its life", () =>
    Effect.gen(function*() {
      const { state, token } = yield* given(undefined, 1)
      for (const expected of [1, 1, 2]) {
        const fiber = yield* Effect.forkChild(token)
        yield* TestClock.adjust("16 seconds")
        yield* Fiber.join(fiber)
        assert.strictEqual(state.fetched, expected)
      }
    }))

  it.effect("fails all who waited with one failure, and tries again for the next", () =>
    Effect.gen(function*() {
      let fails = true
      const { state, token } = yield* given(() => fails)
      const exits = yield* Effect.forkChild(
        Effect.all([Effect.flip(token), Effect.flip(token)], { concurrency: "unbounded" })
      )
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(yield* Fiber.join(exits), [failed, failed])
      assert.strictEqual(state.fetched, 1)
      fails = false
      const next = yield* Effect.forkChild(token)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* Fiber.join(next), "token-2")
    }))

  it.effect("gives the old one while it holds, where there is no new one", () =>
    Effect.gen(function*() {
      let fails = false
      const { token } = yield* given(() => fails)
      const ask = Effect.gen(function*() {
        const fiber = yield* Effect.forkChild(Effect.result(token))
        yield* TestClock.adjust("1 second")
        return yield* Fiber.join(fiber)
      })
      yield* ask
      fails = true
      yield* TestClock.adjust("57 minutes")
      assert.deepInclude(yield* ask, { _tag: "Success", success: "token-1" })
      yield* TestClock.adjust("3 minutes")
      assert.deepInclude(yield* ask, { _tag: "Failure", failure: failed })
    }))

  it.effect("lets the next fetch where the first goes away", () =>
    Effect.gen(function*() {
      const { token } = yield* given()
      const [first, second] = [yield* Effect.forkChild(token), yield* Effect.forkChild(token)]
      yield* TestClock.adjust("500 millis")
      yield* Fiber.interrupt(first)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* Fiber.join(second), "token-2")
    }))

  it.effect("makes it a secret", () =>
    Effect.gen(function*() {
      const secrets = new Secrets()
      const { token } = yield* Effect.provideService(given(), ConfiguredSecrets, secrets)
      const fiber = yield* Effect.forkChild(token)
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(fiber)
      assert.strictEqual(secrets.mask("of token-1"), "of [REDACTED]")
    }))
})
