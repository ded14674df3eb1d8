/** What every vector index keeps to. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Scope } from "effect"
import type { VectorIndex } from "../../src/apis/vector-io/VectorIndex.ts"
import * as EmbeddingVector from "../../src/kernel/embeddings/EmbeddingVector.ts"
import type { AttributeFilter, Attributes } from "../../src/kernel/vectors/AttributeFilter.ts"
import { matches, problem } from "../../src/kernel/vectors/AttributeFilter.ts"
import type { EmbeddedChunk } from "../../src/kernel/vectors/VectorChunk.ts"

type Index = VectorIndex["Service"]

export interface VectorIndexCase {
  /** Default true: it also searches by words. */
  readonly words?: boolean
  /** Default true: texts have an order in filters. */
  readonly ordersTexts?: boolean
  /** Begins the names of the collections; default: of this process, for servers that are shared. */
  readonly prefix?: string
  /** Why nothing of it can be asked here; undefined: it can. */
  readonly skipped?: string | undefined
  /** Default false: the largest filters are asked, too; servers whose answers are recorded were not asked for them. */
  readonly largest?: boolean
}

const dimensions = 4

export const chunkOf = (
  id: string,
  vector: ReadonlyArray<number>,
  about: Partial<EmbeddedChunk> = {}
): EmbeddedChunk => ({
  id,
  source: "file-a",
  index: 0,
  text: `text of ${id}`,
  attributes: {},
  metadata: { filename: "a.txt", page: 1 },
  vector: Float32Array.from(vector),
  ...about
})

const search = { limit: 10, filter: undefined, withVectors: false }

const idsOf = (chunks: ReadonlyArray<{ readonly id: string }>) => chunks.map(({ id }) => id)

/** Of many kinds, and some that would be an instruction where they were no data. */
const people: ReadonlyArray<Attributes> = [
  { name: "Ada", year: 1815, member: true, ratio: 0.5 },
  { name: "Björn", year: 1990, member: false, ratio: -2 },
  { name: "'; DROP TABLE chunks; --", year: 2024, "a key \"with\" 'quotes' $.x": "yes" },
  { name: "%_*?\\", year: 2024, ratio: 2024 },
  { year: "2024" },
  {}
]

const filters = (ordersTexts: boolean): ReadonlyArray<AttributeFilter> => [
  { type: "eq", key: "name", value: "Ada" },
  { type: "eq", key: "year", value: 2024 },
  { type: "eq", key: "year", value: "2024" },
  { type: "eq", key: "member", value: true },
  { type: "eq", key: "member", value: 1 },
  { type: "eq", key: "ratio", value: 0.5 },
  { type: "eq", key: "name", value: "'; DROP TABLE chunks; --" },
  { type: "eq", key: "name", value: "' OR 1=1 --" },
  { type: "eq", key: "name", value: "%" },
  { type: "eq", key: "a key \"with\" 'quotes' $.x", value: "yes" },
  { type: "eq", key: "x') OR ('1'='1", value: "1" },
  { type: "ne", key: "name", value: "Ada" },
  { type: "ne", key: "member", value: true },
  { type: "gt", key: "year", value: 1990 },
  { type: "gte", key: "year", value: 1990 },
  { type: "lt", key: "ratio", value: 0.5 },
  { type: "lte", key: "ratio", value: 0.5 },
  ...ordersTexts
    ? [{ type: "gt", key: "name", value: "B" }, { type: "lte", key: "name", value: "Ada" }] satisfies ReadonlyArray<
      AttributeFilter
    >
    : [],
  { type: "in", key: "name", value: ["Ada", "%_*?\\", "nobody"] },
  { type: "in", key: "year", value: [1815, "2024"] },
  { type: "in", key: "name", value: [] },
  { type: "nin", key: "name", value: ["Ada", "Björn"] },
  { type: "nin", key: "name", value: [] },
  { type: "and", filters: [{ type: "eq", key: "year", value: 2024 }, { type: "eq", key: "name", value: "%_*?\\" }] },
  {
    type: "or",
    filters: [
      { type: "and", filters: [{ type: "lt", key: "year", value: 1900 }, { type: "eq", key: "member", value: true }] },
      { type: "eq", key: "name", value: "Björn" }
    ]
  }
]

