import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { VectorIo } from "../../../src/apis/vector-io/VectorIo.ts"
import type { VectorSearch } from "../../../src/apis/vector-io/VectorIo.ts"
import * as VectorStoreRecords from "../../../src/apis/vector-stores/VectorStoreRecords.ts"
import * as VectorStoreSearch from "../../../src/apis/vector-stores/VectorStoreSearch.ts"
import * as Events from "../../../src/apis/vector-stores/VectorStoresEvents.ts"
import * as Documents from "../../../src/kernel/documents/Documents.ts"
import type { ScoredChunk } from "../../../src/kernel/vectors/VectorChunk.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"

const chunk = (id: string, score: number): ScoredChunk => ({
  id,
  source: "file-1",
  index: 0,
  text: id,
  attributes: {},
  metadata: { filename: "a.txt" },
  score
})

/** What is in each store, by the query. */
type Contents = Readonly<Record<string, (query: string) => ReadonlyArray<ScoredChunk>>>

const given = Effect.fnUntraced(function*(contents: Contents, days: number | null = null) {
  const records = yield* VectorStoreRecords.make
  const asked: Array<string> = []
  for (const id of Object.keys(contents)) {
    const store = {
      id,
      name: id,
      created_at: 0,
      metadata: {},
      expires_after: days === null ? null : { anchor: "last_active_at" as const, days },
      last_active_at: 0,
      provider_id: "vectors",
      embedding_model: "m",
      embedding_dimension: null
    }
    yield* records.stores.createNamed(
      id,
      (owner) => Effect.map(Documents.draft(Events.Created, { ...store, owner }), (event) => [event])
    )
  }
  const unused = () => Effect.die("not asked")
  const index = VectorIo.of({
    provider: unused,
    upsert: unused,
    removeSource: unused,
    setAttributes: unused,
    drop: unused,
    list: unused,
    count: unused,
    search: ({ collection }, { limit, query }: VectorSearch) =>
      Effect.sync(() => {
        asked.push(`${collection} ${query}`)
        return contents[collection]!(query).slice(0, limit)
      })
  })
  let embedded = 0
  const embedding = {
    defaultModel: Effect.succeed("m"),
    check: () => Effect.succeed("m"),
    embed: (_: unknown, texts: ReadonlyArray<string>) =>
      Effect.sync(() => {
        embedded++
        return texts.map(() => Float32Array.of(1))
      }),
    /** Likes what its index likes least. */
    rerank: (model: string, query: string, texts: ReadonlyArray<string>) =>
      Effect.sync(() => {
        asked.push(`${model} ${query} ${texts.join()}`)
        return texts.map((_, at) => (at + 1) / texts.length)
      })
  }
  const search = VectorStoreSearch.make({ embedding, index, records })
  return {
    asked,
    embeddings: () => embedded,
    search: (ids: ReadonlyArray<string>, request: Parameters<typeof VectorStoreSearch.searchOf>[0]) =>
      search(ids, VectorStoreSearch.searchOf(request))
  }
})

const scores = (results: ReadonlyArray<VectorStoreSearch.StoredResult>) =>
  results.map(({ id, score, store }) => `${store} ${id} ${score}`)

