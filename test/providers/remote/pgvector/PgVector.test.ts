import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Context, Effect, Exit, Layer, Schema, Scope } from "effect"
import { VectorIndex } from "../../../../src/apis/vector-io/VectorIndex.ts"
import { Config, PgVector } from "../../../../src/providers/remote/pgvector/PgVector.ts"
import { chunkOf, vectorIndexContract } from "../../../support/vectorIndexContract.ts"
import * as VectorPostgres from "../../../support/VectorPostgres.ts"

const given = (port: number, config: { readonly hnsw?: boolean; readonly schema?: string } = {}) =>
  Effect.map(
    Layer.build(PgVector.layer(Schema.decodeSync(Config)({ host: "127.0.0.1", port, pool_size: 1, ...config }), {
      provider_id: "pgvector"
    } as never)),
    (context) => Context.get(context, VectorIndex)
  )

/** One for all tests of this file: it takes seconds to start. */
const scope = Effect.runSync(Scope.make())
let port = 0
beforeAll(
  () =>
    Effect.runPromise(Effect.map(Scope.provide(VectorPostgres.make, scope), (listening) => void (port = listening))),
  60_000
)
afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))

vectorIndexContract("remote::pgvector", Effect.suspend(() => given(port)), { largest: true })

vectorIndexContract(
  "remote::pgvector with an index",
  Effect.suspend(() => given(port, { hnsw: true, schema: "a \"b\" c" }))
)

describe("remote::pgvector", () => {
  it.live("says where PostgreSQL can't be reached", () =>
    Effect.gen(function*() {
      const exit = yield* Effect.exit(given(1))
      assert.strictEqual(exit._tag, "Failure")
    }), 30_000)

  it.live("keeps texts with the one character that PostgreSQL has none of", () =>
    Effect.scoped(Effect.gen(function*() {
      const { create, searchByVector, upsert } = yield* given(port)
      yield* create({ name: "vs_a", dimensions: 2 })
      yield* upsert("vs_a", [
        chunkOf("a", [1, 0], { text: "one\u0000two", attributes: { key: "x\u0000y" }, metadata: { deep: "z\u0000" } })
      ])
      const filter = { type: "eq", key: "key", value: "x\u0000y" } as const
      const [chunk] = yield* searchByVector("vs_a", Float32Array.of(1, 0), { limit: 1, filter, withVectors: false })
      assert.strictEqual(chunk?.text, "one\uFFFDtwo")
    })), 30_000)
})
