/**
 * A session that searched an index of another server verifies from its folder alone: neither the server nor the index is
 * there any more. What the index answers is what a real one did; the store is one that the log brings.
 */
// @effect-diagnostics asyncFunction:off
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Scope } from "effect"
import * as Events from "../../../src/apis/vector-stores/VectorStoresEvents.ts"
import { VectorStoresKind } from "../../../src/apis/vector-stores/VectorStoresKind.ts"
import * as Draft from "../../../src/events/log/Draft.ts"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import * as FileSearchWorld from "../../support/FileSearchWorld.ts"
import { ask, clientOf } from "../../support/FilesWorld.ts"
import { first, last, recordedIndexes } from "../../support/RecordedIndexes.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { Strata } from "../../support/Strata.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"
import { verify } from "../../support/verify.ts"

const [vectors, words] = ["1", "9"].map((digit) => `vs_${digit.repeat(48)}`) as [string, string]

/** Its collection was made and filled by someone else. */
const append = (strata: Strata, id: string, collection: string) =>
  strata.inProcess(Effect.gen(function*() {
    const created = yield* Draft.make(Events.Created, {
      id,
      name: "",
      created_at: 1,
      metadata: {},
      expires_after: null,
      last_active_at: 1,
      provider_id: "vectors",
      collection,
      embedding_model: "upstream/e",
      embedding_dimension: null,
      owner: null
    })
    yield* (yield* EventHub).append(VectorStoresKind.streamOf(id), "none", [created])
  }))

const world = Effect.fnUntraced(function*({ config, prefix, type }: (typeof recordedIndexes)[number], folder: string) {
  const upstream = yield* FakeUpstream.make({
    respond: (request) =>
      request.path.endsWith("/embeddings")
        ? ScriptedAnswer.json(200, {
          object: "list",
          model: "e",
          data: [{ object: "embedding", index: 0, embedding: [1, 0, 0, 0] }],
          usage: { prompt_tokens: 1, total_tokens: 1 }
        })
        : FileSearchWorld.model(request)
  })
  const strata = yield* Strata.make({
    level: "raw",
    folder,
    providers: [Strata.openAi(upstream, { models: ["m", "e"] })],
    more: { vector_io: [{ provider_id: "vectors", provider_type: type, config: yield* config }] }
  })
  yield* append(strata, vectors, prefix + first)
  yield* append(strata, words, prefix + last)
  return { strata, client: clientOf(strata) }
})

describe.each(recordedIndexes)("a session that searched in $type", (index) => {
  it.live("verifies identical when neither the server nor the index is there any more", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const running = yield* Scope.make()
      yield* Effect.gen(function*() {
        const { client } = yield* world(index, folder)
        const searched = (store: string, search_mode: string, query: string, session: string) =>
          Effect.map(
            ask(() =>
              client.vectorStores.search(store, { query, search_mode } as { query: string }, {
                headers: { "x-strata-session-id": session }
              })
            ),
            ({ data }) => data.map(({ content }) => content[0]!.text)
          )
        // As when it was recorded, the collection is not there at first.
        yield* Effect.repeat(searched(vectors, "vector", "snow", "before"), { times: 4 })
        yield* Effect.repeat(searched(words, "keyword", "rome madrid", "before"), { times: 4 })
        const { output } = yield* ask(() =>
          client.responses.create({
            model: "upstream/m",
            input: "call file_search snow",
            tools: [{ type: "file_search", vector_store_ids: [vectors], max_num_results: 10 }],
            include: ["file_search_call.results"]
          }, { headers: { "x-strata-session-id": "searched" } })
        )
        const [call] = output
        assert.strictEqual(call?.type, "file_search_call", JSON.stringify(output))
        if (call?.type !== "file_search_call") return
        assert.deepStrictEqual(call.results?.slice(0, 2).map(({ filename, text }) => [filename, text]), [
          ["a.txt", "text of same"],
          ["a.txt", "text of near"]
        ])
        const cold = yield* searched(words, "keyword", "cold", "searched")
        assert.strictEqual(cold[0], "Oslo is cold, cold, cold")
      }).pipe(Scope.provide(running))
      yield* Scope.close(running, Exit.void)
      const [report] = yield* verify(folder, ["searched"])
      assert.deepInclude(report!, { requests: 2, divergence: undefined, skipped: [], around: [] })
    }).pipe(Effect.scoped), 60_000)
})
