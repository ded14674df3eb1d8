/** What is asked for by its name is remembered, as long as the table and the rules say so. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { ModelsKind, modelsOf } from "../../../src/apis/models/ModelsKind.ts"
import { CurrentPrincipal } from "../../../src/events/types/Principal.ts"
import { AccessControl } from "../../../src/kernel/access/AccessControl.ts"
import * as AccessPolicy from "../../../src/kernel/access/AccessPolicy.ts"
import * as ResourceLookup from "../../../src/kernel/resources/ResourceLookup.ts"
import * as ResourceRegistry from "../../../src/kernel/resources/ResourceRegistry.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"
import { listing, resource } from "../../support/Models.ts"
import * as Supervised from "../../support/Supervised.ts"

const start = Effect.gen(function*() {
  const [a, b] = [listing("a", "m"), listing("b", "m")]
  const instances = [a.instance, b.instance]
  const options = { kind: ModelsKind, instances, resourcesOf: modelsOf }
  const registry = yield* ResourceRegistry.make(options)
  const { route } = yield* ResourceLookup.make({ ...options, registry })
  const change = (...registered: ReadonlyArray<ReturnType<typeof resource>>) =>
    registry.change(() => Effect.succeed({ registered, unregistered: registered.length === 0 ? ["mine"] : [] }))
  return { a, change, route }
})

const mine = (provider: string, owner: typeof alice | null = null) =>
  resource(provider, "m", { identifier: "mine", source: "api", owner })

const alice = { id: "alice", attributes: {} }
const bob = { id: "bob", attributes: {} }
const as = (principal: typeof alice) => Effect.provideService(CurrentPrincipal, principal)

const layer = Layer.mergeAll(Supervised.layer, AccessControl.open).pipe(Layer.provideMerge(MemoryHub.layer))
const owned = AccessControl.layer(AccessPolicy.owners).pipe(Layer.provideMerge(layer))

describe("ResourceLookup", () => {
  it.effect("forgets who served a name when the table changes", () =>
    Effect.gen(function*() {
      const { change, route } = yield* start
      for (const provider of ["a", "b", "a"]) {
        yield* change(mine(provider))
        for (let n = 0; n < 2; n++) {
          const { identifier, provider_id, provider_resource_id } = yield* route("mine")
          assert.deepStrictEqual([identifier, provider_id, provider_resource_id], ["mine", provider, "m"])
        }
      }
      yield* change()
      assert.strictEqual((yield* Effect.flip(route("mine")))._tag, "ResourceNotFound")
    }).pipe(Effect.scoped, Effect.provide(layer)))

  it.effect("asks for a name that is known that its provider be looked at, where it did not work", () =>
    Effect.gen(function*() {
      const { a: { instance: { checkRequested, lastCheck } }, route } = yield* start
      yield* route("a/m")
      yield* checkRequested.close
      lastCheck.works = false
      yield* route("a/m")
      let isOpen = false
      yield* Effect.timeoutOption(Effect.andThen(checkRequested.await, Effect.sync(() => isOpen = true)), 0)
      assert.isTrue(isOpen)
    }).pipe(Effect.scoped, Effect.provide(layer)))

  it.effect("remembers for nobody what rules show to some", () =>
    Effect.gen(function*() {
      const { change, route } = yield* start
      yield* change(mine("a", alice))
      for (let n = 0; n < 2; n++) {
        assert.strictEqual((yield* as(alice)(route("mine"))).provider_id, "a")
        assert.strictEqual((yield* Effect.flip(as(bob)(route("mine"))))._tag, "ResourceNotFound")
      }
    }).pipe(Effect.scoped, Effect.provide(owned)))
})
