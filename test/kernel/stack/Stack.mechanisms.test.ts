/**
 * Every mechanism of the resolver this one descends from (Llama Stack's `core/resolver.py`), by its name there: what it
 * was for works, and what it got wrong does not happen.
 */
import { assert, describe, it } from "@effect/vitest"
import { Context, Deferred, Effect, Layer, Predicate, Schema } from "effect"
import * as Apis from "../../../src/apis/Apis.ts"
import * as ConfigurationFile from "../../../src/kernel/configuration/ConfigurationFile.ts"
import * as Compliance from "../../../src/kernel/provider/Compliance.ts"
import type { Instance } from "../../../src/kernel/provider/Instance.ts"
import * as Provider from "../../../src/kernel/provider/Provider.ts"
import type { ProviderEntry } from "../../../src/kernel/provider/ProviderEntry.ts"
import * as Stack from "../../../src/kernel/stack/Stack.ts"
import * as StackPlan from "../../../src/kernel/stack/StackPlan.ts"
import { registry } from "../../../src/providers/Registry.ts"
import { Chat } from "../../support/Chat.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import * as StackWorld from "../../support/StackWorld.ts"
import { api, entry, plainRouter } from "../../support/StackWorld.ts"
import { Strata } from "../../support/Strata.ts"

const [inference, safety, agents] = [api("inference"), api("safety"), api("agents")]
const apis = [inference, safety, agents]

type Providers = Readonly<Record<string, ReadonlyArray<ProviderEntry>>>

const vendor = (id: string, config: Schema.JsonObject = {}) => entry(id, "inline::inference", config)

const refusal = (types: ReadonlyArray<StackWorld.WorldProvider>, providers: Providers) =>
  Effect.map(
    Effect.flip(StackPlan.make(types, { providers }, undefined, Apis.apis.own.map(({ name }) => name))),
    ({ issues }) => issues.map(({ kind }) => kind)
  )

describe("validate_and_prepare_providers", () => {
  it.effect("refuses a provider for an API that is provided automatically", () =>
    Effect.gen(function*() {
      const world = StackWorld.make()
      for (const name of ["models", "providers", "inspect", "sessions", "events"]) {
        assert.deepStrictEqual(yield* refusal([world.provider(inference)], { [name]: [vendor("a")] }), [
          "AutoProvidedApi"
        ])
      }
    }))

  it.effect("leaves out an entry that is switched off, and says why", () =>
    Effect.gen(function*() {
      const text = `providers: { inference: [{ provider_id: __disabled__, provider_type: "inline::inference" }] }`
      const { configuration, skipped } = yield* ConfigurationFile.parse(text, "strata.yaml")
      assert.deepStrictEqual(configuration.providers, { inference: [] })
      assert.lengthOf(skipped, 1)
    }))

  it.effect("refuses a second instance of a name, which used to take the first one's place", () =>
    Effect.gen(function*() {
      const world = StackWorld.make()
      const providers = { inference: [vendor("a"), vendor("a")] }
      assert.deepStrictEqual(yield* refusal([world.provider(inference)], providers), ["DuplicateId"])
    }))

  it.effect("leaves the registry as it is, which used to get the dependencies of the last configuration", () =>
    Effect.gen(function*() {
      const world = StackWorld.make()
      const types = [world.provider(inference), world.provider(safety, { optional: [inference] })].map(Object.freeze)
      const plans = yield* Effect.all([
        StackPlan.make(types as never, { providers: { inference: [vendor("a")], safety: [] } }),
        StackPlan.make(types as never, { providers: { safety: [entry("guard", "inline::safety")] } })
      ])
      assert.deepStrictEqual(plans.map(({ providers }) => providers.map(({ provider_id }) => provider_id)), [
        ["a"],
        ["guard"]
      ])
    }))
})

