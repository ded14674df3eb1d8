/** What contributors give comes in their order, checked; who fails is left out and told. */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber, Layer, Schema, Scope } from "effect"
import { TestClock } from "effect/testing"
import type { Contribution } from "../../../src/kernel/contributions/Channel.ts"
import * as Channel from "../../../src/kernel/contributions/Channel.ts"
import { Contributions } from "../../../src/kernel/contributions/Contributions.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"

const costs = Channel.make("session.cost", Schema.Struct({ cost: Schema.Finite }))
const notes = Channel.make("test:notes", Schema.String)

type Cost = typeof costs.value.Type

const layer = Contributions.layer.pipe(Layer.provideMerge(MemoryHub.layer))

const cost = (cost: number): Cost => ({ cost })

interface Row {
  readonly name: string
  readonly given: ReadonlyArray<Contribution<Cost>>
  readonly collected: ReadonlyArray<Cost>
  /** `contributor reason` of each failure; contributors are named 0, 1, 2 … */
  readonly failed?: ReadonlyArray<string>
}

const rows: ReadonlyArray<Row> = [
  { name: "nothing of nobody", given: [], collected: [] },
  { name: "values in order", given: [cost(1), cost(2), cost(1)], collected: [cost(1), cost(2), cost(1)] },
  {
    name: "what Effects give, in order",
    given: [Effect.delay(Effect.succeed(cost(1)), "1 second"), Effect.sync(() => cost(2))],
    collected: [cost(1), cost(2)]
  },
  { name: "no nulls", given: [null, cost(1), undefined, Effect.succeed(null), Effect.void], collected: [cost(1)] },
  { name: "all but who fails", given: [Effect.fail("broken"), cost(2)], collected: [cost(2)], failed: ["0 error"] },
  {
    name: "all but who dies",
    given: [cost(1), Effect.die("defect"), cost(3)],
    collected: [cost(1), cost(3)],
    failed: ["1 error"]
  },
  {
    name: "all but who gives itself up",
    given: [Effect.interrupt, cost(2)],
    collected: [cost(2)],
    failed: ["0 interrupted"]
  },
  { name: "all but who takes too long", given: [Effect.never, cost(2)], collected: [cost(2)], failed: ["0 timeout"] },
  {
    name: "all but what does not fit",
    given: [{ cost: "1" } as unknown as Cost, cost(2), { cost: NaN }],
    collected: [cost(2)],
    failed: ["0 invalid_value", "2 invalid_value"]
  }
]

const failures = Effect.map(
  MemoryHub.told({ types: ["contribution:failed"] }),
  (told) => told.map(([, payload]) => Object(payload))
)

describe("Contributions", () => {
  it.effect.each(rows)("collects $name", ({ collected, failed = [], given }) =>
    Effect.gen(function*() {
      const contributions = yield* Contributions
      for (const [index, each] of given.entries()) yield* contributions.register(costs, String(index), each)
      const collecting = yield* Effect.forkChild(contributions.collect(costs))
      yield* TestClock.adjust("30 seconds")
      assert.deepStrictEqual(yield* Fiber.join(collecting), collected)
      assert.deepStrictEqual((yield* failures).map(({ contributor, reason }) => `${contributor} ${reason}`), failed)
    }).pipe(Effect.scoped, Effect.provide(layer)))

  it.effect("asks anew each time", () =>
    Effect.gen(function*() {
      const contributions = yield* Contributions
      let asked = 0
      yield* contributions.register(costs, "counter", Effect.sync(() => cost(++asked)))
      assert.deepStrictEqual(yield* contributions.collect(costs), [cost(1)])
      assert.deepStrictEqual(yield* contributions.collect(costs), [cost(2)])
    }).pipe(Effect.scoped, Effect.provide(layer)))

  it.effect("keeps channels apart, and says which one a failure belongs to", () =>
    Effect.gen(function*() {
      const contributions = yield* Contributions
      yield* contributions.register(notes, "a", "note")
      yield* contributions.register(costs, "a", Effect.fail("no price"))
      assert.deepStrictEqual(yield* contributions.collect(notes), ["note"])
      assert.deepStrictEqual(yield* contributions.collect(costs), [])
      assert.deepStrictEqual(yield* failures, [
        { channel: "session.cost", contributor: "a", reason: "error", message: "no price" }
      ])
    }).pipe(Effect.scoped, Effect.provide(layer)))

  it.effect("ends a contribution with its scope, also one of several under one name", () =>
    Effect.gen(function*() {
      const contributions = yield* Contributions
      const scope = yield* Scope.make()
      yield* contributions.register(costs, "same", cost(1))
      yield* Scope.provide(contributions.register(costs, "same", cost(2)), scope)
      yield* contributions.register(costs, "same", cost(3))
      yield* Scope.close(scope, Exit.void)
      assert.deepStrictEqual(yield* contributions.collect(costs), [cost(1), cost(3)])
    }).pipe(Effect.scoped, Effect.provide(layer)))

  it.effect("is interrupted as a whole", () =>
    Effect.gen(function*() {
      const contributions = yield* Contributions
      const begun = yield* Deferred.make<void>()
      const next = yield* Deferred.make<void>()
      yield* contributions.register(costs, "a", Effect.andThen(Deferred.succeed(begun, undefined), Effect.never))
      yield* contributions.register(costs, "b", Effect.as(Deferred.succeed(next, undefined), cost(1)))
      const collecting = yield* Effect.forkChild(contributions.collect(costs))
      yield* Deferred.await(begun)
      yield* Fiber.interrupt(collecting)
      assert.isFalse(yield* Deferred.isDone(next))
      assert.deepStrictEqual(yield* failures, [])
    }).pipe(Effect.scoped, Effect.provide(layer)))
})
