/** A vendor's model puts in order what a search gave: a call as others are, that a verification answers from its recording. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { ask, clientOf, refusal } from "../../support/FilesWorld.ts"
import { Http } from "../../support/Http.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { Strata } from "../../support/Strata.ts"
import { fieldsOf } from "../../support/strict/StrictVendor.ts"
import * as VectorWorld from "../../support/VectorWorld.ts"
import { verify } from "../../support/verify.ts"

const { texts } = VectorWorld

it.live("a search is put in order by a vendor's model, and its session verifies", () =>
  Effect.gen(function*() {
    const upstream = yield* FakeUpstream.make({
      respond: ({ body, path }) => {
        if (!path.endsWith("/rerank")) return undefined
        const documents = fieldsOf(body)["documents"] as ReadonlyArray<string>
        const results = documents.map((text, index) => ({ index, relevance_score: text === texts.money ? 3 : -3 }))
        return ScriptedAnswer.json(200, { results })
      }
    })
    const strata = yield* Strata.make({
      level: "raw",
      providers: [Strata.openAi(upstream, { models: ["m"] }), VectorWorld.embeddings],
      more: VectorWorld.more
    })
    const client = clientOf(strata)
    const { id } = yield* ask(() => client.vectorStores.create({ name: "ranked" }))
    const chunks = Object.entries(texts).map(([chunk_id, content]) => ({
      chunk_id,
      content,
      metadata: { filename: chunk_id }
    }))
    yield* Http.post(strata.url, "/v1/vector-io/insert", { vector_store_id: id, chunks })
    const search = (model: string) => ({
      query: "Where is it cold?",
      max_num_results: 2,
      ranking_options: { model, score_threshold: 0.5 }
    })
    const headers = { "x-strata-session-id": "ranked" }
    const { data } = yield* ask(() => client.vectorStores.search(id, search("upstream/m") as never, { headers }))
    assert.deepStrictEqual(data.map(({ filename }) => filename), ["money"])
    assert.closeTo(data[0]!.score, 1 / (1 + Math.exp(-3)), 1e-9)
    const wrong = yield* refusal(() => client.vectorStores.search(id, search("upstream/none") as never))
    assert.deepStrictEqual([wrong.status, wrong.param], [404, "ranking_options.model"])
    yield* strata.close
    const [report] = yield* verify(strata.folder, ["ranked"])
    assert.deepInclude(report!, { requests: 1, divergence: undefined, skipped: [] })
  }).pipe(Effect.scoped), 60_000)