describe("validate_provider", () => {
  it.effect("refuses an unknown type and one deprecated with an error, and starts one deprecated with a warning", () =>
    Effect.gen(function*() {
      const world = StackWorld.make()
      const gone = { ...world.provider(inference, { type: "inline::gone" }), deprecated: { error: "Use another." } }
      const old = { ...world.provider(inference, { type: "inline::old" }), deprecated: { warning: "Use another." } }
      const typed = (type: string) => ({ inference: [entry("a", type)] })
      assert.deepStrictEqual(yield* refusal([gone, old], typed("inline::none")), ["UnknownType"])
      assert.deepStrictEqual(yield* refusal([gone, old], typed("inline::gone")), ["Deprecated"])
      yield* world.start([inference], [gone, old], typed("inline::old"))
      assert.deepStrictEqual(world.journal, ["start a", "route inference"])
    }))
})

describe("specs_for_autorouted_apis", () => {
  it.effect("makes of the instances of one API the router and the routing table that go together", () =>
    Effect.gen(function*() {
      const world = StackWorld.make()
      class Table
        extends Context.Service<Table, ReadonlyArray<string>>()("strata/test/kernel/stack/Stack.mechanisms.test/Table")
      {}
      const plan = yield* StackPlan.make([world.provider(inference)], { providers: { inference: [vendor("a")] } })
      const pair = {
        api: inference,
        layer: (instances: ReadonlyArray<Instance<string>>) =>
          Layer.effect(inference.service, Effect.map(Table, (table) => table.map((id) => `routes to ${id}`))).pipe(
            Layer.provideMerge(Layer.succeed(Table, instances.map(({ id }) => id)))
          )
      }
      const context = yield* Layer.build(Stack.layer(plan, [pair]).pipe(Layer.provide(StackWorld.health)))
      assert.deepStrictEqual<unknown>([Context.get(context, Table), Context.get(context, inference.service)], [
        ["a"],
        ["routes to a"]
      ])
    }))
})

describe("sort_providers_by_deps, topological_sort", () => {
  it.effect("starts in the order of need without sorting, instance by instance and not API by API", () =>
    Effect.gen(function*() {
      const world = StackWorld.make()
      const ready = yield* Deferred.make<void>()
      const types = [
        // It waits for an instance of the API whose other instance waits for it: API by API, nothing would start.
        world.provider(inference, { starting: () => Deferred.await(ready) }),
        world.provider(safety, { requires: [inference] }),
        world.provider(safety, { type: "inline::words", starting: () => Deferred.succeed(ready, undefined) })
      ]
      yield* world.start(apis, types, {
        safety: [entry("guard", "inline::safety"), entry("words", "inline::words")],
        inference: [vendor("a")]
      })
      const starts = world.journal.filter((line) => line.startsWith("start"))
      assert.sameMembers(starts, ["start words", "start a", "start guard"])
    }))

  it.effect("names a circle before anything starts, which used to be accepted and to fail later", () =>
    Effect.gen(function*() {
      const world = StackWorld.make()
      const types = [
        world.provider(inference, { requires: [safety] }),
        world.provider(safety, { requires: [inference] })
      ]
      const providers = { inference: [vendor("a")], safety: [entry("guard", "inline::safety")] }
      assert.deepStrictEqual(yield* refusal(types, providers), ["Cycle"])
    }))

  it.effect("refuses a dependency nobody provides, which used to be ignored here", () =>
    Effect.gen(function*() {
      const world = StackWorld.make()
      const types = [world.provider(inference, { requires: [agents] })]
      assert.deepStrictEqual(yield* refusal(types, { inference: [vendor("a")] }), ["MissingApi"])
    }))
})

