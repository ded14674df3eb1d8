/** Every method that clients have of files, uploads, vector stores and their parts is called against a server. */
// @effect-diagnostics asyncFunction:off
import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { LlamaStackClient } from "llama-stack-client"
import { toFile } from "openai"
import * as ClientMethods from "../../support/ClientMethods.ts"
import { ask } from "../../support/FilesWorld.ts"
import { ways } from "../../support/StrataBehindStrata.ts"
import * as VectorWorld from "../../support/VectorWorld.ts"

const { longText, texts } = VectorWorld
const poll = { pollIntervalMs: 20 }
const file = (name: string, text: string) => toFile(Buffer.from(text), name)
/** Long enough to be read still when the next request comes. */
const endless = () => file("endless.txt", longText(20_000))

describe.each(ways)("every method, before $way", ({ it }) => {
  it.live("of OpenAI's client is called", () =>
    Effect.gen(function*() {
      const { client } = yield* VectorWorld.make()
      const { files, uploads, vectorStores } = client
      const uncalled = ClientMethods.watch({
        files,
        uploads,
        "uploads.parts": uploads.parts,
        vectorStores,
        "vectorStores.files": vectorStores.files,
        "vectorStores.fileBatches": vectorStores.fileBatches
      })
      assert.include(uncalled(), "vectorStores.fileBatches.uploadAndPoll")
      yield* ask(async () => {
        const cold = await files.create({ file: await file("cold.txt", texts.cold), purpose: "assistants" })
        assert.strictEqual((await files.waitForProcessing(cold.id)).status, "processed")
        assert.strictEqual((await files.retrieve(cold.id)).filename, "cold.txt")
        assert.strictEqual(await (await files.content(cold.id)).text(), texts.cold)
        assert.deepStrictEqual((await files.list()).data.map(({ id }) => id), [cold.id])

        const about = { filename: "b.txt", bytes: 2, mime_type: "text/plain", purpose: "assistants" } as const
        const upload = await uploads.create(about)
        const part = await uploads.parts.create(upload.id, { data: await file("p", "ab") })
        const whole = await uploads.complete(upload.id, { part_ids: [part.id] })
        assert.strictEqual((await uploads.cancel((await uploads.create(about)).id)).status, "cancelled")

        const { id } = await vectorStores.create({ name: "walk" })
        const vector_store_id = id
        assert.strictEqual((await vectorStores.update(id, { name: "walked" })).name, "walked")
        assert.strictEqual((await vectorStores.list()).data[0]?.id, id)

        const own = vectorStores.files
        await own.create(id, { file_id: cold.id })
        assert.strictEqual((await own.poll(id, cold.id, poll)).status, "completed")
        assert.strictEqual((await own.createAndPoll(id, { file_id: whole.file!.id }, poll)).status, "completed")
        assert.strictEqual(
          (await own.uploadAndPoll(id, await file("fruit.txt", texts.fruit), poll)).status,
          "completed"
        )
        const uploaded = await own.upload(id, await file("money.txt", texts.money))
        assert.strictEqual((await own.poll(id, uploaded.id, poll)).status, "completed")
        assert.strictEqual((await own.retrieve(cold.id, { vector_store_id })).id, cold.id)
        assert.deepInclude(await own.update(cold.id, { vector_store_id, attributes: { a: 1 } }), {
          attributes: { a: 1 }
        })
        assert.strictEqual((await own.list(id)).data.length, 4)
        assert.strictEqual((await own.content(cold.id, { vector_store_id })).data[0]?.text, texts.cold)
        assert.strictEqual((await vectorStores.search(id, { query: "snow" })).data[0]?.filename, "cold.txt")
        assert.isTrue((await own.delete(cold.id, { vector_store_id })).deleted)

        const batches = vectorStores.fileBatches
        const batch = await batches.create(id, { file_ids: [cold.id] })
        assert.strictEqual((await batches.poll(id, batch.id, poll)).file_counts.completed, 1)
        assert.strictEqual((await batches.listFiles(batch.id, { vector_store_id })).data[0]?.id, cold.id)
        assert.strictEqual((await batches.createAndPoll(id, { file_ids: [cold.id] }, poll)).status, "completed")
        const two = { files: [await file("one.txt", "one"), await file("two.txt", "two")] }
        assert.strictEqual((await batches.uploadAndPoll(id, two, poll)).file_counts.completed, 2)
        const long = await files.create({ file: await endless(), purpose: "assistants" })
        const reading = await batches.create(id, { file_ids: [long.id] })
        await batches.cancel(reading.id, { vector_store_id })
        assert.strictEqual((await batches.retrieve(reading.id, { vector_store_id })).status, "cancelled")

        assert.strictEqual((await vectorStores.retrieve(id)).id, id)
        assert.isTrue((await vectorStores.delete(id)).deleted)
        assert.isTrue((await files.delete(cold.id)).deleted)
      })
      assert.deepStrictEqual(uncalled(), [])
    }), 120_000)

  it.live("of Llama Stack's client is called", () =>
    Effect.gen(function*() {
      const { client: openai, strata } = yield* VectorWorld.make()
      const { files, vectorIo, vectorStores } = new LlamaStackClient({ baseURL: strata.url, maxRetries: 0 })
      const uncalled = ClientMethods.watch({
        files,
        vectorIo,
        vectorStores,
        "vectorStores.files": vectorStores.files,
        "vectorStores.fileBatches": vectorStores.fileBatches
      })
      assert.include(uncalled(), "vectorIo.query")
      yield* ask(async () => {
        const form = { file: new File([texts.cold], "cold.txt"), purpose: "assistants" as const }
        const { id: fileId } = await files.create(form)
        assert.strictEqual((await files.retrieve(fileId)).bytes, texts.cold.length)
        assert.strictEqual((await files.list()).data.length, 1)
        assert.isDefined(await files.content(fileId))

        const { id } = await vectorStores.create({ name: "walk" })
        const own = vectorStores.files
        const completed = async () => {
          assert.strictEqual((await openai.vectorStores.files.poll(id, fileId, poll)).status, "completed")
          assert.strictEqual((await own.retrieve(id, fileId)).status, "completed")
        }
        await own.create(id, { file_id: fileId })
        await completed()
        assert.deepInclude(await own.update(id, fileId, { attributes: { a: 1 } }), { attributes: { a: 1 } })
        assert.strictEqual((await own.list(id)).data.length, 1)
        assert.strictEqual((await own.content(id, fileId)).data.length, 1)
        assert.isTrue((await own.delete(id, fileId)).deleted)

        const batches = vectorStores.fileBatches
        const batch = await batches.create(id, { file_ids: [fileId] })
        await completed()
        assert.strictEqual((await batches.listFiles(id, batch.id)).data[0]?.id, fileId)
        const long = await openai.files.create({ file: await endless(), purpose: "assistants" })
        const reading = await batches.create(id, { file_ids: [long.id] })
        await batches.cancel(id, reading.id)
        assert.strictEqual((await batches.retrieve(id, reading.id)).status, "cancelled")

        const chunks = [{ chunk_id: "own", content: texts.fruit, metadata: {}, chunk_metadata: { document_id: "d" } }]
        await vectorIo.insert({ vector_store_id: id, chunks: chunks as never })
        const answer = await vectorIo.query({ vector_store_id: id, query: "bananas" })
        assert.strictEqual(answer.chunks[0]?.chunk_id, "own")
        assert.strictEqual((await vectorStores.search(id, { query: "snow" })).data[0]?.filename, "cold.txt")
        assert.strictEqual((await vectorStores.update(id, { name: "walked" })).name, "walked")
        assert.strictEqual((await vectorStores.list()).data.length, 1)
        assert.strictEqual((await vectorStores.retrieve(id)).id, id)
        assert.isTrue((await vectorStores.delete(id)).deleted)
        assert.isTrue((await files.delete(fileId)).deleted)
      })
      assert.deepStrictEqual(uncalled(), [])
    }), 120_000)
})
