/** Files that are named together: one that is not there is told by its place in the request. */
// @effect-diagnostics asyncFunction:off
import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { toFile } from "openai"
import { ask, refusal } from "../../support/FilesWorld.ts"
import { ways } from "../../support/StrataBehindStrata.ts"
import * as VectorWorld from "../../support/VectorWorld.ts"

describe.each(ways)("files of a vector store, before $way", ({ it }) => {
  it.live("given one that is not there, then the error names its place", () =>
    Effect.scoped(Effect.gen(function*() {
      const { client } = yield* VectorWorld.make()
      const { id } = yield* ask(() => client.vectorStores.create({ name: "Manuals" }))
      const { id: first } = yield* ask(async () =>
        client.files.create({ file: await toFile(Buffer.from("cold"), "cold.txt"), purpose: "assistants" })
      )
      const missing = yield* refusal(() => client.vectorStores.fileBatches.create(id, { file_ids: [first, "f"] }))
      const besides = yield* refusal(() =>
        client.vectorStores.fileBatches.create(id, {
          files: [{ file_id: first }, { file_id: first }, { file_id: "f" }]
        })
      )
      const made = yield* refusal(() => client.vectorStores.create({ file_ids: [first, first, "f"] }))
      const alone = yield* refusal(() => client.vectorStores.files.create(id, { file_id: "f" }))
      assert.deepStrictEqual([missing, besides, made, alone].map(({ param }) => param), [
        "file_ids[1]",
        "files[2].file_id",
        "file_ids[2]",
        "file_id"
      ])
    })), 60_000)
})
