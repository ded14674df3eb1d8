/** A registry follows what the providers list, says so in the log, and starts again from the log. */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Layer } from "effect"
import { TestClock } from "effect/testing"
import type { ProviderModel } from "../../../src/apis/inference/Inference.ts"
import type { InferenceInstance } from "../../../src/apis/models/ModelRegistry.ts"
import { ModelsKind, modelsOf } from "../../../src/apis/models/ModelsKind.ts"
import { ProviderHealth } from "../../../src/kernel/provider/ProviderHealth.ts"
import * as ResourceLookup from "../../../src/kernel/resources/ResourceLookup.ts"
import * as ResourceRegistry from "../../../src/kernel/resources/ResourceRegistry.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"
import { instance, listing, model } from "../../support/Models.ts"
import { turns } from "../../support/SlowEventLog.ts"
import * as Supervised from "../../support/Supervised.ts"

const start = Effect.fnUntraced(function*(...providers: ReadonlyArray<{ readonly instance: InferenceInstance }>) {
  const instances = providers.map(({ instance }) => instance)
  const registry = yield* ResourceRegistry.make({ kind: ModelsKind, instances, resourcesOf: modelsOf })
  const lookup = yield* ResourceLookup.make({ kind: ModelsKind, registry, instances, resourcesOf: modelsOf })
  return { ids: Effect.sync(() => [...registry.current.table.entries.keys()].sort()), find: lookup.get }
})

const changes = Effect.map(
  MemoryHub.told({ types: ["model:*"] }),
  (events) => events.map(([type, payload]) => `${type} ${Object(payload).model_id}`)
)

const of = (provider_id: string) => ({ api: "inference", provider_id })

const healthOf = Effect.fnUntraced(function*(provider_id: string) {
  const { message, status } = (yield* ProviderHealth).get(of(provider_id))
  return message === null ? status : `${status}: ${message}`
})

const services = Supervised.layer.pipe(Layer.provideMerge(MemoryHub.layer))
const test = <A, E>(effect: Effect.Effect<A, E, Layer.Success<typeof services>>) => Effect.provide(effect, services)

