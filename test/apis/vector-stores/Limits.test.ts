/** Lists that are longer than they may be: each is refused by the name of its field, and nothing of it is kept. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { ask } from "../../support/FilesWorld.ts"
import { Http } from "../../support/Http.ts"
import * as VectorWorld from "../../support/VectorWorld.ts"

const list = <A>(length: number, item: A): ReadonlyArray<A> => Array.from({ length }, () => item)
/** Long enough that to decode them all would hold up others. */
const many = 20_000
const pairs = Object.fromEntries(Array.from({ length: many }, (_, at) => [`k${at}`, "v"]))
const filters = { type: "and", filters: list(many, { type: "eq", key: "a", value: 1 }) }

interface TooLong {
  readonly path: string
  readonly body: object
  readonly param: string
}

const tooLong = (id: string, upload: string): ReadonlyArray<TooLong> => {
  const store = `/v1/vector_stores/${id}`
  const chunk = { chunk_id: "a", content: "x" }
  const insert = (more: object) => ({ vector_store_id: id, chunks: [{ ...chunk, ...more }] })
  const query = (params: object) => ({ vector_store_id: id, query: "x", params })
  return [
    { path: "/v1/vector_stores", body: { file_ids: list(many, "file-0f1e2d") }, param: "file_ids" },
    { path: "/v1/vector_stores", body: { metadata: pairs }, param: "metadata" },
    { path: store, body: { metadata: pairs }, param: "metadata" },
    { path: `${store}/files`, body: { file_id: "a", attributes: pairs }, param: "attributes" },
    { path: `${store}/file_batches`, body: { file_ids: list(many, "file-0f1e2d") }, param: "file_ids" },
    { path: `${store}/file_batches`, body: { files: list(many, { file_id: "a" }) }, param: "files" },
    { path: `${store}/search`, body: { query: list(many, "q") }, param: "query" },
    { path: `${store}/search`, body: { query: "q", filters }, param: "filters" },
    {
      path: `${store}/search`,
      body: { query: "q", filters: { type: "in", key: "a", value: list(many, "v") } },
      param: "filters.value"
    },
    { path: "/v1/vector-io/insert", body: { vector_store_id: id, chunks: list(many, chunk) }, param: "chunks" },
    { path: "/v1/vector-io/insert", body: insert({ metadata: pairs }), param: "chunks.0.metadata" },
    { path: "/v1/vector-io/insert", body: insert({ embedding: list(40_000, 0.5) }), param: "chunks.0.embedding" },
    {
      path: "/v1/vector-io/insert",
      body: insert({ content: list(many, { type: "text" }) }),
      param: "chunks.0.content"
    },
    { path: "/v1/vector-io/query", body: query({ embedding: list(70_000, 0.5) }), param: "params" },
    {
      path: "/v1/vector-io/query",
      body: query({ filters: { ...filters, filters: list(257, filters.filters[0]) } }),
      param: "filters"
    },
    {
      path: "/v1alpha/vector-io/chunks/update",
      body: { vector_store_id: id, document_id: "d", metadata: pairs },
      param: "metadata"
    },
    { path: `/v1/uploads/${upload}/complete`, body: { part_ids: list(many, "part_1") }, param: "part_ids" }
  ]
}

describe("lists that are too long", () => {
  it.live(
    "are refused with the field, one and all, and nothing of them is kept",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const { client, strata: { url } } = yield* VectorWorld.make()
        const store = yield* ask(() => client.vectorStores.create({ name: "kept" }))
        const upload = yield* ask(() =>
          client.uploads.create({ filename: "a", bytes: many, purpose: "assistants", mime_type: "text/plain" })
        )
        for (const { body, param, path } of tooLong(store.id, upload.id)) {
          const { json, status, text } = yield* Http.post(url, path, body as never)
          const about = `${path}: ${text.slice(0, 300)}`
          assert.strictEqual(status, 400, about)
          assert.strictEqual((json as { error: { param: string } }).error.param, param, about)
          assert.match(text, /at most \d+/, about)
        }
        const stores = yield* ask(() => client.vectorStores.list())
        assert.deepStrictEqual(stores.data, [store])
        const path = `/v1alpha/vector-io/chunks/count?vector_store_id=${store.id}`
        assert.deepStrictEqual((yield* Http.send(url, path)).json, { count: 0 })
      })),
    60_000
  )

  it.live("vectors that no index takes are refused, too", () =>
    Effect.scoped(Effect.gen(function*() {
      const { client, strata: { url } } = yield* VectorWorld.make()
      const { id: vector_store_id } = yield* ask(() => client.vectorStores.create({ name: "long" }))
      const chunks = [{ chunk_id: "a", content: "x", embedding: list(9000, 0.5) }]
      const { status, text } = yield* Http.post(url, "/v1/vector-io/insert", { vector_store_id, chunks })
      assert.strictEqual(status, 400, text)
      assert.match(text, /9000.*8192/)
    })), 60_000)
})
