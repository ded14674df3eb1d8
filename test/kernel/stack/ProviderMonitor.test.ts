/** An instance is looked at again and again: rarely while it works, soon when it does not. */
import { assert, describe, it } from "@effect/vitest"
import { Cause, Clock, Deferred, Duration, Effect, Exit, Fiber, Layer, Logger } from "effect"
import { TestClock } from "effect/testing"
import { running } from "../../../src/kernel/provider/Instance.ts"
import type { Instance } from "../../../src/kernel/provider/Instance.ts"
import { ProviderHealth } from "../../../src/kernel/provider/ProviderHealth.ts"
import * as ProviderMonitor from "../../../src/kernel/stack/ProviderMonitor.ts"
import * as Supervision from "../../../src/kernel/stack/Supervision.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"

const instance = running({ api: "safety", id: "guard", type: "inline::guard", service: "guard" })
const subject = { api: "safety", provider_id: "guard" }

const services = ProviderHealth.layer.pipe(Layer.provideMerge(MemoryHub.layer))

/** Watches what works or not, look by look, and tells the seconds of the looks. */
const watching = Effect.fnUntraced(function*(works: ReadonlyArray<boolean>, interval: Duration.Input) {
  const times: Array<number> = []
  const options = { ...Supervision.defaults, healthInterval: Duration.fromInputUnsafe(interval) }
  const look = Effect.map(Clock.currentTimeMillis, (now) => {
    times.push(now / 1000)
    return works[times.length - 1] ?? true
  })
  yield* Effect.provideService(ProviderMonitor.watch(instance, look), Supervision.Supervision, options)
  yield* Effect.yieldNow
  return times
})

const rows = [
  { name: "what works", works: [], interval: "60 seconds", times: [0, 60, 120, 180] },
  {
    name: "what fails for a while",
    works: [true, false, false, false],
    interval: "60 seconds",
    times: [0, 60, 61, 63, 67, 127, 187]
  },
  {
    name: "what never works",
    works: Array.from({ length: 20 }, () => false),
    interval: "10 seconds",
    times: [0, 1, 3, 7, 15, 25, 35, 45, 55, 65, 75, 85, 95, 105, 115, 125, 135, 145, 155, 165]
  },
  { name: "what fails now and then", works: [false, true, false, true], interval: "5 seconds", times: [0, 1, 6, 7, 12] }
] as const

describe("ProviderMonitor.watch", () => {
  it.effect.each(rows)("looks at $name", ({ interval, times, works }) =>
    Effect.gen(function*() {
      const seen = yield* watching(works, interval)
      yield* TestClock.adjust(Duration.seconds(times.at(-1)!))
      assert.deepStrictEqual(seen, [...times])
    }).pipe(Effect.provide(services), Effect.scoped))

  it.effect("waits for an instance that does not run yet", () =>
    Effect.gen(function*() {
      const started = yield* Deferred.make<void>()
      let looks = 0
      const late: Instance<string> = { ...instance, started: Deferred.await(started) }
      yield* ProviderMonitor.watch(late, Effect.sync(() => ++looks > 0))
      yield* TestClock.adjust("5 minutes")
      assert.strictEqual(looks, 0)
      yield* Deferred.succeed(started, undefined)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(looks, 1)
    }).pipe(Effect.provide(services), Effect.scoped))

  it.effect("looks at once when it is doubted, and not more than once a second", () =>
    Effect.gen(function*() {
      const doubted = running({ api: "safety", id: "guard", type: "inline::guard", service: "guard" })
      let looks = 0
      yield* ProviderMonitor.watch(doubted, Effect.sync(() => ++looks > 0))
      yield* TestClock.adjust("10 seconds")
      assert.strictEqual(looks, 1)
      yield* doubted.checkRequested.open
      yield* TestClock.adjust("1 milli")
      assert.strictEqual(looks, 2)
      yield* doubted.checkRequested.open
      yield* TestClock.adjust("900 millis")
      assert.strictEqual(looks, 2)
      yield* TestClock.adjust("100 millis")
      assert.strictEqual(looks, 3)
      yield* TestClock.adjust("59 seconds")
      assert.strictEqual(looks, 3)
    }).pipe(Effect.provide(services), Effect.scoped))

  it.effect("ends with its scope", () =>
    Effect.gen(function*() {
      const seen = yield* Effect.scoped(watching([], "1 second"))
      const before = seen.length
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(seen.length, before)
    }).pipe(Effect.provide(services)))
})

const looks = [
  { name: "an instance that works", check: Effect.void, works: true, status: "ok", message: null },
  {
    name: "one that says why not",
    check: Effect.fail({ message: "refused" }),
    works: false,
    status: "unhealthy",
    message: "refused"
  },
  {
    name: "one with a bug",
    check: Effect.die(new Error("undefined is not a function")),
    works: false,
    status: "unhealthy",
    message: "undefined is not a function"
  },
  {
    name: "one that never answers",
    check: Effect.never,
    works: false,
    status: "unhealthy",
    message: "no answer within 5s"
  }
] as const

describe("ProviderMonitor.probe", () => {
  it.effect.each(looks)(
    "learns of $name, within its time",
    ({ check, message, status, works }) =>
      Effect.gen(function*() {
        const looking = yield* Effect.forkChild(ProviderMonitor.probe(instance, check), { startImmediately: true })
        yield* TestClock.adjust("5 seconds")
        assert.strictEqual(yield* Fiber.join(looking), works)
        const health = yield* ProviderHealth
        assert.deepInclude(health.get(subject), { status, message })
      }).pipe(Effect.provide(services))
  )
})

describe("a bug in how an instance says it fares", () => {
  it.effect("is in the log once, and again when it comes back", () =>
    Effect.gen(function*() {
      const logged: Array<string> = []
      const logger = Logger.make(({ cause }) => void logged.push(Cause.pretty(cause)))
      const looking = (check: Effect.Effect<void>) =>
        Effect.provide(ProviderMonitor.probe(instance, check), Logger.layer([logger]))
      const bug = Effect.die(new Error("undefined is not a function"))
      for (const check of [bug, bug, bug]) yield* looking(check)
      assert.lengthOf(logged, 1)
      assert.include(logged[0], "undefined is not a function")
      for (const check of [Effect.void, bug, bug]) yield* looking(check)
      assert.lengthOf(logged, 2)
    }).pipe(Effect.provide(services)))
})

describe("ProviderMonitor.requireHealthy", () => {
  const demanded = (required: boolean, works: boolean) =>
    Effect.gen(function*() {
      const watched = { ...instance, required }
      const check = works ? Effect.void : Effect.fail({ message: "no license" })
      const first = yield* ProviderMonitor.watch(watched, ProviderMonitor.probe(watched, check))
      return yield* ProviderMonitor.requireHealthy(first)
    }).pipe(Effect.scoped, Effect.exit, Effect.provide(services))

  it.effect.each([
    { required: true, works: true, passes: true },
    { required: false, works: false, passes: true },
    { required: true, works: false, passes: false }
  ])(
    "required $required, works $works: the start goes on $passes",
    ({ passes, required, works }) =>
      Effect.gen(function*() {
        const exit = yield* demanded(required, works)
        assert.strictEqual(Exit.isSuccess(exit), passes)
        if (!passes) {
          for (const part of ["RequiredProviderDown", "guard of safety", "no license", "required: true"]) {
            assert.include(String(exit), part)
          }
        }
      })
  )
})
