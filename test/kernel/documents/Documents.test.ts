import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import * as MemoryStore from "../../../src/events/memory/MemoryStore.ts"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import * as Event from "../../../src/events/types/Event.ts"
import { CurrentPrincipal, Principal } from "../../../src/events/types/Principal.ts"
import { CurrentTenant } from "../../../src/events/types/Tenant.ts"
import { AccessControl } from "../../../src/kernel/access/AccessControl.ts"
import * as AccessPolicy from "../../../src/kernel/access/AccessPolicy.ts"
import * as DocumentKind from "../../../src/kernel/documents/DocumentKind.ts"
import * as Documents from "../../../src/kernel/documents/Documents.ts"
import { CurrentReplayDocuments } from "../../../src/kernel/documents/ReplayDocuments.ts"

const Written = Event.define("prompt:test_written", {
  durability: "state",
  description: "A poem.",
  payload: Schema.Struct({ id: Schema.String, lines: Schema.Int, owner: Schema.NullOr(Principal) })
})
const Changed = Event.define("prompt:test_changed", {
  durability: "state",
  description: "It is longer.",
  payload: Schema.Struct({ lines: Schema.Int })
})
const Burnt = Event.define("prompt:test_burnt", {
  durability: "state",
  description: "It is gone.",
  payload: Schema.Struct({})
})

const Poem = Schema.Struct({ id: Schema.String, lines: Schema.Int })
type Poem = typeof Poem.Type

const kind = DocumentKind.make<Poem>({
  type: "prompt",
  prefix: "poem_",
  table: "poems",
  description: "Poems.",
  value: Poem,
  created: Written,
  events: [Changed, Burnt],
  evolve: (poem, event) => {
    const payload = payloadOf(event) as { readonly id: string; readonly lines: number }
    if (event.type === Written.type) return { id: payload.id, lines: payload.lines }
    return event.type === Burnt.type || poem === undefined ? undefined : { ...poem, lines: payload.lines }
  },
  index: { lines: ({ lines }) => lines }
})

const layerWith = (policy: AccessPolicy.AccessPolicy) =>
  AccessControl.layer(policy).pipe(
    Layer.provideMerge(EventHub.layer()),
    Layer.provideMerge(MemoryStore.layerOf([kind.projection]))
  )
const open = layerWith(AccessPolicy.open)
const owned = layerWith(AccessPolicy.owners)

const write = (id: string, lines = 4) =>
  Effect.flatMap(
    Documents.of(kind),
    ({ create }) =>
      create(id, (owner) => Effect.map(Documents.draft(Written, { id, lines, owner }), (event) => [event]))
  )
const lengthen = (id: string, by: number) =>
  Effect.flatMap(
    Documents.of(kind),
    ({ change }) =>
      change(id, "update", ({ value }) =>
        Effect.map(Documents.draft(Changed, { lines: value.lines + by }), (event) => [event]))
  )
const burn = (id: string) =>
  Effect.flatMap(
    Documents.of(kind),
    ({ change }) => change(id, "delete", () => Effect.map(Documents.draft(Burnt, {}), (event) => [event]))
  )
const list = (query: Partial<Documents.ListQuery> = {}) =>
  Effect.flatMap(Documents.of(kind), ({ list }) => list({ limit: 2, ...query })).pipe(
    Effect.map(({ data, has_more }) => [data.map(({ value }) => value.id).join(""), has_more])
  )
const as = (id: string) => Effect.provideService(CurrentPrincipal, { id, attributes: {} })
const get = (id: string) => Effect.flatMap(Documents.of(kind), (poems) => poems.get(id))