describe("a search in vector stores", () => {
  it.effect("has one ranking, one threshold and one cap over all stores and queries", () =>
    Effect.gen(function*() {
      const { asked, embeddings, search } = yield* given({
        vs_a: (query) => [chunk("1", query === "one" ? 0.9 : 0.4), chunk("2", 0.3)],
        vs_b: () => [chunk("1", 0.8), chunk("3", 0.1)]
      })
      const all = yield* search(["vs_a", "vs_b", "vs_a"], { query: ["one", "two", "one"] })
      assert.deepStrictEqual(scores(all), ["vs_a 1 0.9", "vs_b 1 0.8", "vs_a 2 0.3", "vs_b 3 0.1"])
      assert.deepStrictEqual(asked, ["vs_a one", "vs_a two", "vs_b one", "vs_b two"])
      assert.strictEqual(embeddings(), 1)
      const ranking_options = { score_threshold: 0.3 }
      const some = yield* search(["vs_a", "vs_b"], { query: "one", ranking_options })
      assert.deepStrictEqual(scores(some), ["vs_a 1 0.9", "vs_b 1 0.8", "vs_a 2 0.3"])
      const one = yield* search(["vs_a", "vs_b"], { query: "one", max_num_results: 1 })
      assert.deepStrictEqual(scores(one), ["vs_a 1 0.9"])
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("keeps a store that expires, says so once an hour, and is refused behind its time", () =>
    Effect.gen(function*() {
      const { search } = yield* given({ vs_a: () => [] }, 1)
      const used = Effect.map(
        MemoryHub.events({ types: [Events.Used.type] }),
        (events) => events.length
      )
      yield* search(["vs_a"], { query: "x" })
      assert.strictEqual(yield* used, 0)
      yield* TestClock.adjust("23 hours")
      yield* search(["vs_a"], { query: "x" })
      yield* search(["vs_a"], { query: "x" })
      assert.strictEqual(yield* used, 1)
      yield* TestClock.adjust("23 hours")
      yield* search(["vs_a"], { query: "x" })
      yield* TestClock.adjust("25 hours")
      const error = yield* Effect.flip(search(["vs_a"], { query: "x" }))
      assert.include(error, { _tag: "DocumentConflict", code: "vector_store_expired" })
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("is put in order by a model that is named, of more than are wanted, and the threshold is that of its score", () =>
    Effect.gen(function*() {
      const { asked, search } = yield* given({
        vs_a: () => [chunk("1", 0.9), chunk("2", 0.8), chunk("3", 0.7), chunk("4", 0.6)]
      })
      const ranking_options = { model: "r/m", score_threshold: 0.6 }
      const results = yield* search(["vs_a"], { query: ["q", "p"], max_num_results: 3, ranking_options })
      assert.deepStrictEqual(scores(results), ["vs_a 4 1", "vs_a 3 0.75"])
      assert.deepStrictEqual(asked, ["vs_a q", "vs_a p", "r/m q\np 1,2,3,4"])
      const shared = { model: "r/m", ranker: "weighted" as const, weights: { vector: 1, keyword: 1, neural: 2 } }
      const half = yield* search(["vs_a"], { query: "q", max_num_results: 1, ranking_options: shared })
      assert.deepStrictEqual(scores(half), ["vs_a 4 0.8"])
      const none = yield* Effect.flip(search(["vs_a"], { query: "q", ranking_options: { ranker: "neural" } }))
      assert.include(none, { _tag: "DocumentInvalid", field: "ranking_options.model" })
    }).pipe(Effect.provide(MemoryHub.layer)))

  it("weighs scores as alpha or the weights say", () => {
    const fusionOf = (ranking_options: object) =>
      VectorStoreSearch.searchOf({ query: "q", ranking_options: { ranker: "weighted", ...ranking_options } }).fusion
    assert.deepStrictEqual(fusionOf({}), { type: "weighted", alpha: 0.5 })
    assert.deepStrictEqual(fusionOf({ alpha: 0.2 }), { type: "weighted", alpha: 0.2 })
    assert.deepStrictEqual(fusionOf({ alpha: 0.2, weights: { vector: 3, keyword: 1 } }), {
      type: "weighted",
      alpha: 0.75
    })
    assert.deepStrictEqual(fusionOf({ weights: { keyword: 1 } }), { type: "weighted", alpha: 0 })
  })

  it.effect("of words alone asks no model", () =>
    Effect.gen(function*() {
      const { embeddings, search } = yield* given({ vs_a: () => [chunk("1", 1)] })
      yield* search(["vs_a"], { query: "x", search_mode: "keyword" })
      assert.strictEqual(embeddings(), 0)
    }).pipe(Effect.provide(MemoryHub.layer)))
})
