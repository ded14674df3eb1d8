import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, Schema } from "effect"
import { fileURLToPath } from "node:url"
import { VectorIndex } from "../../../../src/apis/vector-io/VectorIndex.ts"
import { ChromaDb, Config } from "../../../../src/providers/remote/chromadb/ChromaDb.ts"
import * as RecordedHttp from "../../../support/RecordedHttp.ts"
import { recordedServer } from "../../../support/recordedServer.ts"
import { chunkOf, vectorIndexContract } from "../../../support/vectorIndexContract.ts"

const given = (port: number, config: Partial<typeof Config.Encoded> = {}) =>
  Effect.map(
    Layer.build(
      ChromaDb.layer(Schema.decodeSync(Config)({ url: `http://127.0.0.1:${port}`, ...config }), {
        provider_id: "chroma"
      } as never)
    ),
    (context) => Context.get(context, VectorIndex)
  )

/** With STRATA_TEST_CHROMA_URL a real server is asked, and its answers are written down. */
const server = recordedServer(RecordedHttp.make({
  file: fileURLToPath(new URL("answers.json.gz", import.meta.url)),
  variable: "STRATA_TEST_CHROMA_URL"
}))

vectorIndexContract("remote::chromadb", Effect.suspend(() => given(server.port)), {
  ordersTexts: false,
  prefix: "vs_contract_chroma"
})

describe("remote::chromadb", () => {
  it.live("says that its filters order numbers alone", () =>
    Effect.scoped(Effect.gen(function*() {
      const { create, searchByVector } = yield* given(server.port)
      yield* create({ name: "vs_texts", dimensions: 2 })
      const filter = { type: "gt", key: "name", value: "B" } as const
      const refused = yield* Effect.flip(
        searchByVector("vs_texts", Float32Array.of(1, 0), { limit: 1, filter, withVectors: false })
      )
      assert.strictEqual(refused.reason, "unsupported")
      assert.include(refused.detail, "compare texts with eq, ne, in or nin")
    })))

  it.live("finds no value that a chunk with the same id had before", () =>
    Effect.scoped(Effect.gen(function*() {
      const { create, drop, searchByVector, upsert } = yield* given(server.port)
      yield* drop("vs_again")
      yield* create({ name: "vs_again", dimensions: 2 })
      yield* upsert("vs_again", [chunkOf("a", [1, 0], { attributes: { year: 2024 } })])
      yield* upsert("vs_again", [chunkOf("a", [1, 0], { attributes: { year: "none" } })])
      const filter = { type: "gt", key: "year", value: 2000 } as const
      const hits = yield* searchByVector("vs_again", Float32Array.of(1, 0), { limit: 1, filter, withVectors: false })
      assert.deepStrictEqual(hits, [])
    })))

  it.live("says where Chroma can't be reached", () =>
    Effect.scoped(Effect.gen(function*() {
      const { count } = yield* given(1)
      const failed = yield* Effect.flip(count("vs_a"))
      assert.strictEqual(failed.reason, "unreachable")
      assert.include(failed.message, "chroma could not be reached")
    })))
})