export const vectorIndexContract = (
  name: string,
  make: Effect.Effect<Index, unknown, Scope.Scope>,
  { largest = false, ordersTexts = true, prefix = `vs_contract_${process.pid}`, skipped, words = true }:
    VectorIndexCase = {}
) => {
  let count = 0
  let current = ""
  const given = Effect.tap(
    Effect.map(make, (index) => ({ index, name: current })),
    ({ index, name }) => index.drop(name)
  )
  const holds = (title: string, test: Effect.Effect<void, unknown, Scope.Scope>) => {
    // The same name each time, whichever of the tests run.
    const name = `${prefix}_${++count}`
    const named = Effect.suspend(() => {
      current = name
      return Effect.scoped(test)
    })
    it.live.skipIf(skipped !== undefined)(title, () => named, 60_000)
  }
  const suite = skipped === undefined ? name : `${name} (skipped: ${skipped})`

  describe(`${suite} keeps vectors`, () => {
    holds(
      "and finds the nearest first, with scores from 0 to 1",
      Effect.gen(function*() {
        const { index, name } = yield* given
        yield* index.create({ name, dimensions })
        yield* index.upsert(name, [
          chunkOf("far", [0, 1, 0, 0]),
          chunkOf("near", [1, 0.1, 0, 0]),
          chunkOf("same", [2, 0, 0, 0]),
          chunkOf("opposite", [-1, 0, 0, 0])
        ])
        const chunks = yield* index.searchByVector(name, Float32Array.of(1, 0, 0, 0), search)
        assert.deepStrictEqual(idsOf(chunks).slice(0, 2), ["same", "near"])
        assert.deepStrictEqual(idsOf(chunks).slice(2).toSorted(), ["far", "opposite"])
        assert.closeTo(chunks[0]!.score, 1, 1e-5)
        assert.closeTo(chunks[1]!.score, 1 / Math.hypot(1, 0.1), 1e-5)
        for (const { score } of chunks.slice(2)) assert.closeTo(score, 0, 1e-5)
        const two = yield* index.searchByVector(name, Float32Array.of(1, 0, 0, 0), { ...search, limit: 2 })
        assert.deepStrictEqual(idsOf(two), ["same", "near"])
      })
    )

    holds(
      "and gives a chunk back as it was, with its vector where it is asked for",
      Effect.gen(function*() {
        const { index, name } = yield* given
        const attributes = { language: "no", year: 2024, draft: false, ratio: 0.25 }
        const metadata = { filename: "å \"b\".txt", pages: [1, 2], deep: { a: null } }
        const text = "Oslo er kald; \u0001 'quotes' \"too\" 🙂"
        yield* index.create({ name, dimensions })
        yield* index.upsert(name, [chunkOf("one", [1, 0, 0, 0], { attributes, metadata, text, index: 7 })])
        const [chunk] = yield* index.searchByVector(name, Float32Array.of(1, 0, 0, 0), { ...search, withVectors: true })
        const { score, vector = "", ...rest } = chunk!
        assert.deepStrictEqual(rest, { id: "one", source: "file-a", index: 7, text, attributes, metadata })
        assert.deepStrictEqual([...EmbeddingVector.fromBase64(vector)!], [1, 0, 0, 0])
        assert.closeTo(score, 1, 1e-5)
      })
    )

    holds(
      "once each: what comes with an id again takes its place",
      Effect.gen(function*() {
        const { index, name } = yield* given
        yield* index.create({ name, dimensions })
        yield* index.create({ name, dimensions })
        yield* index.upsert(name, [chunkOf("a", [1, 0, 0, 0]), chunkOf("b", [0, 1, 0, 0])])
        yield* index.upsert(name, [chunkOf("a", [0, 0, 1, 0], { text: "changed" })])
        assert.strictEqual(yield* index.count(name), 2)
        const [first] = yield* index.searchByVector(name, Float32Array.of(0, 0, 1, 0), search)
        assert.include(first, { id: "a", text: "changed" })
      })
    )

    holds(
      "of sources that are listed in order, counted, changed and removed",
      Effect.gen(function*() {
        const { index, name } = yield* given
        yield* index.create({ name, dimensions })
        const places = [3, 0, 2, 1, 10]
        yield* index.upsert(name, [
          ...places.map((at) => chunkOf(`a-${at}`, [1, at, 0, 0], { index: at })),
          chunkOf("b-0", [0, 1, 0, 0], { source: "file-b" })
        ])
        const list = (from: number, limit: number) =>
          Effect.map(index.list(name, "file-a", { from, limit, withVectors: false }), idsOf)
        assert.deepStrictEqual(yield* list(0, 10), ["a-0", "a-1", "a-2", "a-3", "a-10"])
        assert.deepStrictEqual(yield* list(1, 2), ["a-1", "a-2"])
        assert.strictEqual(yield* index.count(name, "file-a"), 5)
        assert.strictEqual(yield* index.count(name), 6)
        yield* index.setAttributes(name, "file-a", { kept: true })
        const filter = { type: "eq", key: "kept", value: true } as const
        const chunks = yield* index.searchByVector(name, Float32Array.of(1, 0, 0, 0), { ...search, filter })
        assert.sameMembers([...idsOf(chunks)], ["a-0", "a-1", "a-2", "a-3", "a-10"])
        yield* index.removeSource(name, "file-a")
        yield* index.removeSource(name, "file-a")
        assert.strictEqual(yield* index.count(name, "file-a"), 0)
        assert.strictEqual(yield* index.count(name), 1)
        const left = yield* index.searchByVector(name, Float32Array.of(1, 0, 0, 0), search)
        assert.deepStrictEqual(idsOf(left), ["b-0"])
      })
    )

    holds(
      "in collections of their own, until one is dropped",
      Effect.gen(function*() {
        const { index, name } = yield* given
        const other = `${name}_other`
        yield* index.create({ name, dimensions })
        yield* index.create({ name: other, dimensions: 2 })
        yield* index.upsert(name, [chunkOf("a", [1, 0, 0, 0])])
        yield* index.upsert(other, [chunkOf("a", [1, 0]), chunkOf("b", [0, 1])])
        assert.strictEqual(yield* index.count(name), 1)
        yield* index.drop(other)
        yield* index.drop(other)
        assert.deepStrictEqual(yield* index.searchByVector(other, Float32Array.of(1, 0), search), [])
        assert.strictEqual(yield* index.count(name), 1)
        yield* index.drop(name)
      })
    )

    holds(
      "of one length in a collection",
      Effect.gen(function*() {
        const { index, name } = yield* given
        yield* index.create({ name, dimensions })
        yield* index.upsert(name, [chunkOf("a", [1, 0, 0, 0])])
        const refused = yield* Effect.flip(index.create({ name, dimensions: 3 }))
        assert.include(refused, { _tag: "VectorIndexFailed", reason: "rejected" })
        yield* Effect.flip(index.searchByVector(name, Float32Array.of(1, 0), search))
        assert.strictEqual(yield* index.count(name), 1)
      })
    )

    holds(
      "and where there is no collection, there is nothing",
      Effect.gen(function*() {
        const { index, name } = yield* given
        assert.deepStrictEqual(yield* index.searchByVector(name, Float32Array.of(1, 0, 0, 0), search), [])
        assert.deepStrictEqual(yield* index.list(name, "a", { from: 0, limit: 1, withVectors: false }), [])
        assert.strictEqual(yield* index.count(name), 0)
        yield* index.removeSource(name, "a")
        yield* index.setAttributes(name, "a", {})
        yield* index.drop(name)
      })
    )

    holds(
      "and asks the attributes as filters mean it, whatever they say",
      Effect.gen(function*() {
        const { index, name } = yield* given
        yield* index.create({ name, dimensions })
        yield* index.upsert(name, people.map((attributes, at) => chunkOf(`p${at}`, [1, at, 0, 0], { attributes })))
        for (const filter of filters(ordersTexts)) {
          const chunks = yield* index.searchByVector(name, Float32Array.of(1, 0, 0, 0), { ...search, filter })
          const expected = people.flatMap((attributes, at) => matches(filter, attributes) ? [`p${at}`] : [])
          assert.deepStrictEqual(idsOf(chunks).toSorted(), expected, JSON.stringify(filter))
        }
        const one = { ...search, limit: 1, filter: { type: "eq", key: "name", value: "%_*?\\" } } as const
        assert.deepStrictEqual(idsOf(yield* index.searchByVector(name, Float32Array.of(1, 0, 0, 0), one)), ["p3"])
        assert.strictEqual(yield* index.count(name), people.length)
      })
    )

    if (largest) {
      holds(
        "and takes filters as long and as deep as they may be",
        Effect.gen(function*() {
          const { index, name } = yield* given
          yield* index.create({ name, dimensions })
          yield* index.upsert(name, people.map((attributes, at) => chunkOf(`p${at}`, [1, at, 0, 0], { attributes })))
          const listed = Array.from({ length: 999 }, (_, at) => `'"${at}`)
          const comparisons = Array.from(
            { length: 246 },
            (_, at): AttributeFilter => ({ type: "ne", key: `k${at}"'`, value: at })
          )
          const nested = (depth: number): AttributeFilter =>
            depth === 0
              ? { type: "and", filters: comparisons }
              : { type: depth % 2 === 0 ? "and" : "or", filters: [nested(depth - 1)] }
          for (
            const filter of [
              { type: "in", key: "name", value: [...listed, "Ada"] },
              { type: "nin", key: "name", value: [...listed, "Ada"] },
              nested(9),
              { type: "eq", key: "name".repeat(100_000), value: "x".repeat(1_000_000) }
            ] satisfies ReadonlyArray<AttributeFilter>
          ) {
            assert.isUndefined(problem(filter))
            const chunks = yield* index.searchByVector(name, Float32Array.of(1, 0, 0, 0), { ...search, filter })
            const expected = people.flatMap((attributes, at) => matches(filter, attributes) ? [`p${at}`] : [])
            assert.deepStrictEqual(idsOf(chunks).toSorted(), expected)
          }
        })
      )
    }

    if (!words) return
    holds(
      "and finds words, those that say them more first, in what a filter leaves",
      Effect.gen(function*() {
        const { index, name } = yield* given
        const searchByWords = index.searchByWords!
        yield* index.create({ name, dimensions })
        yield* index.upsert(name, [
          chunkOf("cold", [1, 0, 0, 0], { text: "Oslo is cold, cold, cold", attributes: { year: 1 } }),
          chunkOf("long", [0, 1, 0, 0], {
            text: `Once it was cold here. ${"And warm. ".repeat(30)}`,
            attributes: { year: 2 }
          }),
          chunkOf("none", [0, 0, 1, 0], { text: "Rome is warm" })
        ])
        const chunks = yield* searchByWords(name, ["cold"], search)
        assert.deepStrictEqual(idsOf(chunks), ["cold", "long"])
        for (const { score } of chunks) assert.isTrue(score > 0 && score <= 1, String(score))
        const filter = { type: "eq", key: "year", value: 2 } as const
        assert.deepStrictEqual(idsOf(yield* searchByWords(name, ["cold", "rome"], { ...search, filter })), ["long"])
        assert.deepStrictEqual(idsOf(yield* searchByWords(name, ["rome", "madrid"], search)), ["none"])
        assert.deepStrictEqual(idsOf(yield* searchByWords(name, ["or"], search)), [])
        yield* index.upsert(name, [chunkOf("cold", [1, 0, 0, 0], { text: "It is hot" })])
        assert.deepStrictEqual(idsOf(yield* searchByWords(name, ["cold"], search)), ["long"])
      })
    )
  })
}
