/** Parts of documents: their pages, also very many of them, while others add and remove. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import * as MemoryStore from "../../../src/events/memory/MemoryStore.ts"
import * as PostgresStore from "../../../src/events/postgres/PostgresStore.ts"
import * as SqliteStore from "../../../src/events/sqlite/SqliteStore.ts"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import * as Event from "../../../src/events/types/Event.ts"
import { CurrentPrincipal, Principal } from "../../../src/events/types/Principal.ts"
import { AccessControl } from "../../../src/kernel/access/AccessControl.ts"
import { open, owners } from "../../../src/kernel/access/AccessPolicy.ts"
import * as DocumentKind from "../../../src/kernel/documents/DocumentKind.ts"
import * as DocumentParts from "../../../src/kernel/documents/DocumentParts.ts"
import * as Documents from "../../../src/kernel/documents/Documents.ts"
import { CurrentReplayDocuments } from "../../../src/kernel/documents/ReplayDocuments.ts"
import * as Postgres from "../../support/Postgres.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const state = { durability: "state", description: "Of a book." } as const
const Begun = Event.define("prompt:book_begun", {
  ...state,
  payload: Schema.Struct({ id: Schema.String, owner: Schema.NullOr(Principal) })
})
const PageAdded = Event.define("prompt:page_added", { ...state, payload: Schema.Struct({ page: Schema.String }) })
const PageTorn = Event.define("prompt:page_torn", { ...state, payload: Schema.Struct({ page: Schema.String }) })
const Burnt = Event.define("prompt:book_burnt", { ...state, payload: Schema.Struct({}) })

const pageIn = (payload: Schema.Json) => (payload as { readonly page: string }).page

const books = DocumentKind.make<string>({
  type: "prompt",
  prefix: "book_",
  table: "books",
  description: "Books.",
  value: Schema.String,
  created: Begun,
  events: [PageAdded, PageTorn, Burnt],
  evolve: (book, event) => {
    if (event.type === Begun.type) return (payloadOf(event) as { readonly id: string }).id
    return event.type === Burnt.type ? undefined : book
  }
})

const pages = DocumentParts.make(books, {
  type: "page",
  table: "pages",
  isInEvent: true,
  description: "Pages of books.",
  value: Schema.String,
  added: [PageAdded],
  events: [PageTorn],
  partOf: (event) => pageIn(payloadOf(event)),
  evolve: (_, event) => event.type === PageAdded.type ? pageIn(payloadOf(event)) : undefined
})

const projections = [books.projection, pages.projection]

const memory = (policy = open) =>
  AccessControl.layer(policy).pipe(
    Layer.provideMerge(EventHub.layer()),
    Layer.provideMerge(MemoryStore.layerOf(projections))
  )

const sqlite = Layer.unwrap(
  Effect.map(TemporaryFolder.make, (folder) =>
    AccessControl.open.pipe(
      Layer.provideMerge(EventHub.layer()),
      Layer.provideMerge(SqliteStore.layer({ folder, access: "write", projections }))
    ))
)

const postgres = Layer.unwrap(
  Effect.map(Postgres.schema, (schema) =>
    AccessControl.open.pipe(
      Layer.provideMerge(EventHub.layer()),
      Layer.provideMerge(PostgresStore.layer({ url: Postgres.url, schema, access: "write", projections }))
    ))
)

const shelf = Effect.gen(function*() {
  const documents = yield* Documents.of(books)
  const parts = yield* DocumentParts.of(pages, documents)
  const one = <D extends Event.Definition>(definition: D, payload: Event.Payload<D>) =>
    Effect.map(Documents.draft(definition, payload), (event) => [event])
  return {
    documents,
    parts,
    begin: (id: string) => documents.create(id, (owner) => one(Begun, { id, owner })),
    add: (id: string, ...names: ReadonlyArray<string>) =>
      documents.change(id, "update", () => Effect.forEach(names, (page) => Documents.draft(PageAdded, { page }))),
    tear: (id: string, page: string) => documents.change(id, "update", () => one(PageTorn, { page })),
    burn: (id: string) => documents.change(id, "delete", () => one(Burnt, {}))
  }
})

const number = (index: number) => String(index).padStart(5, "0")

const pagesBothWays = Effect.gen(function*() {
  const { add, begin, parts, tear } = yield* shelf
  yield* begin("a")
  yield* begin("b")
  yield* add("a", "1", "2", "3")
  yield* add("b", "1")
  yield* add("a", "4")
  assert.deepStrictEqual(yield* parts.all("a"), ["1", "2", "3", "4"])
  assert.deepStrictEqual(yield* parts.list("a", { limit: 2 }), { data: ["4", "3"], has_more: true })
  assert.deepStrictEqual(yield* parts.list("a", { limit: 2, after: "3" }), { data: ["2", "1"], has_more: false })
  assert.deepStrictEqual(yield* parts.list("a", { limit: 2, order: "asc", before: "4" }), {
    data: ["2", "3"],
    has_more: true
  })
  yield* begin("empty")
  const none = yield* parts.since("empty", 0)
  assert.deepStrictEqual([none.isAll, none.values], [true, []])
  // Where the log has it, and as yet nothing of it.
  assert.isAbove(none.position, (yield* parts.since("a", 0)).position)
  assert.deepStrictEqual(yield* parts.since("empty", none.position), { ...none, isAll: false })
  const whole = yield* parts.since("a", 0)
  assert.deepStrictEqual([whole.isAll, whole.values], [true, ["1", "2", "3", "4"]])
  assert.deepStrictEqual(yield* parts.since("a", whole.position), { ...whole, isAll: false, values: [] })
  yield* add("a", "5")
  const next = yield* parts.since("a", whole.position)
  assert.deepStrictEqual([next.isAll, next.values], [false, ["5"]])
  yield* tear("a", "5")
  // What was known is not as it was.
  const torn = yield* parts.since("a", next.position)
  assert.deepStrictEqual([torn.isAll, torn.values], [true, ["1", "2", "3", "4"]])
  assert.deepStrictEqual(yield* parts.since("a", torn.position), { ...torn, isAll: false, values: [] })
  yield* tear("a", "3")
  // Behind one that is gone: where it stood.
  assert.deepStrictEqual(yield* parts.list("a", { limit: 2, after: "3" }), { data: ["2", "1"], has_more: false })
  const gone = yield* Effect.flip(parts.get("a", "3"))
  assert.deepInclude(gone, { _tag: "DocumentNotFound", type: "page" })
  assert.strictEqual((yield* Effect.flip(parts.list("b", { limit: 1, after: "4" })))._tag, "DocumentNotFound")
  assert.strictEqual(yield* parts.get("b", "1"), "1")
})

describe("DocumentParts", () => {
  it.effect("given parts of two documents, then each has its own, in pages both ways", () =>
    Effect.provide(pagesBothWays, memory()))

  it.live.skipIf(Postgres.unsupported !== undefined)(
    "and so on PostgreSQL",
    () => Effect.scoped(Effect.provide(pagesBothWays, postgres))
  )

  it.effect("given a document that is deleted, or another's, then its parts are in no answer", () =>
    Effect.gen(function*() {
      const as = (id: string) => Effect.provideService(CurrentPrincipal, { id, attributes: {} })
      const { add, begin, burn, parts } = yield* shelf
      yield* as("ada")(Effect.andThen(begin("a"), add("a", "1")))
      for (const ask of [parts.all("a"), parts.get("a", "1"), parts.list("a", { limit: 1 })]) {
        const error = yield* Effect.flip(as("bob")(ask as Effect.Effect<unknown, Documents.ReadFailure>))
        assert.deepInclude(error, { _tag: "DocumentNotFound", type: "prompt" })
      }
      yield* as("ada")(burn("a"))
      assert.strictEqual((yield* Effect.flip(as("ada")(parts.all("a"))))._tag, "DocumentNotFound")
      assert.strictEqual((yield* Effect.flip(as("ada")(parts.get("a", "1"))))._tag, "DocumentNotFound")
    }).pipe(Effect.provide(memory(owners))))

  it.effect("given a replay, then parts of before are there, with what the replay adds", () =>
    Effect.gen(function*() {
      const { add, begin } = yield* shelf
      yield* begin("a")
      yield* add("a", "1", "2")
      const recorded = yield* (yield* EventHub).read({ after: 0, limit: 10 })
      yield* Effect.gen(function*() {
        const { begin, add, parts } = yield* shelf
        assert.deepStrictEqual(yield* parts.all("a"), ["1", "2"])
        assert.strictEqual(yield* parts.find("a", "2"), "2")
        assert.isUndefined(yield* parts.find("a", "3"))
        yield* begin("b")
        yield* add("b", "1")
        assert.deepStrictEqual(yield* parts.all("b"), ["1"])
      }).pipe(
        Effect.provide(memory(), { local: true }),
        Effect.provideService(CurrentReplayDocuments, {
          awaitedOf: () => Effect.succeed([]),
          missed: () => undefined,
          eventsOf: (stream) => Effect.succeed(recorded.filter((event) => event.stream === stream))
        })
      )
    }).pipe(Effect.provide(memory())))

  it.live(
    "given 10,000 of them, when they are paged while others come and go, then each that stays comes once, in order",
    () =>
      Effect.gen(function*() {
        const { add, begin, burn, documents, parts, tear } = yield* shelf
        const all = Array.from({ length: 10_000 }, (_, index) => number(index))
        yield* begin("book")
        yield* add("book", ...all)
        yield* Effect.forEach(all, begin, { concurrency: 500 })
        const order = "asc" as const

        const collect = Effect.fnUntraced(function*<E>(
          list: (query: Documents.ListQuery) => Effect.Effect<Documents.DocumentPage<string>, E>,
          disturb: (page: ReadonlyArray<string>) => Effect.Effect<unknown, unknown>
        ) {
          const collected: Array<string> = []
          let after: string | undefined
          while (true) {
            const { data, has_more }: Documents.DocumentPage<string> = yield* list({ after, limit: 100, order })
            collected.push(...data)
            if (!has_more) return collected
            after = data.at(-1)
            yield* Effect.orDie(disturb(data))
          }
        })

        // Of each page its first and its last are taken away, and the cursor with it; new ones come behind all others.
        const ofParts = yield* collect((query) => parts.list("book", query), (page) =>
          Effect.andThen(
            Effect.forEach([page[0]!, page[99]!], (each) => tear("book", each)),
            add("book", `x${page[0]}`)
          ))
        assert.deepStrictEqual(ofParts.slice(0, 10_000), all)
        assert.isTrue(ofParts.slice(10_000).every((each) => each.startsWith("x")))

        yield* burn("book")
        const ofDocuments = yield* collect(
          (query) =>
            Effect.map(documents.list(query), (page) => ({ ...page, data: page.data.map(({ value }) => value) })),
          (page) => Effect.andThen(Effect.forEach([page[0]!, page[99]!], burn), begin(`x${page[0]}`))
        )
        const kept = ofDocuments.filter((each) => !each.startsWith("x"))
        assert.strictEqual(new Set(kept).size, kept.length)
        assert.sameMembers(kept, all)
        assert.strictEqual(new Set(ofDocuments).size, ofDocuments.length)
      }).pipe(Effect.provide(sqlite), Effect.scoped),
    120_000
  )
})
