import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, Schema } from "effect"
import { fileURLToPath } from "node:url"
import { VectorIndex } from "../../../../src/apis/vector-io/VectorIndex.ts"
import { Config, Qdrant } from "../../../../src/providers/remote/qdrant/Qdrant.ts"
import * as RecordedHttp from "../../../support/RecordedHttp.ts"
import { recordedServer } from "../../../support/recordedServer.ts"
import { chunkOf, vectorIndexContract } from "../../../support/vectorIndexContract.ts"

const given = (port: number, config: Partial<typeof Config.Encoded> = {}) =>
  Effect.map(
    Layer.build(
      Qdrant.layer(Schema.decodeSync(Config)({ url: `http://127.0.0.1:${port}`, ...config }), {
        provider_id: "qdrant"
      } as never)
    ),
    (context) => Context.get(context, VectorIndex)
  )

/** With STRATA_TEST_QDRANT_URL a real server is asked, and its answers are written down. */
const server = recordedServer(RecordedHttp.make({
  file: fileURLToPath(new URL("answers.json.gz", import.meta.url)),
  variable: "STRATA_TEST_QDRANT_URL"
}))

vectorIndexContract("remote::qdrant", Effect.suspend(() => given(server.port)), {
  ordersTexts: false,
  prefix: "vs_contract_qdrant"
})

describe("remote::qdrant", () => {
  it.live("says that its filters order numbers alone", () =>
    Effect.scoped(Effect.gen(function*() {
      const { create, searchByVector } = yield* given(server.port)
      yield* create({ name: "vs_qdrant_texts", dimensions: 2 })
      const filter = { type: "gt", key: "name", value: "B" } as const
      const refused = yield* Effect.flip(
        searchByVector("vs_qdrant_texts", Float32Array.of(1, 0), { limit: 1, filter, withVectors: false })
      )
      assert.strictEqual(refused.reason, "unsupported")
      assert.include(refused.detail, "compare texts with eq, ne, in or nin")
    })))

  it.live("finds no value that a chunk with the same id had before", () =>
    Effect.scoped(Effect.gen(function*() {
      const { create, drop, searchByVector, upsert } = yield* given(server.port)
      yield* drop("vs_qdrant_again")
      yield* create({ name: "vs_qdrant_again", dimensions: 2 })
      yield* upsert("vs_qdrant_again", [chunkOf("a", [1, 0], { attributes: { year: 2024 } })])
      yield* upsert("vs_qdrant_again", [chunkOf("a", [1, 0], { attributes: { year: "none" } })])
      const filter = { type: "gt", key: "year", value: 2000 } as const
      const hits = yield* searchByVector("vs_qdrant_again", Float32Array.of(1, 0), {
        limit: 1,
        filter,
        withVectors: false
      })
      assert.deepStrictEqual(hits, [])
    })))

  it.live("says where Qdrant can't be reached", () =>
    Effect.scoped(Effect.gen(function*() {
      const { count } = yield* given(1)
      const failed = yield* Effect.flip(count("vs_a"))
      assert.strictEqual(failed.reason, "unreachable")
      assert.include(failed.message, "qdrant could not be reached")
    })))
})
