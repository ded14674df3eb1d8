/** A session that searched files verifies from its folder alone, whoever kept the vectors: the index is not asked again. */
// @effect-diagnostics asyncFunction:off
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Scope } from "effect"
import * as FileSearchWorld from "../../support/FileSearchWorld.ts"
import { ask } from "../../support/FilesWorld.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"
import * as VectorPostgres from "../../support/VectorPostgres.ts"
import { verify } from "../../support/verify.ts"

const inFolder = (provider_type: string) => Effect.succeed({ provider_type, config: {} })

const providers = [
  { name: "inline::sqlite-vec", vectors: inFolder("inline::sqlite-vec") },
  { name: "inline::usearch", vectors: inFolder("inline::usearch") },
  {
    name: "remote::pgvector",
    vectors: Effect.map(VectorPostgres.make, (port) => ({
      provider_type: "remote::pgvector",
      config: { host: "127.0.0.1", port, pool_size: 1 }
    }))
  }
]

describe.each(providers)("a session that searched in $name", ({ vectors }) => {
  it.live("verifies identical when neither the server nor the index is there any more", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const running = yield* Scope.make()
      yield* Effect.gen(function*() {
        const kept = { provider_id: "vectors", ...(yield* vectors) }
        const { asking, client, store } = yield* FileSearchWorld.make({ folder, vectors: [kept] })
        const headers = { "x-strata-session-id": "searched" }
        const include = ["file_search_call.results" as const]
        const { output } = yield* ask(() => client.responses.create(asking({ include }), { headers }))
        assert.include(JSON.stringify(output), "cold.txt")
        for (const search_mode of ["vector", "keyword", "hybrid"]) {
          const body = {
            query: "snow",
            filters: { type: "eq" as const, key: "name", value: "cold" },
            search_mode
          }
          const { data } = yield* ask(() => client.vectorStores.search(store.id, body, { headers }))
          assert.deepStrictEqual(data.map(({ filename }) => filename), ["cold.txt"])
        }
      }).pipe(Scope.provide(running))
      yield* Scope.close(running, Exit.void)
      const [report] = yield* verify(folder, ["searched"])
      assert.deepInclude(report!, { requests: 4, divergence: undefined, skipped: [], around: [] })
    }).pipe(Effect.scoped), 120_000)
})
