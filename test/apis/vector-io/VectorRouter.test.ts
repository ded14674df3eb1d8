import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { VectorIndex } from "../../../src/apis/vector-io/VectorIndex.ts"
import * as VectorRouter from "../../../src/apis/vector-io/VectorRouter.ts"
import { running } from "../../../src/kernel/provider/Instance.ts"
import { reciprocal } from "../../../src/kernel/vectors/Fusion.ts"
import type { ScoredChunk } from "../../../src/kernel/vectors/VectorChunk.ts"
import { VectorIndexFailed } from "../../../src/kernel/vectors/VectorIndexFailed.ts"

const chunk = (id: string, score: number): ScoredChunk => ({
  id,
  source: "",
  index: 0,
  text: id,
  attributes: {},
  metadata: {},
  score
})

/** It has `a` by vectors and `b` by words, and keeps what it was asked. */
const given = (id: string, withWords = true) => {
  const asked: Array<string> = []
  const note = <A>(text: string, answer: A) => Effect.sync(() => (asked.push(text), answer))
  const service: VectorIndex["Service"] = {
    create: ({ dimensions, name }) => note(`create ${name} ${dimensions}`, undefined),
    drop: (name) => note(`drop ${name}`, undefined),
    upsert: (name, chunks) => note(`upsert ${name} ${chunks.length}`, undefined),
    removeSource: () => Effect.void,
    setAttributes: () => Effect.void,
    list: () => Effect.succeed([]),
    count: () => Effect.succeed(3),
    searchByVector: (_, __, { limit }) => note(`vector ${limit}`, [chunk("a", 1)]),
    ...withWords
      ? { searchByWords: (_: string, words: ReadonlyArray<string>) => note(words.join(), [chunk("b", 1)]) }
      : {}
  }
  return { asked, instance: running({ api: "vector_io", id, type: "inline::test", service }) }
}

const search = { query: "Oslo, cold!", limit: 2, fusion: reciprocal, vector: Float32Array.of(1) }
const place = { provider: "one", collection: "vs" }

describe("the router of vector indexes", () => {
  it.effect("asks who keeps the collection, by vectors, words or both", () =>
    Effect.gen(function*() {
      const { asked, instance } = given("one")
      const router = VectorRouter.make([instance])
      const idsOf = (mode: "vector" | "keyword" | "hybrid") =>
        Effect.map(router.search(place, { ...search, mode }), (chunks) => chunks.map(({ id }) => id))
      assert.deepStrictEqual(yield* idsOf("vector"), ["a"])
      assert.deepStrictEqual(yield* idsOf("keyword"), ["b"])
      assert.deepStrictEqual(yield* idsOf("hybrid"), ["a", "b"])
      assert.deepStrictEqual(asked, ["vector 2", "oslo,cold", "vector 6", "oslo,cold"])
    }))

  it.effect("makes the collection before it keeps chunks in it", () =>
    Effect.gen(function*() {
      const { asked, instance } = given("one")
      const embedded = { ...chunk("a", 0), vector: Float32Array.of(1, 2) }
      yield* VectorRouter.make([instance]).upsert(place, [embedded])
      yield* VectorRouter.make([instance]).upsert(place, [])
      assert.deepStrictEqual(asked, ["create vs 2", "upsert vs 1"])
    }))

  it.effect("says what can't be done, and who is not there", () =>
    Effect.gen(function*() {
      const router = VectorRouter.make([given("one", false).instance])
      const unsupported = yield* Effect.flip(router.search(place, { ...search, mode: "hybrid" }))
      assert.include(unsupported, { _tag: "VectorIndexFailed", reason: "unsupported" })
      const absent = yield* Effect.flip(router.count({ provider: "two", collection: "vs" }))
      assert.match(absent.message, /name one of one/)
      assert.strictEqual(yield* router.provider(), "one")
      assert.match((yield* Effect.flip(VectorRouter.make([]).provider())).message, /inline::sqlite-vec/)
    }))

  it.effect("asks for a check of an instance that could not be reached", () =>
    Effect.gen(function*() {
      const { instance } = given("one")
      const broken = new VectorIndexFailed({ provider: "one", reason: "unreachable", detail: "gone" })
      const service = Effect.map(instance.service, (each) => ({ ...each, count: () => Effect.fail(broken) }))
      const failing = { ...instance, service }
      assert.strictEqual(yield* Effect.flip(VectorRouter.make([failing]).count(place)), broken)
      yield* failing.checkRequested.await
    }))
})
