/** How the instances of a stack start: with what they may use, side by side, timed, held to their contracts. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Fiber, Layer, Option, Schema } from "effect"
import { TestClock } from "effect/testing"
import { createServer } from "node:net"
import * as Provider from "../../../src/kernel/provider/Provider.ts"
import { StartTimes } from "../../../src/kernel/provider/StartTimes.ts"
import * as Stack from "../../../src/kernel/stack/Stack.ts"
import * as StackPlan from "../../../src/kernel/stack/StackPlan.ts"
import * as StackWorld from "../../support/StackWorld.ts"
import { api, entry, plainRouter as router } from "../../support/StackWorld.ts"
import type { WorldApi } from "../../support/StackWorld.ts"

const [inference, safety, agents] = [api("inference"), api("safety"), api("agents")]

const vendors = (count: number) =>
  Array.from({ length: count }, (_, index) => entry(`vendor-${index}`, "inline::inference"))

const define = <E, R>(of: WorldApi, type: `inline::${string}`, layer: () => Layer.Layer<StackWorld.WorldSlot, E, R>) =>
  Provider.make({ api: of, type, description: "", config: Schema.Struct({}), requires: [], layer })

describe("an optional dependency", () => {
  const providers = {
    inference: [entry("careful", "inline::inference")],
    safety: [entry("guard", "inline::safety")]
  }

  it.effect("is there, and started before, wherever it stands in the file", () =>
    Effect.gen(function*() {
      for (const file of [providers, Object.fromEntries(Object.entries(providers).toReversed())]) {
        const world = StackWorld.make()
        const registry = [world.provider(inference, { optional: [safety] }), world.provider(safety)]
        yield* Effect.scoped(world.start([inference, safety], registry, file))
        assert.deepStrictEqual(world.journal, [
          "start guard",
          "route safety",
          "careful uses safety",
          "start careful",
          "route inference",
          "stop careful",
          "stop guard"
        ])
      }
    }))

  it.effect("is not there when nobody provides it, though the API has a router", () =>
    Effect.gen(function*() {
      const world = StackWorld.make()
      const registry = [world.provider(inference, { optional: [safety] }), world.provider(safety)]
      yield* world.start([inference, safety], registry, { inference: providers.inference })
      assert.deepStrictEqual(world.journal.toSorted(), ["route inference", "route safety", "start careful"])
    }))

  it.effect("stays hidden from who did not declare it, whoever asked for that one's API first", () =>
    Effect.gen(function*() {
      const nosy = define(safety, "inline::nosy", () =>
        Layer.effect(
          safety.slot,
          Effect.map(
            Effect.serviceOption(agents.service),
            (found) => Option.isSome(found) ? "sees agents" : "sees none"
          )
        ))
      const world = StackWorld.make()
      const registry = [world.provider(inference, { requires: [safety, agents] }), nosy, world.provider(agents)]
      const context = yield* world.start([inference, safety, agents], registry, {
        inference: [entry("a", "inline::inference")],
        safety: [entry("guard", "inline::nosy")],
        agents: [entry("loop", "inline::agents")]
      })
      assert.deepStrictEqual(Context.get(context, safety.service), ["sees none"])
    }))
})

describe("a start", () => {
  const second = () => Effect.sleep("1 second")

  /** How long it takes, in virtual seconds; it must not take longer. */
  const startedAfter = <A, E, R>(start: Effect.Effect<A, E, R>, seconds: number) =>
    Effect.gen(function*() {
      const fiber = yield* Effect.forkChild(start)
      for (let passed = 0; passed < seconds; passed++) {
        assert.isUndefined(fiber.pollUnsafe())
        yield* TestClock.adjust("1 second")
      }
      return yield* Fiber.join(fiber)
    })

  it.effect("of 200 providers that take a second each takes a second", () =>
    Effect.gen(function*() {
      const world = StackWorld.make()
      const registry = [world.provider(inference, { starting: second })]
      const context = yield* startedAfter(world.start([inference], registry, { inference: vendors(200) }), 1)
      assert.lengthOf(Context.get(context, inference.service) as ReadonlyArray<string>, 200)
    }))

  it.effect("of 200 providers, three deep, takes three seconds: what an instance does not need it does not wait for", () =>
    Effect.gen(function*() {
      const world = StackWorld.make()
      const registry = [
        world.provider(inference, { starting: second }),
        world.provider(safety, { starting: second, requires: [inference] }),
        world.provider(safety, { starting: second, type: "inline::words" }),
        world.provider(agents, { starting: second, requires: [safety] })
      ]
      const context = yield* startedAfter(
        world.start([agents, safety, inference], registry, {
          agents: Array.from({ length: 50 }, (_, index) => entry(`loop-${index}`, "inline::agents")),
          safety: Array.from(
            { length: 50 },
            (_, index) => entry(`guard-${index}`, index === 0 ? "inline::words" : "inline::safety")
          ),
          inference: vendors(100)
        }),
        3
      )
      assert.lengthOf(Context.get(context, agents.service) as ReadonlyArray<string>, 50)
      // Of the same API, but in need of nothing: it began with the first.
      assert.isBelow(world.journal.indexOf("start guard-0"), world.journal.indexOf("route inference"))
    }))

  it.effect("says when each instance began and how long it took, without its wait for others", () =>
    Effect.gen(function*() {
      const world = StackWorld.make()
      const types = [
        world.provider(inference, { starting: (id) => id === "inner" ? Effect.sleep("250 millis") : second() }),
        world.provider(safety, { starting: second, requires: [inference] })
      ]
      const upstream = { provider_type: "inline::inference", config: { name: "inner" } }
      const plan = yield* StackPlan.make(types, {
        providers: {
          safety: [entry("guard", "inline::safety")],
          inference: [
            entry("vendor", "inline::inference", { upstream }),
            entry("idle", "inline::inference", { asks: false, upstream })
          ]
        }
      })
      const [guard, vendor, idle] = plan.providers
      const start = Layer.build(
        Stack.layer(plan, [router(safety), router(inference)]).pipe(Layer.provide(StackWorld.health))
      )
      const fiber = yield* Effect.forkChild(start)
      yield* TestClock.adjust("3 seconds")
      const times = Context.get(yield* Fiber.join(fiber), StartTimes)
      assert.deepStrictEqual([vendor, vendor?.upstream, idle, idle?.upstream, guard].map((each) => times.get(each!)), [
        { time: 0, duration: 1250 },
        { time: 0, duration: 250 },
        { time: 0, duration: 1000 },
        undefined,
        { time: 1250, duration: 1000 }
      ])
    }))

  it.live("of 200 providers that fails in one leaves no handle open", () =>
    Effect.gen(function*() {
      const handles = () => process.getActiveResourcesInfo().filter((name) => name === "TCPServerWrap").length
      const listen = Effect.acquireRelease(
        Effect.callback<ReturnType<typeof createServer>>((resume) => {
          const server = createServer().listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
        }),
        (server) => Effect.callback<void>((resume) => void server.close(() => resume(Effect.void)))
      )
      let open = 0
      const listening = define(
        inference,
        "inline::inference",
        () => Layer.effect(inference.slot, Effect.as(Effect.tap(listen, () => Effect.sync(() => open++)), "listens"))
      )
      const broken = Provider.make({
        api: safety,
        type: "inline::broken",
        description: "",
        config: Schema.Struct({}),
        requires: [inference],
        layer: () => Layer.effect(safety.slot, Effect.andThen(listen, Effect.fail("no key" as const)))
      })
      const before = handles()
      const plan = yield* StackPlan.make([listening, broken], {
        providers: { inference: vendors(199), safety: [entry("guard", "inline::broken")] }
      })
      const error = yield* Effect.flip(
        Effect.scoped(
          Layer.build(Stack.layer(plan, [router(inference), router(safety)]).pipe(Layer.provide(StackWorld.health)))
        )
      )
      assert.deepInclude(error, { _tag: "ProviderNotStarted", provider_id: "guard", reason: "no key" })
      assert.strictEqual(open, 199)
      // A closed handle is gone when the event loop has turned.
      const turn = Effect.callback<void>((resume) => void setImmediate(() => resume(Effect.void)))
      for (let turns = 0; turns < 10 && handles() > before; turns++) yield* turn
      assert.strictEqual(handles(), before)
    }))
})