describe("instantiate_providers", () => {
  it.effect("starts side by side what used to start one after the other", () =>
    Effect.gen(function*() {
      const world = StackWorld.make()
      const both = new Set<string>()
      const met = yield* Deferred.make<void>()
      const starting = (id: string) =>
        Effect.suspend(() => both.add(id).size === 2 ? Deferred.succeed(met, undefined) : Effect.void).pipe(
          Effect.andThen(Deferred.await(met))
        )
      yield* world.start(apis, [world.provider(inference, { starting })], { inference: [vendor("a"), vendor("b")] })
      assert.strictEqual(both.size, 2)
    }))

  it.effect("has an optional dependency wherever it stands in the file, which used to depend on the order", () =>
    Effect.gen(function*() {
      for (const names of [["inference", "safety"], ["safety", "inference"]]) {
        const world = StackWorld.make()
        const types = [world.provider(inference, { optional: [safety] }), world.provider(safety)]
        yield* world.start(
          apis,
          types,
          Object.fromEntries(names.map((name) => [name, [entry(name, `inline::${name}`)]]))
        )
        assert.include(world.journal, "inference uses safety")
      }
    }))

  it.effect("releases what it had built when one fails, which used to stay open", () =>
    Effect.gen(function*() {
      const world = StackWorld.make()
      const failing = world.provider(safety, { requires: [inference], starting: () => Effect.fail("no key") })
      const error = yield* Effect.flip(Effect.scoped(
        world.start(apis, [world.provider(inference), failing], {
          inference: [vendor("a")],
          safety: [entry("guard", "inline::safety")]
        })
      ))
      assert.deepInclude(error, { _tag: "ProviderNotStarted", provider_id: "guard", reason: "no key" })
      assert.deepStrictEqual(world.journal.filter((line) => line.endsWith(" a")), ["start a", "stop a"])
    }))
})

describe("instantiate_provider", () => {
  it.effect("gives an instance its decoded configuration and its id, and nothing by the names of its parameters", () =>
    Effect.gen(function*() {
      const given: Array<unknown> = []
      const echo = Provider.make({
        api: inference,
        type: "inline::echo",
        description: "",
        config: Schema.Struct({ speed: Schema.FiniteFromString }),
        requires: [],
        layer: (...parameters) => {
          given.push(...parameters)
          return Layer.succeed(inference.slot, "echo")
        }
      })
      const plan = yield* StackPlan.make([echo], {
        providers: { inference: [entry("a", "inline::echo", { speed: "2" })] }
      })
      yield* Layer.build(Stack.layer(plan, [plainRouter(inference)]).pipe(Layer.provide(StackWorld.health)))
      assert.deepStrictEqual(given, [
        { speed: 2 },
        { provider_id: "a", provider_type: "inline::echo", upstream: undefined }
      ])
    }))
})

describe("check_protocol_compliance, api_protocol_map, additional_protocols_map", () => {
  it("looks at every member of every contract, which used to pass whatever it was given", () => {
    assert.isAbove(registry.length, 0)
    for (const definition of registry) {
      const { contract } = definition.api
      assert.isObject(contract)
      const lacks = Compliance.check(definition.api, {})
      const demanded = Object.entries(contract).filter(([, each]) =>
        !Predicate.hasProperty(each, "~optional") || Predicate.hasProperty(each, "~others")
      )
      assert.sameMembers(lacks.map(({ member }) => member), demanded.map(([member]) => member))
    }
  })

  it("holds an inference provider to its part in the registry of models, too", () => {
    const list = Effect.succeed([])
    const silent = { complete: () => Effect.never, models: { source: "discovery" } }
    const [{ api }] = registry
    assert.deepStrictEqual(Compliance.check(api, silent).map(({ member }) => member), ["models.list"])
    assert.deepStrictEqual(Compliance.check(api, { ...silent, models: { source: "discovery", list } }), [])
  })
})

describe("resolve_remote_stack_impls", () => {
  it.live("a stack can be the provider of another: over HTTP, by its base URL", () =>
    Effect.gen(function*() {
      const upstream = yield* FakeUpstream.make({ respond: Chat.answering(["Blue", "whale"]) })
      const behind = yield* Strata.make({ providers: [Strata.openAi(upstream, { models: ["m"] })] })
      const before = yield* Strata.make({
        providers: [Strata.openAi({ ...upstream, url: `${behind.url}/v1` }, {}, "far")]
      })
      const answer = yield* Chat.ask(before.url, { model: "far/upstream/m" })
      assert.strictEqual(answer.status, 200)
      assert.include(answer.text, "Blue whale")
    }))
})
