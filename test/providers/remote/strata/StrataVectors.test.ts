/** `remote::strata` for vectors: another Strata keeps them in vector stores. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, Schema } from "effect"
import { VectorIndex } from "../../../../src/apis/vector-io/VectorIndex.ts"
import * as VendorClient from "../../../../src/kernel/client/VendorClient.ts"
import { Config } from "../../../../src/providers/remote/strata/StrataConfig.ts"
import { StrataVectors } from "../../../../src/providers/remote/strata/StrataVectors.ts"
import * as FilesWorld from "../../../support/FilesWorld.ts"
import { Strata } from "../../../support/Strata.ts"
import { chunkOf, vectorIndexContract } from "../../../support/vectorIndexContract.ts"
import * as VectorWorld from "../../../support/VectorWorld.ts"

const configOf = Schema.decodeSync(Config)

const given = Effect.gen(function*() {
  const { strata } = yield* VectorWorld.make()
  const layer = Layer.provide(
    StrataVectors.layer(configOf({ base_url: strata.url }), { provider_id: "far" } as never),
    VendorClient.layer
  )
  return Context.get(yield* Layer.build(layer), VectorIndex)
})

vectorIndexContract("remote::strata", given)

describe("remote::strata for vectors", () => {
  it.live("given an attribute that is called as Llama Stack's document, then chunks stay those of their source", () =>
    Effect.gen(function*() {
      const index = yield* given
      const name = "vs_0123456789"
      yield* index.create({ name, dimensions: 2 })
      yield* index.upsert(name, [chunkOf("a", [1, 0], { source: "file-a", attributes: { document_id: "other" } })])
      assert.strictEqual(yield* index.count(name, "file-a"), 1)
      yield* index.removeSource(name, "file-a")
      assert.strictEqual(yield* index.count(name), 0)
    }))

  it.live(
    "given a front whose files, readers and vectors are another's, then a file is found by what it means",
    () =>
      Effect.gen(function*() {
        const { strata: back } = yield* VectorWorld.make()
        const far = [{ provider_id: "far", provider_type: "remote::strata", config: { base_url: back.url } }]
        const front = yield* Strata.make({
          providers: far,
          more: { files: far, file_processors: far, vector_io: far }
        })
        const client = FilesWorld.clientOf(front)
        const ask = <A>(run: () => Promise<A>) => Effect.tryPromise(run)
        const store = yield* ask(() => client.vectorStores.create({ name: "Manuals" }))
        for (const [name, text] of Object.entries(VectorWorld.texts)) {
          const attached = yield* ask(() =>
            client.vectorStores.files.uploadAndPoll(store.id, new File([text], `${name}.txt`), { pollIntervalMs: 50 })
          )
          assert.strictEqual(attached.status, "completed", JSON.stringify(attached.last_error))
        }
        const { data } = yield* ask(() => client.vectorStores.search(store.id, { query: "Where is there snow?" }))
        assert.strictEqual(data[0]?.filename, "cold.txt")
        yield* ask(() => client.vectorStores.delete(store.id))
        const gone = yield* ask(() => FilesWorld.clientOf(back).vectorStores.list())
        assert.deepStrictEqual(gone.data, [])
      }),
    60_000
  )
})
