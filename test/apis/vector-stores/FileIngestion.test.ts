// @effect-diagnostics asyncFunction:off
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import OpenAI, { toFile } from "openai"
import { chunkId } from "../../../src/apis/vector-stores/FileIngestion.ts"
import { ask } from "../../support/FilesWorld.ts"
import * as StrataProcess from "../../support/StrataProcess.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"
import * as VectorWorld from "../../support/VectorWorld.ts"

const configuration = JSON.stringify({
  providers: { inference: [VectorWorld.embeddings], ...VectorWorld.more }
})

const clientOf = ({ url }: StrataProcess.StrataServer) =>
  new OpenAI({ baseURL: `${url}/v1`, apiKey: "key", maxRetries: 0 })

const small = { type: "static" as const, static: { max_chunk_size_tokens: 100, chunk_overlap_tokens: 20 } }

const contentOf = (client: OpenAI, store: string, file: string) =>
  Effect.map(
    ask(() => client.vectorStores.files.content(file, { vector_store_id: store })),
    ({ data }) => data.map(({ text }) => text ?? "")
  )

describe("the reading of a file into a vector store", () => {
  it.live(
    "goes on where a server was killed: no chunk is missing, and none is there twice",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const folder = yield* TemporaryFolder.make
        const start = StrataProcess.serve({ folder, configuration })
        const first = yield* start
        const before = clientOf(first)
        const file = yield* ask(async () =>
          before.files.create({
            file: await toFile(Buffer.from(VectorWorld.longText(250)), "long.txt"),
            purpose: "assistants"
          })
        )
        const store = yield* ask(() => before.vectorStores.create({ name: "killed" }))
        yield* ask(() => before.vectorStores.files.create(store.id, { file_id: file.id, chunking_strategy: small }))
        while ((yield* contentOf(before, store.id, file.id)).length === 0) yield* Effect.sleep("20 millis")
        const status = yield* ask(() => before.vectorStores.files.retrieve(file.id, { vector_store_id: store.id }))
        assert.strictEqual(status.status, "in_progress")
        yield* first.kill("SIGKILL")

        const client = clientOf(yield* start)
        const half = (yield* contentOf(client, store.id, file.id)).length
        const ended = yield* ask(() => client.vectorStores.files.poll(store.id, file.id, { pollIntervalMs: 50 }))
        assert.strictEqual(ended.status, "completed", JSON.stringify(ended.last_error))
        const resumed = yield* contentOf(client, store.id, file.id)
        const other = yield* ask(() => client.vectorStores.create({ name: "whole" }))
        yield* ask(() =>
          client.vectorStores.files.createAndPoll(other.id, { file_id: file.id, chunking_strategy: small }, {
            pollIntervalMs: 50
          })
        )
        const whole = yield* contentOf(client, other.id, file.id)
        assert.deepStrictEqual(resumed, whole)
        assert.isTrue(half > 0 && half < whole.length, `${half} of ${whole.length} were there`)
        const counts = (yield* ask(() => client.vectorStores.retrieve(store.id))).file_counts
        assert.deepInclude(counts, { in_progress: 0, completed: 1, total: 1 })
      })),
    180_000
  )

  it("makes ids of chunks of their file and place, so that they are the same each time", () => {
    assert.strictEqual(chunkId("file-1", 3), "file-1-3")
  })
})
