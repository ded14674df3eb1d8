/** Consumer groups at work: at least once, in order, one member at a time, from where the group was. */
import { assert, describe, it } from "@effect/vitest"
import { Data, Deferred, Effect, Fiber, Latch, Layer, Schema } from "effect"
import { TestClock } from "effect/testing"
import * as Consumer from "../../../src/events/log/Consumer.ts"
import { ConsumerGroups } from "../../../src/events/log/ConsumerGroups.ts"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import type { LogAdapter } from "../../../src/events/log/LogAdapter.ts"
import * as MemoryStore from "../../../src/events/memory/MemoryStore.ts"
import * as SqliteStore from "../../../src/events/sqlite/SqliteStore.ts"
import { draft, drafts } from "../../support/EventDrafts.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const over = <E>(store: Layer.Layer<LogAdapter, E>) => EventHub.layer().pipe(Layer.provideMerge(store))
const memory = over(MemoryStore.layer)

class Failed extends Data.TaggedError("Failed") {}

const append = (count: number) => EventHub.use((hub) => hub.append("a", "any", drafts(count)))

/** Handles until it has seen a position, then says so; fails where it is told to. */
const collector = (until: number, failAt?: number) => {
  const seen: Array<number> = []
  const done = Deferred.makeUnsafe<void>()
  const run = (options: Partial<Consumer.Options<never, never>> = {}) =>
    Consumer.run({
      group: "billing",
      ...options,
      handle: (events) =>
        Effect.suspend(() => {
          for (const { position } of events) {
            if (position === failAt) return Effect.fail(new Failed())
            seen.push(position)
            if (position === until) Deferred.doneUnsafe(done, Effect.void)
          }
          return Effect.void
        })
    })
  return { seen, run, done: Deferred.await(done) }
}

const position = Effect.flatMap(ConsumerGroups, (groups) => groups.get({ tenant: "", group: "billing" })).pipe(
  Effect.map((group) => group?.position)
)

const from = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index)

describe("Consumer", () => {
  it.effect("gets every event in order, and what comes later", () =>
    Effect.gen(function*() {
      const { done, run, seen } = collector(500)
      yield* append(300)
      const fiber = yield* Effect.forkChild(run())
      yield* append(200)
      yield* done
      yield* Effect.repeat(Effect.andThen(Effect.yieldNow, position), { until: (stored) => stored === 500 })
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual(seen, from(1, 500))
    }).pipe(Effect.provide(memory)))

  it.effect("goes on where the group was, in another process too", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const store = () => over(SqliteStore.layer({ folder, access: "write" }))
      const turn = (until: number) =>
        Effect.gen(function*() {
          yield* append(10)
          const { done, run, seen } = collector(until)
          const fiber = yield* Effect.forkChild(run())
          yield* done
          yield* Fiber.interrupt(fiber)
          return seen
        }).pipe(Effect.provide(store()))
      assert.deepStrictEqual(yield* turn(10), from(1, 10))
      assert.deepStrictEqual(yield* turn(20), from(11, 20))
    }))

  it.effect("gets the same events again when it failed, and none is left out", () =>
    Effect.gen(function*() {
      yield* append(20)
      const first = collector(20, 7)
      assert.instanceOf(yield* Effect.flip(first.run()), Failed)
      assert.deepStrictEqual(first.seen, from(1, 6))
      const second = collector(20)
      const fiber = yield* Effect.forkChild(second.run())
      yield* second.done
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual(second.seen, from(1, 20))
    }).pipe(Effect.provide(memory)))

  it.effect("gets what its filter lets through", () =>
    Effect.gen(function*() {
      const hub = yield* EventHub
      yield* hub.append("a", "any", [draft({ type: "llm:request" }), draft(), draft({ type: "llm:response" })])
      const { done, run, seen } = collector(3)
      const fiber = yield* Effect.forkChild(run({ filter: { types: ["llm:*"] } }))
      yield* done
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual(seen, [1, 3])
    }).pipe(Effect.provide(memory)))

  it.effect("has one member at a time; when it stops, another goes on", () =>
    Effect.gen(function*() {
      yield* append(5)
      const [one, two] = [collector(5), collector(10)]
      const first = yield* Effect.forkChild(one.run())
      yield* one.done
      const second = yield* Effect.forkChild(two.run())
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(two.seen, [])
      yield* Fiber.interrupt(first)
      yield* append(5)
      yield* TestClock.adjust("1 minute")
      yield* two.done
      yield* Fiber.interrupt(second)
      assert.deepStrictEqual([one.seen, two.seen], [from(1, 5), from(6, 10)])
    }).pipe(Effect.provide(memory)))

  it.effect("makes its group the server's own, unless it says whose", () =>
    Effect.gen(function*() {
      const alice = { id: "alice", attributes: {} }
      const groups = yield* ConsumerGroups
      for (const options of [{ group: "a" }, { group: "b", owner: alice }, { group: "c", owner: null }]) {
        const running = yield* Effect.forkChild(Consumer.run({ ...options, handle: () => Effect.void }))
        yield* Effect.repeat(Effect.andThen(Effect.yieldNow, groups.get({ tenant: "", group: options.group })), {
          until: (group) => group !== undefined
        })
        yield* Fiber.interrupt(running)
      }
      assert.deepStrictEqual((yield* groups.list("")).map(({ owner }) => owner), [
        { id: "system", attributes: {} },
        alice,
        null
      ])
    }).pipe(Effect.provide(memory)))

  it.effect("is replaced when its claim runs out, and moves the position no more", () =>
    Effect.gen(function*() {
      yield* append(3)
      const groups = yield* ConsumerGroups
      const gate = Latch.makeUnsafe(false)
      const stuck = yield* Effect.forkChild(
        Consumer.run({ group: "billing", handle: () => Effect.uninterruptible(gate.await) })
      )
      yield* TestClock.adjust("1 second")
      // As after a process that was stopped: another one took the claim.
      assert.strictEqual(
        (yield* groups.claim({
          tenant: "",
          group: "billing",
          member: "thief",
          now: 10 ** 9,
          duration: 10 ** 9,
          owner: null
        }))
          .member,
        "thief"
      )
      yield* gate.open
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(yield* position, 0)
      yield* Fiber.interrupt(stuck)
      assert.strictEqual((yield* groups.get({ tenant: "", group: "billing" }))?.member, "thief")
    }).pipe(Effect.provide(memory)))

  it.effect.prop(
    "leaves nothing out, wherever it fails",
    {
      count: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 600 })),
      failures: Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 600 }))).check(
        Schema.isMaxLength(4)
      )
    },
    ({ count, failures }) =>
      Effect.gen(function*() {
        yield* append(count)
        const seen: Array<number> = []
        for (const failAt of failures.filter((at) => at <= count)) {
          const { run, seen: some } = collector(count, failAt)
          const fiber = yield* Effect.forkChild(Effect.ignore(run()))
          yield* Effect.raceFirst(Fiber.await(fiber), TestClock.adjust("1 second"))
          yield* Fiber.interrupt(fiber)
          seen.push(...some)
        }
        const last = collector(count)
        const reached = (yield* position) ?? 0
        if (reached < count) {
          const fiber = yield* Effect.forkChild(last.run())
          yield* last.done
          yield* Fiber.interrupt(fiber)
        }
        assert.deepStrictEqual([...new Set([...seen, ...last.seen])].sort((one, other) => one - other), from(1, count))
      }).pipe(Effect.provide(Layer.fresh(memory))),
    { arbitrary: { runs: 30 } }
  )
})
