import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { VectorIndex } from "../../../../src/apis/vector-io/VectorIndex.ts"
import { CurrentDataFolder } from "../../../../src/kernel/provider/DataFolder.ts"
import { Faiss, SqliteVec } from "../../../../src/providers/inline/sqlite-vec/SqliteVec.ts"
import * as TemporaryFolder from "../../../support/TemporaryFolder.ts"
import { chunkOf, vectorIndexContract } from "../../../support/vectorIndexContract.ts"

const given = (folder: string, type: typeof SqliteVec | typeof Faiss = SqliteVec) =>
  Effect.map(
    Layer.build(type.layer({}, { provider_id: "vectors" } as never)),
    (context) => Context.get(context, VectorIndex)
  ).pipe(Effect.provideService(CurrentDataFolder, folder))

vectorIndexContract("inline::sqlite-vec", Effect.flatMap(TemporaryFolder.make, (folder) => given(folder)), {
  largest: true
})

describe("inline::sqlite-vec", () => {
  it.live("keeps what it has in a file of the data folder, for whoever comes next", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      yield* Effect.scoped(Effect.gen(function*() {
        const index = yield* given(folder)
        yield* index.create({ name: "vs_a", dimensions: 2 })
        yield* index.upsert("vs_a", [chunkOf("a", [1, 0])])
      }))
      assert.isTrue(existsSync(join(folder, "vectors.db")))
      const index = yield* given(folder, Faiss)
      assert.strictEqual(yield* index.count("vs_a"), 1)
    }))

  it.live("takes no name of a collection that is an instruction", () =>
    Effect.gen(function*() {
      const index = yield* Effect.flatMap(TemporaryFolder.make, (folder) => given(folder))
      const error = yield* Effect.flip(index.count("a\"; DROP TABLE collections; --"))
      assert.include(error, { reason: "rejected" })
    }))
})