describe("ResourceDiscovery", () => {
  it.effect("registers what the providers list, in the log too", () =>
    Effect.gen(function*() {
      const registry = yield* start(listing("p", "a", "b"), listing("q", "a"))
      assert.deepStrictEqual(yield* registry.ids, ["p/a", "p/b", "q/a"])
      assert.deepStrictEqual(yield* registry.find("p/b"), {
        identifier: "p/b",
        provider_id: "p",
        provider_resource_id: "b",
        source: "discovery",
        owner: null,
        attributes: { created: 0, owned_by: "v" }
      })
      assert.deepStrictEqual((yield* changes).toSorted(), [
        "model:registered p/a",
        "model:registered p/b",
        "model:registered q/a"
      ])
    }).pipe(Effect.scoped, test))

  it.effect("says nothing when nothing has changed since the last start", () =>
    Effect.gen(function*() {
      const provider = listing("p", "a")
      yield* Effect.scoped(start(provider))
      yield* Effect.scoped(start(provider))
      assert.deepStrictEqual(yield* changes, ["model:registered p/a"])
      assert.strictEqual(provider.asked, 2)
    }).pipe(test))

  it.effect("unregisters what is gone: from a list, and with its provider", () =>
    Effect.gen(function*() {
      yield* Effect.scoped(start(listing("p", "a", "b"), listing("q", "a")))
      const registry = yield* start(listing("p", "b"))
      assert.deepStrictEqual(yield* registry.ids, ["p/b"])
      assert.sameMembers((yield* changes).slice(3), ["model:unregistered q/a", "model:unregistered p/a"])
    }).pipe(Effect.scoped, test))

  it.effect("lists anew as long as it runs: once a minute what works", () =>
    Effect.gen(function*() {
      const provider = listing("p", "a", "b")
      const registry = yield* start(provider)
      provider.list = Effect.succeed([model("b"), model("c")])
      yield* TestClock.adjust("59 seconds")
      assert.deepStrictEqual(yield* registry.ids, ["p/a", "p/b"])
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(yield* registry.ids, ["p/b", "p/c"])
    }).pipe(Effect.scoped, test))

  it.effect("keeps the models of a provider that does not answer, calls it unhealthy, and looks again soon", () =>
    Effect.gen(function*() {
      const provider = listing("p", "a")
      yield* Effect.scoped(start(provider))
      assert.strictEqual(yield* healthOf("p"), "ok")

      provider.list = Effect.fail({ message: "refused" })
      const registry = yield* start(provider, listing("q", "c"))
      assert.deepStrictEqual(yield* registry.ids, ["p/a", "q/c"])
      assert.strictEqual(yield* healthOf("p"), "unhealthy: refused")
      assert.strictEqual(yield* healthOf("q"), "ok")

      provider.list = Effect.succeed([model("b")])
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* healthOf("p"), "ok")
      assert.deepStrictEqual(yield* registry.ids, ["p/b", "q/c"])
    }).pipe(Effect.scoped, test))

  it.effect("registers what is configured of a provider that does not work, which says why", () =>
    Effect.gen(function*() {
      const models = { source: "configuration" as const, list: Effect.succeed([model("a")]) }
      const registry = yield* start({
        instance: instance("p", { models, health: Effect.fail({ message: "no key" }) })
      })
      assert.deepStrictEqual(yield* registry.ids, ["p/a"])
      assert.strictEqual(yield* healthOf("p"), "unhealthy: no key")
    }).pipe(Effect.scoped, test))

  it.effect("does not wait long for a provider that is slow to list; its models arrive later", () =>
    Effect.gen(function*() {
      const late = listing("p")
      const answer = yield* Deferred.make<ReadonlyArray<ProviderModel>>()
      late.list = Deferred.await(answer)
      const starting = yield* Effect.forkChild(start(late, listing("q", "c")), { startImmediately: true })
      // What the other lists is in the log by then: that takes turns, and no time of this clock.
      yield* turns(200)
      yield* TestClock.adjust("1 second")
      const registry = yield* Fiber.join(starting)
      assert.deepStrictEqual(yield* registry.ids, ["q/c"])

      const found = yield* Effect.forkChild(registry.find("p/a"), { startImmediately: true })
      yield* Deferred.succeed(answer, [model("a")])
      assert.strictEqual((yield* Fiber.join(found)).identifier, "p/a")
      assert.strictEqual(late.asked, 1)
    }).pipe(Effect.scoped, test))

  it.effect("gives up on a provider that never lists", () =>
    Effect.gen(function*() {
      const silent = listing("p")
      silent.list = Effect.never
      const starting = yield* Effect.forkChild(start(silent), { startImmediately: true })
      yield* TestClock.adjust("5 seconds")
      yield* Fiber.join(starting)
      assert.strictEqual(yield* healthOf("p"), "unhealthy: no answer within 5s")
    }).pipe(Effect.scoped, test))

  it.effect("asks again for a model it does not know, each provider at most once in five seconds", () =>
    Effect.gen(function*() {
      const provider = listing("p", "a")
      const registry = yield* start(provider)
      const missing = Effect.flip(registry.find("p/new"))
      yield* missing
      assert.strictEqual(provider.asked, 1)
      yield* TestClock.adjust("4999 millis")
      yield* missing
      assert.strictEqual(provider.asked, 1)
      yield* TestClock.adjust("1 milli")
      yield* Effect.all([missing, missing, missing], { concurrency: "unbounded" })
      assert.strictEqual(provider.asked, 2)
      yield* registry.find("p/a")
      assert.strictEqual(provider.asked, 2)

      provider.list = Effect.succeed([model("new")])
      yield* TestClock.adjust("5 seconds")
      assert.strictEqual((yield* registry.find("p/new")).provider_resource_id, "new")
      assert.deepStrictEqual(yield* registry.ids, ["p/new"])
    }).pipe(Effect.scoped, test))
})
