/** Vector stores whose ids their clients choose. */
// @effect-diagnostics asyncFunction:off
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import OpenAI from "openai"
import { Http } from "../../support/Http.ts"
import { Keys } from "../../support/Keys.ts"
import { Strata } from "../../support/Strata.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"
import * as VectorWorld from "../../support/VectorWorld.ts"

const id = "vs_manuals01"

describe("vector stores of an id that a client chose", () => {
  it.live(
    "are the same for who asks for one many times at once, and another's are taken",
    () =>
      Effect.gen(function*() {
        const { url } = yield* Strata.make({
          providers: [VectorWorld.embeddings],
          more: VectorWorld.more,
          auth: { providers: [Keys.provider({ alice: {}, bob: {} })] }
        })
        const make = (name: string) => Http.post(url, "/v1/vector_stores", { id }, Keys.headers(name))
        // Over connections that are open already: all are asked before one has answered.
        const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: Keys.keyOf("alice"), maxRetries: 0 })
        const atOnce = <A>(run: () => Promise<A>) =>
          Effect.tryPromise(() => Promise.all(Array.from({ length: 12 }, run)))
        yield* atOnce(() => client.models.list())
        const made = yield* atOnce(() => client.vectorStores.create({ id } as object))
        assert.deepStrictEqual([...new Set(made.map((store) => store.id))], [id])
        assert.strictEqual((yield* make("bob")).status, 409)
      }).pipe(Effect.scoped),
    60_000
  )

  it.live(
    "keep what is in them apart where two servers have one index, and another the same id",
    () =>
      Effect.gen(function*() {
        const folder = yield* TemporaryFolder.make
        const config = { db_path: `${folder}/vectors.db` }
        const server = Strata.make({
          providers: [VectorWorld.embeddings],
          more: {
            ...VectorWorld.more,
            vector_io: [{ provider_id: "shared", provider_type: "inline::sqlite-vec", config }]
          }
        })
        const servers = [{ strata: yield* server, text: "first" }, { strata: yield* server, text: "second" }]
        for (const { strata: { url }, text } of servers) {
          const made = yield* Http.post(url, "/v1/vector_stores", { id })
          assert.deepInclude(made.json as object, { id }, made.text)
          const chunks = [{ chunk_id: "same", content: text, embedding: [1, 0] }]
          const kept = yield* Http.post(url, "/v1/vector-io/insert", { vector_store_id: id, chunks })
          assert.strictEqual(kept.status, 204, kept.text)
        }
        const found = ({ url }: Strata) =>
          Effect.map(
            Http.post(url, "/v1/vector-io/query", {
              vector_store_id: id,
              query: "any",
              params: { embedding: [1, 0] }
            }),
            ({ json }) => (json as { chunks: ReadonlyArray<{ content: string }> }).chunks.map(({ content }) => content)
          )
        const [first, second] = servers
        assert.deepStrictEqual(yield* found(first!.strata), ["first"])
        yield* Http.send(second!.strata.url, `/v1/vector_stores/${id}`, { method: "DELETE" })
        assert.deepStrictEqual(yield* found(first!.strata), ["first"])
      }),
    60_000
  )
})