describe("Documents", () => {
  it.effect("given a document, when it is changed by many at once, then every change counts", () =>
    Effect.gen(function*() {
      const hub = yield* EventHub
      yield* write("a")
      // What is no event of the document stands in its stream, too.
      yield* hub.append("prompt/a", "any", [{
        ...yield* Documents.draft(Written, { id: "a", lines: 0, owner: null }),
        type: "work:started"
      }])
      yield* Effect.forEach(Array.from({ length: 20 }), () => lengthen("a", 1), { concurrency: "unbounded" })
      assert.include(yield* get("a"), { version: 22 })
      assert.deepStrictEqual((yield* get("a")).value, { id: "a", lines: 24 })
    }).pipe(Effect.provide(open)))

  it.effect("given a document that is deleted, then it is not there, and its id says so", () =>
    Effect.gen(function*() {
      yield* write("a")
      yield* burn("a")
      const error = yield* Effect.flip(get("a"))
      assert.strictEqual(error._tag, "DocumentNotFound")
      assert.include(error.message, "\"a\"")
      assert.strictEqual((yield* Effect.flip(lengthen("a", 1)))._tag, "DocumentNotFound")
      assert.strictEqual((yield* Effect.flip(burn("b")))._tag, "DocumentNotFound")
    }).pipe(Effect.provide(open)))

  it.effect("given documents, when they are listed, then pages go both ways and have the right end", () =>
    Effect.gen(function*() {
      yield* Effect.forEach(["a", "b", "c", "d", "e"], (id) => write(id, id === "c" ? 9 : 4))
      assert.deepStrictEqual(yield* list(), ["ed", true])
      assert.deepStrictEqual(yield* list({ after: "d" }), ["cb", true])
      assert.deepStrictEqual(yield* list({ after: "b" }), ["a", false])
      assert.deepStrictEqual(yield* list({ order: "asc" }), ["ab", true])
      assert.deepStrictEqual(yield* list({ order: "asc", after: "d" }), ["e", false])
      assert.deepStrictEqual(yield* list({ order: "asc", before: "d" }), ["bc", true])
      assert.deepStrictEqual(yield* list({ before: "d" }), ["e", false])
      assert.deepStrictEqual(yield* list({ where: { lines: 9 } }), ["c", false])
      assert.deepStrictEqual(yield* list({ limit: 5 }), ["edcba", false])
      assert.include(yield* Effect.flip(list({ after: "x" })), { _tag: "DocumentNotFound", id: "x", param: "after" })
      assert.include(yield* Effect.flip(list({ before: "x" })), { _tag: "DocumentNotFound", id: "x", param: "before" })
    }).pipe(Effect.provide(open)))

  it.effect("given owners and tenants, then nobody reads, lists or changes what is another's", () =>
    Effect.gen(function*() {
      yield* as("ada")(write("a"))
      yield* as("bob")(write("b"))
      yield* as("ada")(write("c")).pipe(Effect.provideService(CurrentTenant, "acme"))
      assert.deepStrictEqual(yield* as("ada")(list()), ["a", false])
      assert.strictEqual((yield* Effect.flip(as("ada")(get("b"))))._tag, "DocumentNotFound")
      assert.strictEqual((yield* Effect.flip(as("ada")(lengthen("b", 1))))._tag, "DocumentNotFound")
      assert.strictEqual((yield* Effect.flip(as("ada")(get("c"))))._tag, "DocumentNotFound")
      assert.deepStrictEqual((yield* as("bob")(get("b"))).owner, { id: "bob", attributes: {} })
    }).pipe(Effect.provide(owned)))

  it.effect("given a replay, when it asks for what was made before, then it gets it as it was, and goes on from there", () =>
    Effect.gen(function*() {
      yield* write("a")
      yield* lengthen("a", 3)
      const hub = yield* EventHub
      const recorded = yield* hub.read({ after: 0, limit: 10 })
      yield* Effect.gen(function*() {
        assert.strictEqual((yield* get("a")).value.lines, 7)
        yield* lengthen("a", 1)
        assert.strictEqual((yield* Effect.flip(get("b")))._tag, "DocumentNotFound")
      }).pipe(
        Effect.provide(open, { local: true }),
        Effect.provideService(CurrentReplayDocuments, {
          awaitedOf: () => Effect.succeed([]),
          missed: () => undefined,
          eventsOf: (stream) => Effect.succeed(recorded.filter((event) => event.stream === stream))
        })
      )
    }).pipe(Effect.provide(open)))
})
