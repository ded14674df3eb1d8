/** A stack starts in the order its providers need each other, side by side where they do not, and stops in reverse. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Deferred, Effect, Exit, Layer, Schema } from "effect"
import * as Provider from "../../../src/kernel/provider/Provider.ts"
import * as Stack from "../../../src/kernel/stack/Stack.ts"
import * as StackPlan from "../../../src/kernel/stack/StackPlan.ts"
import * as StackWorld from "../../support/StackWorld.ts"
import { api, entry, plainRouter } from "../../support/StackWorld.ts"

const [inference, safety, agents] = [api("inference"), api("safety"), api("agents")]
const apis = [agents, safety, inference]

/** Agents need safety and inference, safety needs inference. */
const diamond = (world: ReturnType<typeof StackWorld.make>) => [
  world.provider(agents, { requires: [safety, inference] }),
  world.provider(safety, { requires: [inference] }),
  world.provider(inference)
]

const configured = {
  agents: [entry("loop", "inline::agents")],
  safety: [entry("guard", "inline::safety")],
  inference: [entry("vendor", "inline::inference")]
}

describe("Stack", () => {
  it.effect("starts what is needed before who needs it, each once, whatever the order in the file", () =>
    Effect.gen(function*() {
      for (const providers of [configured, Object.fromEntries(Object.entries(configured).toReversed())]) {
        const world = StackWorld.make()
        yield* Effect.scoped(world.start(apis, diamond(world), providers))
        assert.deepStrictEqual(world.journal, [
          "start vendor",
          "route inference",
          "start guard",
          "route safety",
          "start loop",
          "route agents",
          "stop loop",
          "stop guard",
          "stop vendor"
        ])
      }
    }))

  it.effect("gives the router the instances of its API in the order of the file, two of one type among them", () =>
    Effect.gen(function*() {
      const world = StackWorld.make()
      const type = "inline::other"
      const context = yield* world.start(apis, [world.provider(inference), world.provider(inference, { type })], {
        inference: [entry("b", "inline::inference"), entry("c", type), entry("a", "inline::inference")]
      })
      assert.deepStrictEqual(Context.get(context, inference.service), ["b", "c", "a"])
    }))

  it.effect("gives a router without providers no instances", () =>
    Effect.gen(function*() {
      const world = StackWorld.make()
      const context = yield* world.start([inference], [world.provider(inference)], {})
      assert.deepStrictEqual(Context.get(context, inference.service), [])
    }))

  it.effect("starts independent providers side by side, of one API and of several", () =>
    Effect.gen(function*() {
      const world = StackWorld.make()
      const ids = ["a", "b", "c"]
      const begun = new Map(ids.map((id) => [id, Deferred.makeUnsafe<void>()]))
      // Each begins, then waits until all have begun: one after the other, they would wait forever.
      const starting = (id: string) =>
        Deferred.succeed(begun.get(id)!, undefined).pipe(
          Effect.andThen(Effect.forEach([...begun.values()], (each) => Deferred.await(each))),
          Effect.asVoid
        )
      const registry = [world.provider(inference, { starting }), world.provider(safety, { starting })]
      yield* world.start(apis, registry, {
        inference: [entry("a", "inline::inference"), entry("b", "inline::inference")],
        safety: [entry("c", "inline::safety")]
      })
      assert.sameMembers(world.journal.filter((line) => line.startsWith("start")), ids.map((id) => `start ${id}`))
    }))

  it.effect("releases what was built when a start fails, and gives up what still starts", () =>
    Effect.gen(function*() {
      const world = StackWorld.make()
      const waiting = yield* Deferred.make<void>()
      let interrupted = false
      const slow = () =>
        Deferred.succeed(waiting, undefined).pipe(
          Effect.andThen(Effect.never),
          Effect.onInterrupt(() => Effect.sync(() => void (interrupted = true)))
        )
      const broken = () => Effect.andThen(Deferred.await(waiting), Effect.fail("no key"))
      const other = api("other")
      const registry = [
        world.provider(inference),
        world.provider(safety, { requires: [inference], starting: broken }),
        world.provider(agents, { requires: [safety] }),
        world.provider(other, { starting: slow })
      ]
      const providers = { ...configured, other: [entry("slow", "inline::other")] }
      const error = yield* Effect.flip(Effect.scoped(world.start([...apis, other], registry, providers)))
      assert.deepInclude(error, { _tag: "ProviderNotStarted", provider_id: "guard", reason: "no key" })
      assert.isTrue(interrupted)
      assert.deepStrictEqual(world.journal, ["start vendor", "route inference", "stop vendor"])
    }))

  it.effect("makes every instance anew, also where a type always gives the same Layer", () =>
    Effect.gen(function*() {
      let made = 0
      const constant = Layer.effect(inference.slot, Effect.sync(() => `instance ${++made}`))
      const provider = Provider.make({
        api: inference,
        type: "inline::constant",
        description: "",
        config: Schema.Struct({}),
        requires: [],
        layer: () => constant
      })
      const plan = yield* StackPlan.make([provider], {
        providers: { inference: [entry("a", "inline::constant"), entry("b", "inline::constant")] }
      })
      const context = yield* Layer.build(
        Stack.layer(plan, [plainRouter(inference)]).pipe(Layer.provide(StackWorld.health))
      )
      assert.deepStrictEqual(Context.get(context, inference.service), ["instance 1", "instance 2"])
    }))

  it.effect("keeps an API away from a provider that did not declare it", () =>
    Effect.gen(function*() {
      const secretive = Provider.make({
        api: safety,
        type: "inline::secretive",
        description: "",
        config: Schema.Struct({}),
        requires: [],
        layer: () =>
          Layer.effect(
            safety.slot,
            Effect.map(Effect.serviceOption(inference.service), ({ _tag }) => `inference: ${_tag}`)
          )
      })
      const world = StackWorld.make()
      const context = yield* world.start([inference, safety], [secretive, world.provider(inference)], {
        safety: [entry("guard", "inline::secretive")],
        inference: [entry("vendor", "inline::inference")]
      })
      assert.deepStrictEqual(Context.get(context, safety.service), ["inference: None"])
    }))

  it.effect("starts again after it has stopped", () =>
    Effect.gen(function*() {
      const world = StackWorld.make()
      const plan = yield* StackPlan.make(diamond(world), { providers: configured })
      const routers = apis.map((each) => ({ api: each, layer: () => Layer.succeed(each.service, []) }))
      const layer = Stack.layer(plan, routers).pipe(Layer.provide(StackWorld.health))
      yield* Effect.scoped(Layer.build(layer))
      yield* Effect.scoped(Layer.build(layer))
      const once = ["start vendor", "start guard", "start loop", "stop loop", "stop guard", "stop vendor"]
      assert.deepStrictEqual(world.journal, [...once, ...once])
    }))

  it.effect("an API that providers require and nobody routes is a defect that names it", () =>
    Effect.gen(function*() {
      const world = StackWorld.make()
      const exit = yield* Effect.exit(world.start([agents, safety], diamond(world), configured))
      assert.deepStrictEqual(exit, Exit.die(new Error("no router for the API inference")))
    }))

  it.effect("starts an upstream before who asks it, under its id, and stops it after, as deep as they stand", () =>
    Effect.gen(function*() {
      const world = StackWorld.make()
      const asking = (name: string, ...more: ReadonlyArray<string>): Schema.JsonObject => {
        const [next, ...rest] = more
        return next === undefined
          ? { name }
          : { name, upstream: { provider_type: "inline::inference", config: asking(next, ...rest) } }
      }
      yield* Effect.scoped(Effect.gen(function*() {
        const context = yield* world.start([inference], [world.provider(inference)], {
          inference: [entry("a", "inline::inference", asking("outer", "middle", "inner"))]
        })
        assert.deepStrictEqual(Context.get(context, inference.service), ["outer<middle<inner>>"])
      }))
      const order = ["inner", "middle", "outer"]
      assert.deepStrictEqual(world.journal, [
        ...order.map((name) => `start ${name}`),
        "route inference",
        ...order.toReversed().map((name) => `stop ${name}`)
      ])
    }))

  it.effect("starts no upstream that nobody asks", () =>
    Effect.gen(function*() {
      const world = StackWorld.make()
      const upstream = { provider_type: "inline::inference", config: { name: "b" } }
      yield* world.start([inference], [world.provider(inference)], {
        inference: [entry("a", "inline::inference", { asks: false, upstream })]
      })
      assert.deepStrictEqual(world.journal, ["start a", "route inference"])
    }))

  it.effect("starts an upstream once, however often its layer is used, and one for each instance", () =>
    Effect.gen(function*() {
      let made = 0
      const constant = Layer.effect(inference.slot, Effect.sync(() => `upstream ${++made}`))
      const asked = Provider.make({
        api: inference,
        type: "inline::asked",
        description: "",
        config: Schema.Struct({}),
        requires: [],
        layer: () => constant
      })
      class First extends Context.Service<First, string>()("strata/test/kernel/stack/Stack.test/First") {}
      const twice = Provider.make({
        api: inference,
        type: "inline::twice",
        description: "",
        config: Schema.Struct({}),
        requires: [],
        upstream: () => ({ provider_type: "inline::asked", config: {} }),
        layer: (_config, { upstream }) =>
          upstream === undefined
            ? Layer.effect(inference.slot, Effect.die("no upstream"))
            : Layer.effect(
              inference.slot,
              Effect.map(
                Effect.all([First, Effect.service(inference.slot)]),
                ([first, second]) => `${first} and ${second}`
              )
            ).pipe(
              Layer.provide(Layer.effect(First, Effect.service(inference.slot)).pipe(Layer.provide(upstream))),
              Layer.provide(upstream)
            )
      })
      const plan = yield* StackPlan.make([twice, asked], {
        providers: { inference: [entry("a", "inline::twice"), entry("b", "inline::twice")] }
      })
      const context = yield* Layer.build(
        Stack.layer(plan, [plainRouter(inference)]).pipe(Layer.provide(StackWorld.health))
      )
      assert.deepStrictEqual(Context.get(context, inference.service), [
        "upstream 1 and upstream 1",
        "upstream 2 and upstream 2"
      ])
    }))

  it.effect("gives an upstream the APIs it needs, shared with the rest, and its failure is the stack's", () =>
    Effect.gen(function*() {
      const world = StackWorld.make()
      const type = "inline::remote-guard"
      const broken = "inline::broken"
      const registry = [
        world.provider(inference),
        world.provider(safety),
        world.provider(safety, { type, requires: [inference] }),
        world.provider(safety, { type: broken, starting: () => Effect.fail("no key") }),
        world.provider(agents, { requires: [inference] })
      ]
      const start = (provider_type: string) =>
        Effect.scoped(world.start(apis, registry, {
          safety: [entry("guard", "inline::safety", { upstream: { provider_type, config: { name: "far guard" } } })],
          agents: [entry("loop", "inline::agents")],
          inference: [entry("vendor", "inline::inference")]
        }))
      yield* start(type)
      assert.deepStrictEqual(world.journal.filter((line) => line.startsWith("start vendor")), ["start vendor"])
      assert.isBelow(world.journal.indexOf("start vendor"), world.journal.indexOf("start far guard"))
      assert.isBelow(world.journal.indexOf("start far guard"), world.journal.indexOf("start guard"))
      assert.deepInclude(yield* Effect.flip(start(broken)), {
        _tag: "ProviderNotStarted",
        provider_id: "guard",
        reason: "no key"
      })
    }))
})
