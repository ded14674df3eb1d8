/** What every registry of resources does with its router, whatever the kind, over any store. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import type { Scope } from "effect"
import { EventHub } from "../../src/events/log/EventHub.ts"
import type { ProjectionTables } from "../../src/events/log/ProjectionTables.ts"
import { readAll } from "../../src/events/log/ReadAll.ts"
import type { RecordedEvent } from "../../src/events/types/Envelope.ts"
import { payloadOf } from "../../src/events/types/Envelope.ts"
import { CurrentPrincipal } from "../../src/events/types/Principal.ts"
import { AccessControl } from "../../src/kernel/access/AccessControl.ts"
import * as AccessPolicy from "../../src/kernel/access/AccessPolicy.ts"
import type { ResourceError } from "../../src/kernel/http/ResourceErrors.ts"
import type { Pair, PairService } from "./Pairs.ts"
import { asksForUnlisted, registration, start } from "./Pairs.ts"
import * as Supervised from "./Supervised.ts"

type World = EventHub | ProjectionTables | Scope.Scope

const open = Layer.merge(Supervised.layer, AccessControl.open)
const owned = Layer.merge(Supervised.layer, AccessControl.layer(() => AccessPolicy.owners))

const alice = { id: "alice", attributes: {} }
const bob = { id: "bob", attributes: {} }
const as = (principal: typeof alice) => Effect.provideService(CurrentPrincipal, principal)

const ids = ({ list }: PairService) => Effect.map(list, (all) => all.map(({ identifier }) => identifier))

export const resourceContract = (pair: Pair, world: Layer.Layer<EventHub | ProjectionTables, unknown>) => {
  const { kind } = pair
  const [idKey, providerIdKey] = [`${kind.type}_id`, `provider_${kind.type}_id`]

  /** Each test has a log of its own. */
  const test = <E>(name: string, body: Effect.Effect<void, E, World | Layer.Success<typeof open>>, rules = open) =>
    it.live(name, () => body.pipe(Effect.provide(Layer.provideMerge(rules, world)), Effect.scoped))

  const told = Effect.gen(function*() {
    const events = yield* readAll(yield* EventHub, { stream: kind.stream })
    return events.map((event: RecordedEvent) => [event.type, payloadOf(event)] as const)
  })
  const lines = Effect.map(told, (events) => events.map(([type, payload]) => `${type} ${Object(payload)[idKey]}`))

  describe(`${kind.stream}/${pair.api}`, () => {
    test(
      "registers with the only provider, says so in the log, and routes by the provider's own name",
      Effect.gen(function*() {
        const journal: Array<string> = []
        const service = yield* start(pair, { a: {} }, journal)
        const registered = yield* service.register(registration(pair, "mine", { provider_resource_id: "theirs" }))
        assert.deepStrictEqual(registered, {
          identifier: "mine",
          provider_id: "a",
          provider_resource_id: "theirs",
          source: "api",
          owner: null,
          attributes: pair.attributes
        })
        assert.deepStrictEqual(yield* service.get("mine"), registered)
        assert.strictEqual(yield* service.run("mine"), "a ran theirs")
        assert.deepStrictEqual<unknown>(yield* told, [[`${kind.type}:registered`, {
          [idKey]: "mine",
          provider_id: "a",
          [providerIdKey]: "theirs",
          source: "api",
          ...pair.attributes
        }]])
        assert.deepStrictEqual(journal, ["a register theirs"])
      })
    )

    test(
      "is there again after a restart, with all it was registered with",
      Effect.gen(function*() {
        const before = yield* Effect.scoped(Effect.gen(function*() {
          const service = yield* start(pair, { a: {}, b: {} })
          return yield* service.register(registration(pair, "mine", { provider_id: "b" }))
        }))
        const service = yield* start(pair, { a: {}, b: {} })
        assert.deepStrictEqual(yield* service.list, [before])
        assert.strictEqual(yield* service.run("mine"), "b ran mine")
        assert.deepStrictEqual(yield* lines, [`${kind.type}:registered mine`])
      })
    )

    test(
      "unregisters for good: its provider is told, and after a restart it is not there",
      Effect.gen(function*() {
        const journal: Array<string> = []
        yield* Effect.scoped(Effect.gen(function*() {
          const service = yield* start(pair, { a: {} }, journal)
          yield* service.register(registration(pair, "mine"))
          assert.strictEqual((yield* service.unregister("mine")).identifier, "mine")
          assert.strictEqual((yield* Effect.flip(service.run("mine")))._tag, "ResourceNotFound")
          assert.strictEqual((yield* Effect.flip(service.unregister("mine")))._tag, "ResourceNotFound")
        }))
        assert.deepStrictEqual(journal, ["a register mine", "a unregister mine"])
        assert.deepStrictEqual(yield* ids(yield* start(pair, { a: {} })), [])
        assert.deepStrictEqual(yield* lines, [`${kind.type}:registered mine`, `${kind.type}:unregistered mine`])
      })
    )

    test(
      "changes nothing where the same is registered again, and refuses something else under the name",
      Effect.gen(function*() {
        const service = yield* start(pair, { a: {}, b: {} })
        const first = yield* service.register(registration(pair, "mine", { provider_id: "a" }))
        const again = yield* service.register(registration(pair, "mine", { provider_id: "a" }))
        assert.deepStrictEqual(again, first)
        const error = yield* Effect.flip(service.register(registration(pair, "mine", { provider_id: "b" })))
        assert.deepInclude(error, { _tag: "ResourceConflict", type: kind.type, reason: "exists" })
        assert.include(error.message, "provider_id")
        assert.lengthOf(yield* lines, 1)
      })
    )

    test(
      "asks for a provider where there are several, and for one that is there",
      Effect.gen(function*() {
        const service = yield* start(pair, { a: {}, b: {} })
        for (const more of [{}, { provider_id: "c" }]) {
          const error = yield* Effect.flip(service.register(registration(pair, "mine", more)))
          assert.deepInclude(error, { _tag: "ResourceInvalid", field: "provider_id" })
          assert.include(error.message, "a, b")
        }
        assert.deepStrictEqual(yield* lines, [])
      })
    )

    test(
      "registers and unregisters nothing that its provider refuses",
      Effect.gen(function*() {
        const service = yield* start(pair, { a: { refuses: "bad" } })
        const error = yield* Effect.flip(service.register(registration(pair, "mine", { provider_resource_id: "bad" })))
        assert.deepInclude(error, { _tag: "ResourceInvalid", field: providerIdKey })
        assert.include(error.message, "not that one")
        assert.deepStrictEqual(yield* lines, [])
        yield* service.register(registration(pair, "good"))
        const refusing = yield* start(pair, { a: { refuses: "good" } })
        assert.strictEqual((yield* Effect.flip(refusing.unregister("good")))._tag, "ResourceInvalid")
        assert.deepStrictEqual(yield* ids(refusing), ["good"])
      })
    )

    test(
      "lists what providers list, follows their lists, and lets nobody take that back",
      Effect.gen(function*() {
        yield* Effect.scoped(Effect.gen(function*() {
          const service = yield* start(pair, { a: { lists: ["x", "y"] }, b: { lists: ["x"], fixed: true } })
          assert.deepStrictEqual(yield* ids(service), ["a/x", "a/y", "b/x"])
          assert.strictEqual(yield* service.run("y"), "a ran y")
          assert.deepInclude(yield* Effect.flip(service.run("x")), { _tag: "ResourceNotFound", ambiguous: true })
          for (const id of ["a/x", "b/x"]) {
            const error = yield* Effect.flip(service.unregister(id))
            assert.deepInclude(error, { _tag: "ResourceConflict", reason: "fixed" })
          }
        }))
        const service = yield* start(pair, { a: { lists: ["y", "z"] } })
        assert.deepStrictEqual(yield* ids(service), ["a/y", "a/z"])
        assert.sameMembers((yield* lines).slice(3), [
          `${kind.type}:unregistered b/x`,
          `${kind.type}:unregistered a/x`,
          `${kind.type}:registered a/z`
        ])
      })
    )

    test(
      `${asksForUnlisted(pair) ? "asks" : "does not ask"} a provider for what it does not list`,
      Effect.gen(function*() {
        const service = yield* start(pair, { a: { lists: ["x"] }, b: { lists: ["x"], fixed: true } })
        const [open, fixed] = [yield* Effect.exit(service.run("a/new")), yield* Effect.exit(service.run("b/new"))]
        assert.deepStrictEqual([open._tag, fixed._tag], [asksForUnlisted(pair) ? "Success" : "Failure", "Failure"])
        assert.deepStrictEqual(yield* ids(service), ["a/x", "b/x"])
      })
    )

    test(
      "keeps what clients registered while its provider is not configured, and shows it when it is back",
      Effect.gen(function*() {
        yield* Effect.scoped(Effect.gen(function*() {
          const service = yield* start(pair, { a: { lists: ["x"] }, b: {} })
          yield* service.register(registration(pair, "mine", { provider_id: "a" }))
        }))
        yield* Effect.scoped(Effect.gen(function*() {
          const service = yield* start(pair, { b: {} })
          assert.deepStrictEqual(yield* ids(service), [])
          assert.strictEqual((yield* Effect.flip(service.run("mine")))._tag, "ResourceNotFound")
        }))
        const service = yield* start(pair, { a: { lists: ["x"] }, b: {} })
        assert.deepStrictEqual(yield* ids(service), ["a/x", "mine"])
        assert.strictEqual(yield* service.run("mine"), "a ran mine")
      })
    )

    test(
      "two registries on one log agree: each finds what the other registers, one name is given once",
      Effect.gen(function*() {
        const [one, other] = [yield* start(pair, { a: {}, b: {} }), yield* start(pair, { a: {}, b: {} })]
        yield* one.register(registration(pair, "mine", { provider_id: "a" }))
        assert.strictEqual(yield* other.run("mine"), "a ran mine")
        const exits = yield* Effect.all(
          Array.from({ length: 10 }, (_, index) =>
            Effect.exit(
              (index % 2 === 0 ? one : other).register(
                registration(pair, "wanted", { provider_id: index % 2 === 0 ? "a" : "b" })
              )
            )),
          { concurrency: "unbounded" }
        )
        const won = exits.filter(({ _tag }) => _tag === "Success")
        assert.strictEqual(won.length, 5, "all who asked for what the first got, and nobody else")
        assert.deepStrictEqual(yield* one.list, yield* other.list)
        assert.lengthOf((yield* lines).filter((line) => line.endsWith(" wanted")), 1)
        yield* other.unregister("mine")
        assert.deepStrictEqual(yield* ids(one), ["wanted"])
      })
    )

    test(
      "belongs to who registered it: nobody else sees it, asks for it or takes it back",
      Effect.gen(function*() {
        const service = yield* start(pair, { a: { lists: ["x"] } })
        const registered = yield* as(alice)(service.register(registration(pair, "mine")))
        assert.deepStrictEqual(registered.owner, alice)
        assert.deepStrictEqual(yield* as(alice)(ids(service)), ["a/x", "mine"])
        assert.deepStrictEqual(yield* as(bob)(ids(service)), ["a/x"])
        assert.strictEqual(yield* as(alice)(service.run("mine")), "a ran mine")
        const { get, run, unregister } = service
        for (const ask of [run, get, unregister]) {
          const asked: Effect.Effect<unknown, ResourceError> = ask("mine")
          assert.strictEqual((yield* Effect.flip(as(bob)(asked)))._tag, "ResourceNotFound")
        }
        const taken = yield* Effect.flip(
          as(bob)(service.register(registration(pair, "mine", { provider_resource_id: "x" })))
        )
        assert.strictEqual(taken._tag, "ResourceConflict")
        yield* as(alice)(service.unregister("mine"))
      }),
      owned
    )
  })
}