describe("a provider from outside", () => {
  const speaking = (service: unknown) =>
    define(inference, "inline::outside", () => Layer.succeed(inference.slot, service as string))

  const start = (definition: ReturnType<typeof speaking>) =>
    Effect.gen(function*() {
      const plan = yield* StackPlan.make([definition], { providers: { inference: [entry("a", "inline::outside")] } })
      const layer = Stack.layer(plan, [router(inference)]).pipe(Layer.provide(StackWorld.health))
      return Context.get(yield* Layer.build(layer), inference.service)
    })

  it.effect("starts when it fulfils the contract", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* start(Provider.external(speaking("words"))), ["words"])
    }))

  const giving = (layer: () => unknown) =>
    define(inference, "inline::outside", layer as () => Layer.Layer<StackWorld.WorldSlot>)

  it.effect.each([
    {
      name: "fills the slot with something else",
      definition: speaking(1),
      violation: { member: "", expected: "a string", actual: "a number" }
    },
    {
      name: "fills another slot",
      definition: giving(() => Layer.succeed(safety.slot, "words")),
      violation: { member: "layer", expected: "a Layer that fills the slot of inference", actual: "one that does not" }
    },
    {
      name: "makes no Layer at all",
      definition: giving(() => 5),
      violation: { member: "layer", expected: "a Layer", actual: "a number" }
    },
    {
      name: "promises one",
      definition: giving(() => Promise.reject(new Error("no key"))),
      violation: { member: "layer", expected: "a Layer", actual: "a Promise" }
    }
  ])("is refused when it $name", ({ definition, violation }) =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(start(Provider.external(definition)))
      assert.deepInclude(error, { _tag: "ProviderNotCompliant", api: "inference", provider_id: "a" })
      assert(error._tag === "ProviderNotCompliant")
      assert.deepStrictEqual(error.violations, [violation])
    }))

  it.effect("is not looked at when it is one of ours: it compiled", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual<unknown>(yield* start(speaking(1)), [1])
    }))
})

