import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, Schema } from "effect"
import { fileURLToPath } from "node:url"
import { VectorIndex } from "../../../../src/apis/vector-io/VectorIndex.ts"
import { Config, grpcOf, Weaviate } from "../../../../src/providers/remote/weaviate/Weaviate.ts"
import * as RecordedGrpc from "../../../support/RecordedGrpc.ts"
import * as RecordedHttp from "../../../support/RecordedHttp.ts"
import { recordedServer } from "../../../support/recordedServer.ts"
import { vectorIndexContract } from "../../../support/vectorIndexContract.ts"

const given = (http: number, grpc: number) =>
  Effect.map(
    Layer.build(
      Weaviate.layer(
        Schema.decodeSync(Config)({
          weaviate_cluster_url: `127.0.0.1:${http}`,
          weaviate_grpc_url: `127.0.0.1:${grpc}`
        }),
        { provider_id: "weaviate" } as never
      )
    ),
    (context) => Context.get(context, VectorIndex)
  )

const fileOf = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** With STRATA_TEST_WEAVIATE_URL and STRATA_TEST_WEAVIATE_GRPC_URL a real server is asked, and what it answers is kept. */
const http = recordedServer(RecordedHttp.make({ file: fileOf("rest.json.gz"), variable: "STRATA_TEST_WEAVIATE_URL" }))
const grpc = recordedServer(
  RecordedGrpc.make({ file: fileOf("grpc.json.gz"), variable: "STRATA_TEST_WEAVIATE_GRPC_URL" })
)

vectorIndexContract("remote::weaviate", Effect.suspend(() => given(http.port, grpc.port)), {
  prefix: "vs_contract_Weaviate"
})

describe("remote::weaviate", () => {
  it.live("says where Weaviate can't be reached", () =>
    Effect.scoped(Effect.gen(function*() {
      const { count } = yield* given(9, 9)
      const failed = yield* Effect.flip(count("vs_a"))
      assert.strictEqual(failed.reason, "unreachable")
      assert.include(failed.message, "http://127.0.0.1:9")
    })))

  it("finds the gRPC of its cloud", () => {
    const of = (config: Partial<typeof Config.Encoded>) => grpcOf(Schema.decodeSync(Config)(config)).href
    assert.strictEqual(of({ weaviate_cluster_url: "https://a.weaviate.cloud" }), "https://grpc-a.weaviate.cloud/")
    assert.strictEqual(of({}), "http://localhost:50051/")
    assert.strictEqual(of({ weaviate_cluster_url: "https://vectors.org" }), "https://vectors.org:50051/")
  })
})
