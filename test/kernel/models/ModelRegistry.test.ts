/** The registry follows what the providers list, says so in the log, and starts again from the log. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Deferred, Effect, Fiber, Layer } from "effect"
import { TestClock } from "effect/testing"
import { ProviderFailed } from "../../../src/apis/inference/Inference.ts"
import type { ProviderError, ProviderModel } from "../../../src/apis/inference/Inference.ts"
import type { InferenceInstance } from "../../../src/kernel/models/ModelRegistry.ts"
import { ModelRegistry } from "../../../src/kernel/models/ModelRegistry.ts"
import { ProviderHealth } from "../../../src/kernel/ProviderHealth.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"

const model = (id: string): ProviderModel => ({ id, created: 0, owned_by: "v" })

/** A provider whose list is set from outside, and counts how often it is asked. */
const listing = (id: string, ...models: ReadonlyArray<string>) => {
  const state = {
    list: Effect.succeed(models.map(model)) as Effect.Effect<ReadonlyArray<ProviderModel>, ProviderError>,
    asked: 0
  }
  const instance: InferenceInstance = {
    id,
    type: "remote::test",
    service: {
      chatCompletion: () => Effect.never,
      models: {
        source: "discovery",
        list: Effect.suspend(() => {
          state.asked++
          return state.list
        })
      }
    }
  }
  return Object.assign(state, { instance })
}

const start = (...providers: ReadonlyArray<{ readonly instance: InferenceInstance }>) =>
  Effect.map(
    Layer.build(ModelRegistry.layer(providers.map(({ instance }) => instance))),
    (context) => Context.get(context, ModelRegistry)
  )

const ids = (registry: ModelRegistry["Service"]) => Effect.map(registry.table, (table) => [...table.keys()].sort())

const changes = Effect.map(
  MemoryHub.told({ types: ["model:*"] }),
  (events) => events.map(([type, payload]) => `${type} ${Object(payload).model_id}`)
)

const refused = new ProviderFailed({ provider: "p", reason: "unreachable", detail: "refused" })

const services = ProviderHealth.layer.pipe(Layer.provideMerge(MemoryHub.layer))
const test = <A, E>(effect: Effect.Effect<A, E, Layer.Success<typeof services>>) => Effect.provide(effect, services)

describe("ModelRegistry", () => {
  it.effect("registers what the providers list, in the log too", () =>
    Effect.gen(function*() {
      const registry = yield* start(listing("p", "a", "b"), listing("q", "a"))
      assert.deepStrictEqual(yield* ids(registry), ["p/a", "p/b", "q/a"])
      assert.deepStrictEqual(yield* registry.find("p/b"), {
        model_id: "p/b",
        provider_id: "p",
        provider_model_id: "b",
        source: "discovery",
        created: 0,
        owned_by: "v"
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
      assert.deepStrictEqual(yield* ids(registry), ["p/b"])
      assert.sameMembers((yield* changes).slice(3), ["model:unregistered q/a", "model:unregistered p/a"])
    }).pipe(Effect.scoped, test))

  it.effect("keeps the models of a provider that does not answer, and calls it unhealthy", () =>
    Effect.gen(function*() {
      const health = yield* ProviderHealth
      const provider = listing("p", "a")
      yield* Effect.scoped(start(provider))
      assert.deepStrictEqual(health.get("p"), { status: "ok", message: null })

      provider.list = Effect.fail(refused)
      const registry = yield* start(provider, listing("q", "c"))
      assert.deepStrictEqual(yield* ids(registry), ["p/a", "q/c"])
      assert.deepStrictEqual(health.get("p"), { status: "unhealthy", message: refused.message })
      assert.deepStrictEqual(health.get("q"), { status: "ok", message: null })
    }).pipe(Effect.scoped, test))

  it.effect("does not wait long for a provider that is slow to list; its models arrive later", () =>
    Effect.gen(function*() {
      const late = listing("p")
      const answer = yield* Deferred.make<ReadonlyArray<ProviderModel>>()
      late.list = Deferred.await(answer)
      const starting = yield* Effect.forkChild(start(late, listing("q", "c")), { startImmediately: true })
      yield* TestClock.adjust("1 second")
      const registry = yield* Fiber.join(starting)
      assert.deepStrictEqual(yield* ids(registry), ["q/c"])

      const found = yield* Effect.forkChild(registry.find("p/a"), { startImmediately: true })
      yield* Deferred.succeed(answer, [model("a")])
      assert.strictEqual((yield* Fiber.join(found)).model_id, "p/a")
      assert.strictEqual(late.asked, 1)
    }).pipe(Effect.scoped, test))

  it.effect("gives up on a provider that never lists", () =>
    Effect.gen(function*() {
      const silent = listing("p")
      silent.list = Effect.never
      const starting = yield* Effect.forkChild(start(silent), { startImmediately: true })
      yield* TestClock.adjust("5 seconds")
      yield* Fiber.join(starting)
      const health = yield* ProviderHealth
      assert.deepStrictEqual(health.get("p"), { status: "unhealthy", message: "no answer within 5 seconds" })
    }).pipe(Effect.scoped, test))

  it.effect("asks again for a model it does not know, at most once in five seconds", () =>
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
      assert.strictEqual((yield* registry.find("p/new")).provider_model_id, "new")
      assert.deepStrictEqual(yield* ids(registry), ["p/new"])
    }).pipe(Effect.scoped, test))

  it.effect.each([
    { asked: "gpt-4o", suggestions: ["azure/gpt-4o", "openai/gpt-4o"] },
    { asked: "openai/gpt-4p", suggestions: ["openai/gpt-4o"] },
    { asked: "mistral", suggestions: [] }
  ])("suggests what $asked may have meant", ({ asked, suggestions }) =>
    Effect.gen(function*() {
      const registry = yield* start(listing("azure", "gpt-4o"), listing("openai", "gpt-4o", "o1"))
      const error = yield* Effect.flip(registry.find(asked))
      assert.strictEqual(error.model, asked)
      assert.deepStrictEqual(error.suggestions.toSorted(), suggestions)
    }).pipe(Effect.scoped, test))
})
