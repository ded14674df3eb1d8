// @effect-diagnostics asyncFunction:off
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema, Stream } from "effect"
import { HttpServerResponse } from "effect/http"
import { toFile } from "openai"
import * as FileContentAnswer from "../../../src/apis/vector-stores/FileContentAnswer.ts"
import { FileContent } from "../../../src/apis/vector-stores/VectorStoreFilesModels.ts"
import { ask } from "../../support/FilesWorld.ts"
import { Http } from "../../support/Http.ts"
import * as VectorWorld from "../../support/VectorWorld.ts"

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(FileContent))

const textOf = (pieces: Parameters<typeof FileContentAnswer.of>[0]) =>
  Effect.promise(() => HttpServerResponse.toWeb(FileContentAnswer.of(pieces)).text())

describe("the pieces of a file", () => {
  it.effect("are an answer of its Schema, be there none, one or several", () =>
    Effect.gen(function*() {
      for (const texts of [[], ["one"], ["one", "\"two\",]}", "three"]]) {
        const pieces = texts.map((text) => ({ type: "text" as const, text }))
        const { data } = yield* decode(yield* textOf(Stream.fromIterable(pieces)))
        assert.deepStrictEqual(data, pieces)
      }
    }))

  it.live(
    "come each once and in their order where they are more than are read at once, with their vectors",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const { client, strata: { url } } = yield* VectorWorld.make()
        const file = yield* ask(async () =>
          client.files.create({ file: await toFile(Buffer.from("piece 0"), "a.txt"), purpose: "assistants" })
        )
        const { id } = yield* ask(() => client.vectorStores.create({ name: "many" }))
        yield* ask(() => client.vectorStores.files.createAndPoll(id, { file_id: file.id }, { pollIntervalMs: 20 }))
        const count = 1200
        const chunks = Array.from({ length: count - 1 }, (_, at) => ({
          chunk_id: `c${at}`,
          content: `piece ${at + 1}`,
          chunk_metadata: { chunk_source: file.id, chunk_index: at + 1 },
          embedding: Array.from({ length: 512 }, (_, place) => Number(place === at % 512))
        }))
        const inserted = yield* Http.post(url, "/v1/vector-io/insert", { vector_store_id: id, chunks })
        assert.strictEqual(inserted.status, 204, inserted.text)
        const path = `/v1/vector_stores/${id}/files/${file.id}/content?include_embeddings=true`
        const { data } = yield* decode((yield* Http.send(url, path)).text)
        assert.deepStrictEqual(data.map(({ text }) => text), Array.from({ length: count }, (_, at) => `piece ${at}`))
        assert.isTrue(data.every(({ embedding }) => embedding?.length === 512))
      })),
    60_000
  )
})