describe("a stack put together by hand", () => {
  it.effect("starts the instances of an API and the router over them, with what they are given", () =>
    Effect.gen(function*() {
      const world = StackWorld.make()
      const vendor = world.provider(inference)
      const guard = world.provider(safety, { requires: [inference], optional: [agents] })
      const inferenceLayer = Stack.api(router(inference), [
        Provider.configured(vendor, { provider_id: "one", config: {} }),
        Provider.configured(vendor, { provider_id: "two", config: { name: "second" } })
      ])
      const safetyLayer = Stack.api(router(safety), [Provider.configured(guard, { provider_id: "guard", config: {} })])
      // The APIs of this world have one type: the first would ask for itself.
      const alone = inferenceLayer as Layer.Layer<StackWorld.WorldService, string>
      yield* Effect.scoped(Effect.gen(function*() {
        const context = yield* Layer.build(safetyLayer.pipe(Layer.provideMerge(alone)))
        assert.deepStrictEqual(Context.get(context, inference.service), ["one", "second"])
        assert.deepStrictEqual(Context.get(context, safety.service), ["guard"])
      }))
      assert.deepStrictEqual(world.journal, [
        "start one",
        "start second",
        "start guard",
        "stop guard",
        "stop second",
        "stop one"
      ])
    }))
})
