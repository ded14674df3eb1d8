import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Context, Effect, Exit, Layer, Schema, Scope } from "effect"
import { fileURLToPath } from "node:url"
import { VectorIndex } from "../../../../src/apis/vector-io/VectorIndex.ts"
import { Config, grpcOf, Weaviate } from "../../../../src/providers/remote/weaviate/Weaviate.ts"
import * as RecordedGrpc from "../../../support/RecordedGrpc.ts"
import * as RecordedHttp from "../../../support/RecordedHttp.ts"
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
const scope = Scope.makeUnsafe()
let http = 0
let grpc = 0
beforeAll(() =>
  Effect.runPromise(
    Effect.gen(function*() {
      const rest = { file: fileOf("rest.json.gz"), variable: "STRATA_TEST_WEAVIATE_URL" }
      const rpc = { file: fileOf("grpc.json.gz"), variable: "STRATA_TEST_WEAVIATE_GRPC_URL" }
      http = (yield* RecordedHttp.make(rest)).port
      grpc = (yield* RecordedGrpc.make(rpc)).port
    }).pipe(Scope.provide(scope))
  )
)
afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))

vectorIndexContract("remote::weaviate", Effect.suspend(() => given(http, grpc)), { prefix: "vs_contract_Weaviate" })

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
