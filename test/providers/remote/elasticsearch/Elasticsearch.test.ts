import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, Schema } from "effect"
import { fileURLToPath } from "node:url"
import { VectorIndex } from "../../../../src/apis/vector-io/VectorIndex.ts"
import { Config, Elasticsearch } from "../../../../src/providers/remote/elasticsearch/Elasticsearch.ts"
import * as RecordedHttp from "../../../support/RecordedHttp.ts"
import { recordedServer } from "../../../support/recordedServer.ts"
import { chunkOf, vectorIndexContract } from "../../../support/vectorIndexContract.ts"

const given = (port: number) =>
  Effect.map(
    Layer.build(
      Elasticsearch.layer(Schema.decodeSync(Config)({ elasticsearch_url: `http://127.0.0.1:${port}` }), {
        provider_id: "elastic"
      } as never)
    ),
    (context) => Context.get(context, VectorIndex)
  )

/** With STRATA_TEST_ELASTICSEARCH_URL a real server is asked, and its answers are written down. */
const server = recordedServer(RecordedHttp.make({
  file: fileURLToPath(new URL("answers.json.gz", import.meta.url)),
  variable: "STRATA_TEST_ELASTICSEARCH_URL",
  // Its client refuses servers that do not say this.
  kept: ["x-elastic-product"]
}))

vectorIndexContract("remote::elasticsearch", Effect.suspend(() => given(server.port)), {
  prefix: "vs_contract_Elastic"
})

describe("remote::elasticsearch", () => {
  it.live("keeps a vector of zeros, which Elasticsearch takes none of", () =>
    Effect.scoped(Effect.gen(function*() {
      const { create, drop, list, searchByVector, upsert } = yield* given(server.port)
      yield* drop("vs_zeros")
      yield* create({ name: "vs_zeros", dimensions: 2 })
      yield* upsert("vs_zeros", [chunkOf("a", [0, 0]), chunkOf("b", [0, 1])])
      const [first] = yield* list("vs_zeros", "file-a", { from: 0, limit: 5, withVectors: true })
      assert.deepInclude(first, { id: "a", vector: "AAAAAAAAAAA=" })
      const search = { limit: 5, filter: undefined, withVectors: false }
      const hits = yield* searchByVector("vs_zeros", Float32Array.of(0, 0), search)
      assert.deepStrictEqual(hits.map(({ id, score }) => [id, score]), [["a", 0], ["b", 0]])
    })))

  it.live("says where Elasticsearch can't be reached", () =>
    Effect.scoped(Effect.gen(function*() {
      const { count } = yield* given(9)
      const failed = yield* Effect.flip(count("vs_a"))
      assert.strictEqual(failed.reason, "unreachable")
      assert.include(failed.message, "elastic could not be reached")
    })), 30_000)
})
