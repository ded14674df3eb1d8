/** Which of several keys is next, by what became of the calls before. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { AuthenticationFailed } from "../../../src/kernel/authentication/AuthenticationFailed.ts"
import type { KeySource } from "../../../src/kernel/authentication/ConfiguredKeys.ts"
import * as KeyPool from "../../../src/kernel/authentication/KeyPool.ts"

const source = (
  name: string,
  read: KeySource["read"] = Effect.succeed(Redacted.make(`key-of-${name}`)),
  changes = false
) => ({
  name,
  read,
  changes
})

const names = (pool: KeyPool.KeyPool, count: number) =>
  Effect.map(Effect.all(Array.from({ length: count }, () => pool.choose)), (chosen) => chosen.map(({ name }) => name))

const unreadable = Effect.fail(new AuthenticationFailed({ message: "no such file" }))

describe("a pool of keys", () => {
  it.effect("goes round", () =>
    Effect.gen(function*() {
      const pool = yield* KeyPool.make([source("a"), source("b")])
      assert.deepStrictEqual(yield* names(pool, 4), ["a", "b", "a", "b"])
    }))

  it.effect("gives the next in turn for what is no call, and takes no turn", () =>
    Effect.gen(function*() {
      const pool = yield* KeyPool.make([source("a"), source("b")])
      assert.deepStrictEqual([yield* pool.current, yield* pool.current, yield* pool.choose].map(({ name }) => name), [
        "a",
        "a",
        "a"
      ])
    }))

  it.effect("rests a key as long as it is to, and says so", () =>
    Effect.gen(function*() {
      const pool = yield* KeyPool.make([source("a"), source("b")])
      yield* pool.report("a", { _tag: "Rests", for: 1000 })
      assert.deepStrictEqual(yield* names(pool, 2), ["b", "b"])
      assert.deepStrictEqual(yield* pool.states, [
        { name: "a", status: "resting", rests_ms: 1000 },
        { name: "b", status: "healthy", rests_ms: null }
      ])
      yield* pool.report("b", { _tag: "Rests", for: 3000 })
      assert.strictEqual(yield* pool.rests, 1000)
      assert.isFalse(yield* pool.hasUsable)
      yield* TestClock.adjust("1 second")
      assert.isUndefined(yield* pool.rests)
      assert.deepStrictEqual(yield* names(pool, 2), ["a", "a"])
    }))

  it.effect("takes the one that was refused longest ago when all are, and takes it back when it works", () =>
    Effect.gen(function*() {
      const pool = yield* KeyPool.make([source("a"), source("b")])
      yield* pool.report("b", { _tag: "Refused" })
      yield* TestClock.adjust("1 second")
      yield* pool.report("a", { _tag: "Refused" })
      assert.deepStrictEqual(yield* names(pool, 1), ["b"])
      yield* pool.report("b", { _tag: "Works" })
      assert.deepStrictEqual(yield* names(pool, 2), ["b", "b"])
    }))

  it.effect("leaves out what can't be read, and fails where nothing can", () =>
    Effect.gen(function*() {
      const pool = yield* KeyPool.make([source("a", unreadable), source("b")])
      assert.deepStrictEqual(yield* names(pool, 2), ["b", "b"])
      const none = yield* KeyPool.make([source("a", unreadable), source("b", unreadable)])
      assert.strictEqual((yield* Effect.flip(none.choose)).message, "no such file")
    }))

  it.effect("reads a refused key again where it may have been replaced, and uses the new one", () =>
    Effect.gen(function*() {
      let value = "old-key"
      const pool = yield* KeyPool.make([source("a", Effect.sync(() => Redacted.make(value)), true)])
      assert.strictEqual(Redacted.value((yield* pool.choose).value), "old-key")
      yield* pool.report("a", { _tag: "Refused" })
      assert.isFalse(yield* pool.hasUsable)
      value = "new-key"
      yield* pool.report("a", { _tag: "Refused" })
      assert.isTrue(yield* pool.hasUsable)
      assert.strictEqual(Redacted.value((yield* pool.choose).value), "new-key")
    }))
})
