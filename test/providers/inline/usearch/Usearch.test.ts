import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { copyFileSync, readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { VectorIndex } from "../../../../src/apis/vector-io/VectorIndex.ts"
import { CurrentDataFolder } from "../../../../src/kernel/provider/DataFolder.ts"
import { SqliteVec } from "../../../../src/providers/inline/sqlite-vec/SqliteVec.ts"
import { Usearch } from "../../../../src/providers/inline/usearch/Usearch.ts"
import * as TemporaryFolder from "../../../support/TemporaryFolder.ts"
import { chunkOf, vectorIndexContract } from "../../../support/vectorIndexContract.ts"

const given = (folder: string, type: typeof SqliteVec | typeof Usearch = Usearch) =>
  Effect.map(
    Layer.build(type.layer({}, { provider_id: "vectors" } as never)),
    (context) => Context.get(context, VectorIndex)
  ).pipe(Effect.provideService(CurrentDataFolder, folder))

vectorIndexContract("inline::usearch", Effect.flatMap(TemporaryFolder.make, (folder) => given(folder)), {
  largest: true
})

const dimensions = 32

/** The same numbers in each run. */
const vectorOf = (seed: number): ReadonlyArray<number> =>
  Array.from({ length: dimensions }, (_, at) => Math.sin(seed * 12.9898 + at * 78.233) * Math.cos(seed * (at + 1)))

const chunks = (from: number, count: number) =>
  Array.from(
    { length: count },
    (_, at) =>
      chunkOf(`c${from + at}`, vectorOf(from + at), { index: from + at, attributes: { even: (from + at) % 2 === 0 } })
  )

const options = { limit: 10, filter: undefined, withVectors: false }
const ids = (folder: string, seed: number, type: typeof SqliteVec | typeof Usearch, rare = false) =>
  Effect.scoped(Effect.gen(function*() {
    const index = yield* given(folder, type)
    const filter = rare ? { type: "eq", key: "rare", value: true } as const : undefined
    const found = yield* index.searchByVector("vs_a", Float32Array.from(vectorOf(seed)), { ...options, filter })
    return found.map(({ id }) => id)
  }))

const indexFiles = (folder: string) => readdirSync(folder).filter((name) => name.endsWith(".usearch"))

/** 2,000 chunks. */
const filled = Effect.gen(function*() {
  const folder = yield* TemporaryFolder.make
  yield* Effect.scoped(Effect.gen(function*() {
    const index = yield* given(folder)
    yield* index.create({ name: "vs_a", dimensions })
    yield* index.upsert("vs_a", chunks(0, 2000))
  }))
  return folder
})

/** How many of the true neighbours it finds, of 20 searches for 10. */
const recall = Effect.fnUntraced(function*(folder: string) {
  let hits = 0
  for (let seed = 0; seed < 20; seed++) {
    const exact = yield* ids(folder, seed * 97 + 0.5, SqliteVec)
    const near = new Set(yield* ids(folder, seed * 97 + 0.5, Usearch))
    hits += exact.filter((id) => near.has(id)).length
  }
  return hits / 200
})

describe("inline::usearch", () => {
  it.live("finds nearly all that an exact search finds, also after a restart", () =>
    Effect.gen(function*() {
      const folder = yield* filled
      assert.lengthOf(indexFiles(folder), 1)
      assert.isAtLeast(yield* recall(folder), 0.95)
    }), 120_000)

  it.live("takes in what another program has written, and nothing that it has removed", () =>
    Effect.gen(function*() {
      const folder = yield* filled
      yield* Effect.scoped(Effect.gen(function*() {
        const index = yield* given(folder, SqliteVec)
        yield* index.removeSource("vs_a", "file-a")
        yield* index.upsert("vs_a", [chunkOf("new", vectorOf(5), { source: "file-b" })])
      }))
      assert.deepStrictEqual(yield* ids(folder, 5, Usearch), ["new"])
    }), 60_000)

  it.live(
    "is made anew where its file is broken, or of an older state than the rows, or of a newer one",
    () =>
      Effect.gen(function*() {
        const folder = yield* filled
        const [file = ""] = indexFiles(folder)
        writeFileSync(join(folder, file), "no index")
        assert.deepStrictEqual(yield* ids(folder, 7, Usearch), yield* ids(folder, 7, SqliteVec))
        const newer = yield* filled
        yield* Effect.scoped(Effect.gen(function*() {
          const index = yield* given(newer)
          yield* index.upsert("vs_a", chunks(5000, 100))
        }))
        const [behind = ""] = indexFiles(newer)
        copyFileSync(join(newer, behind), join(folder, behind))
        yield* Effect.scoped(Effect.gen(function*() {
          const index = yield* given(folder)
          yield* index.upsert("vs_a", [chunkOf("late", vectorOf(5001))])
        }))
        assert.include(yield* ids(folder, 5001, Usearch), "late")
      }),
    120_000
  )

  it.live("compares all where a filter leaves few", () =>
    Effect.gen(function*() {
      const folder = yield* filled
      yield* Effect.scoped(Effect.gen(function*() {
        const index = yield* given(folder)
        yield* index.upsert("vs_a", [
          chunkOf("far", vectorOf(9).map((value) => -value), { attributes: { rare: true } })
        ])
      }))
      assert.deepStrictEqual(yield* ids(folder, 9, Usearch, true), ["far"])
    }), 60_000)
})
