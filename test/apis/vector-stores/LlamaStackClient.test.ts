// @effect-diagnostics asyncFunction:off
import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { LlamaStackClient } from "llama-stack-client"
import { toFile } from "openai"
import { ask } from "../../support/FilesWorld.ts"
import { Http } from "../../support/Http.ts"
import type { Strata } from "../../support/Strata.ts"
import { ways } from "../../support/StrataBehindStrata.ts"
import * as VectorWorld from "../../support/VectorWorld.ts"

const { texts } = VectorWorld

const insert = (strata: Strata, body: object) => Http.post(strata.url, "/v1/vector-io/insert", body as never)

describe.each(ways)("vector stores, with Llama Stack's client, before $way", ({ it }) => {
  it.live(
    "keep chunks that a client brings, with vectors or without, and find them",
    () =>
      Effect.gen(function*() {
        const { client: openai, strata } = yield* VectorWorld.make()
        const { id } = yield* ask(() => openai.vectorStores.create({ name: "Manuals" }))
        const client = new LlamaStackClient({ baseURL: strata.url, maxRetries: 0 })
        const chunk = (chunk_id: string, content: string, metadata: Record<string, unknown> = {}) => ({
          chunk_id,
          content,
          chunk_metadata: { document_id: "manual" },
          metadata
        })
        const chunks = [chunk("a", texts.cold, { year: 2024 }), chunk("b", texts.fruit), chunk("c", texts.money)]
        yield* ask(() => client.vectorIo.insert({ vector_store_id: id, chunks: chunks as never }))
        const query = (query: string, params: Record<string, unknown> = {}) =>
          ask(() => client.vectorIo.query({ vector_store_id: id, query, params }))
        const answer = yield* query("Where is it cold?")
        const [first] = answer.chunks
        assert.deepInclude(first!, {
          chunk_id: "a",
          content: texts.cold,
          metadata: { year: 2024 },
          chunk_metadata: { document_id: "manual" },
          embedding_dimension: 512
        })
        assert.strictEqual(first!.embedding.length, 512)
        assert.strictEqual(answer.scores.length, 3)
        const words = yield* query("loans", { mode: "keyword", max_chunks: 1 })
        assert.deepStrictEqual(words.chunks.map(({ chunk_id }) => chunk_id), ["c"])
        const own = {
          ...chunk("d", "own vector"),
          embedding: first!.embedding,
          embedding_model: "m",
          embedding_dimension: 512
        }
        yield* ask(() => client.vectorIo.insert({ vector_store_id: id, chunks: [own] }))
        const threshold = yield* query("Where is it cold?", { score_threshold: answer.scores[0]! - 1e-6 })
        assert.sameMembers(threshold.chunks.map(({ chunk_id }) => chunk_id), ["a", "d"])
        const short = yield* insert(strata, { vector_store_id: id, chunks: [{ ...own, embedding: [1, 2] }] })
        assert.strictEqual(short.status, 400, short.text)
        assert.include(short.text, "512")
      }),
    60_000
  )

  it.live(
    "are walked as OpenAI's are",
    () =>
      Effect.gen(function*() {
        const { client: openai, strata } = yield* VectorWorld.make()
        const client = new LlamaStackClient({ baseURL: strata.url, maxRetries: 0 })
        const { id } = yield* ask(() => client.vectorStores.create({ name: "walk" }))
        const file = yield* ask(async () =>
          openai.files.create({ file: await toFile(Buffer.from(texts.cold), "cold.txt"), purpose: "assistants" })
        )
        const batch = yield* ask(() => client.vectorStores.fileBatches.create(id, { file_ids: [file.id] }))
        let status = batch.status
        while (status === "in_progress") {
          yield* Effect.sleep("20 millis")
          status = (yield* ask(() => client.vectorStores.fileBatches.retrieve(id, batch.id))).status
        }
        assert.strictEqual(status, "completed")
        assert.strictEqual(
          (yield* ask(() => client.vectorStores.fileBatches.listFiles(id, batch.id))).data[0]?.id,
          file.id
        )
        assert.strictEqual((yield* ask(() => client.vectorStores.files.retrieve(id, file.id))).status, "completed")
        yield* ask(() => client.vectorStores.files.update(id, file.id, { attributes: { a: 1 } }))
        assert.strictEqual((yield* ask(() => client.vectorStores.files.list(id))).data.length, 1)
        assert.isAbove((yield* ask(() => client.vectorStores.files.content(id, file.id))).data.length, 0)
        assert.strictEqual((yield* ask(() => client.vectorStores.search(id, { query: "snow" }))).data.length, 1)
        const long = yield* ask(async () =>
          openai.files.create({
            file: await toFile(Buffer.from(VectorWorld.longText(3000)), "long.txt"),
            purpose: "assistants"
          })
        )
        const other = yield* ask(() => client.vectorStores.fileBatches.create(id, { file_ids: [long.id] }))
        const cancelled = yield* ask(() => client.vectorStores.fileBatches.cancel(id, other.id))
        assert.strictEqual(cancelled.status, "cancelled")
        yield* ask(() => client.vectorStores.files.delete(id, file.id))
        const attached = yield* ask(() => client.vectorStores.files.create(id, { file_id: file.id }))
        assert.strictEqual(attached.id, file.id)
        assert.strictEqual((yield* ask(() => client.vectorStores.update(id, { name: "walked" }))).name, "walked")
        assert.strictEqual((yield* ask(() => client.vectorStores.retrieve(id))).name, "walked")
        assert.isAbove((yield* ask(() => client.vectorStores.list())).data.length, 0)
        assert.strictEqual((yield* ask(() => client.vectorStores.delete(id))).deleted, true)
      }),
    60_000
  )
})
