import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, Schema } from "effect"
import { fileURLToPath } from "node:url"
import { VectorIndex } from "../../../../src/apis/vector-io/VectorIndex.ts"
import { Config, Milvus } from "../../../../src/providers/remote/milvus/Milvus.ts"
import * as RecordedGrpc from "../../../support/RecordedGrpc.ts"
import { recordedServer } from "../../../support/recordedServer.ts"
import { chunkOf, vectorIndexContract } from "../../../support/vectorIndexContract.ts"

const given = (port: number) =>
  Effect.map(
    Layer.build(
      Milvus.layer(Schema.decodeSync(Config)({ uri: `http://127.0.0.1:${port}` }), { provider_id: "milvus" } as never)
    ),
    (context) => Context.get(context, VectorIndex)
  )

/** With STRATA_TEST_MILVUS_URL a real server is asked, and its answers are written down. */
const server = recordedServer(RecordedGrpc.make({
  file: fileURLToPath(new URL("answers.json.gz", import.meta.url)),
  variable: "STRATA_TEST_MILVUS_URL"
}))

vectorIndexContract("remote::milvus", Effect.suspend(() => given(server.port)), { prefix: "vs_contract_milvus" })

describe("remote::milvus", () => {
  it.live("orders texts of any characters", () =>
    Effect.scoped(Effect.gen(function*() {
      const { create, drop, searchByVector, upsert } = yield* given(server.port)
      const name = "vs_milvus_texts"
      yield* drop(name)
      yield* create({ name, dimensions: 2 })
      const hostile = "\" or true or \"\\"
      yield* upsert(name, [
        chunkOf("a", [1, 0], { attributes: { key: hostile } }),
        chunkOf("b", [1, 0], { attributes: { key: `${hostile}x` } })
      ])
      const filter = { type: "gt", key: "key", value: hostile } as const
      const hits = yield* searchByVector(name, Float32Array.of(1, 0), { limit: 5, filter, withVectors: false })
      assert.deepStrictEqual(hits.map(({ id }) => id), ["b"])
    })))

  it.live("says where Milvus can't be reached", () =>
    Effect.scoped(Effect.gen(function*() {
      const { count } = yield* given(9)
      const failed = yield* Effect.flip(count("vs_a"))
      assert.strictEqual(failed.reason, "unreachable")
      assert.include(failed.message, "http://127.0.0.1:9")
    })), 30_000)
})
