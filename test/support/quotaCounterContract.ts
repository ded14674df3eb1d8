/** What every adapter must do with the counters of quotas. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { QuotaCounters } from "../../src/events/log/QuotaCounters.ts"
import type { Adapter } from "./storeContract.ts"

const take = (key: string, window: number, limit: number, tenant = "") =>
  Effect.flatMap(QuotaCounters, (counters) => counters.take({ tenant, key, window, limit }))

const upTo = (maximum: number) => Schema.Int.check(Schema.isBetween({ minimum: 1, maximum }))

export const quotaCounterContract = ({ database, durable, name }: Adapter) => {
  describe(`${name} counts quotas`, () => {
    it.effect("up to the limit, for each key, and anew in the next window", () =>
      Effect.gen(function*() {
        const { open } = yield* database
        yield* Effect.gen(function*() {
          const answers = yield* Effect.all([
            take("a", 60, 2),
            take("a", 60, 2),
            take("a", 60, 2),
            take("b", 60, 2),
            take("a", 120, 2),
            take("a", 120, 2),
            take("a", 120, 2)
          ])
          assert.deepStrictEqual(answers, [true, true, false, true, true, true, false])
        }).pipe(Effect.provide(open()))
      }))

    it.effect("of each tenant by itself", () =>
      Effect.gen(function*() {
        const { open } = yield* database
        yield* Effect.gen(function*() {
          assert.isTrue(yield* take("a", 60, 1))
          assert.isTrue(yield* take("a", 60, 1, "acme"))
          assert.isFalse(yield* take("a", 60, 1, "acme"))
          assert.isFalse(yield* take("a", 60, 1))
          yield* (yield* QuotaCounters).forget(120)
          assert.isTrue(yield* take("a", 60, 1, "acme"))
        }).pipe(Effect.provide(open()))
      }))

    it.effect("with a clock that goes back into the window that is later", () =>
      Effect.gen(function*() {
        const { open } = yield* database
        yield* Effect.gen(function*() {
          assert.isTrue(yield* take("a", 120, 2))
          assert.isTrue(yield* take("a", 60, 2))
          assert.isFalse(yield* take("a", 60, 2))
          assert.isFalse(yield* take("a", 120, 2))
        }).pipe(Effect.provide(open()))
      }))

    it.effect("as many as it is asked to, when the limit is raised and lowered", () =>
      Effect.gen(function*() {
        const { open } = yield* database
        yield* Effect.gen(function*() {
          assert.isTrue(yield* take("a", 60, 1))
          assert.isFalse(yield* take("a", 60, 1))
          assert.isTrue(yield* take("a", 60, 2))
          assert.isFalse(yield* take("a", 60, 1))
        }).pipe(Effect.provide(open()))
      }))

    it.effect("and forgets what is over", () =>
      Effect.gen(function*() {
        const { open } = yield* database
        yield* Effect.gen(function*() {
          yield* take("old", 60, 1)
          yield* take("new", 120, 1)
          yield* (yield* QuotaCounters).forget(120)
          assert.isTrue(yield* take("old", 60, 1))
          assert.isFalse(yield* take("new", 120, 1))
        }).pipe(Effect.provide(open()))
      }))

    it.effect.prop(
      "exactly, however many count at once",
      { requests: upTo(200), limit: upTo(100) },
      ({ limit, requests }) =>
        Effect.gen(function*() {
          const { open } = yield* database
          yield* Effect.gen(function*() {
            const answers = yield* Effect.all(
              Array.from({ length: requests }, () => Effect.andThen(Effect.yieldNow, take("a", 60, limit))),
              { concurrency: "unbounded" }
            )
            assert.strictEqual(answers.filter(Boolean).length, Math.min(requests, limit))
          }).pipe(Effect.provide(open()))
        }).pipe(Effect.scoped),
      { arbitrary: { runs: 10 } }
    )

    if (!durable) return

    it.effect("that are there when it is opened again", () =>
      Effect.gen(function*() {
        const { open } = yield* database
        yield* take("a", 60, 1).pipe(Effect.provide(open()))
        assert.isFalse(yield* take("a", 60, 1).pipe(Effect.provide(open())))
      }))
  })
}
