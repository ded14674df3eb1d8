/** What is asked of chunks is taken as it is meant, or refused by the name of its field. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { field } from "../../../src/events/types/JsonAccess.ts"
import { Http } from "../../support/Http.ts"
import * as VectorWorld from "../../support/VectorWorld.ts"

const wrong: ReadonlyArray<readonly [params: object, param: string]> = [
  [{ mode: "evil" }, "params.mode"],
  [{ mode: 5 }, "params.mode"],
  [{ max_chunks: "10" }, "params.max_chunks"],
  [{ max_chunks: -1 }, "params.max_chunks"],
  [{ k: 1.5 }, "params.max_chunks"],
  [{ filters: "x" }, "params.filters"],
  [{ embedding: ["x"] }, "params.embedding"],
  [{ embedding: [] }, "params.embedding"],
  [{ embedding: [1e39] }, "params.embedding"],
  [{ score_threshold: "0.5" }, "params.score_threshold"],
  [{ score_threshold: 1.5 }, "params.score_threshold"],
  [{ mode: "hybrid", ranker: { type: "weighted", alpha: 99 } }, "params.ranker.alpha"],
  [{ mode: "hybrid", ranker: { type: "weighted", params: { alpha: "much" } } }, "params.ranker.alpha"],
  [{ mode: "hybrid", ranker: { type: "rrf", impact_factor: -60 } }, "params.ranker.impact_factor"]
]

describe("a query of chunks", () => {
  it.live("whose params are wrong is refused by their names", () =>
    Effect.gen(function*() {
      const { client, strata } = yield* VectorWorld.make()
      const { id } = yield* Effect.promise(() => client.vectorStores.create({}))
      for (const [params, param] of wrong) {
        const query = { vector_store_id: id, query: "x", params }
        const { json, status } = yield* Http.post(strata.url, "/v1/vector-io/query", query)
        assert.deepStrictEqual([status, field(field(json, "error"), "param")], [400, param], JSON.stringify(params))
      }
      const right = { score_threshold: null, mode: "hybrid", ranker: { type: "weighted", params: { alpha: 0.5 } } }
      const query = { vector_store_id: id, query: "x", params: right }
      const { json } = yield* Http.post(strata.url, "/v1/vector-io/query", query)
      assert.deepStrictEqual(json, { chunks: [], scores: [] })
    }).pipe(Effect.scoped), 60_000)
})
