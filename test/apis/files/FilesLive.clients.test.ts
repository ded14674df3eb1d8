/** Files with the client of Llama Stack: every operation it has of them. */
import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { LlamaStackClient } from "llama-stack-client"
import * as FilesWorld from "../../support/FilesWorld.ts"
import { ways } from "../../support/StrataBehindStrata.ts"

describe.each(ways)("Llama Stack's client, before $way", ({ it }) => {
  it.live("given a server with files, then it stores, lists, reads and deletes one", () =>
    Effect.gen(function*() {
      const { strata } = yield* FilesWorld.make()
      const { files } = new LlamaStackClient({ baseURL: strata.url, apiKey: "key", maxRetries: 0 })
      const { ask } = FilesWorld
      const made = yield* ask(() =>
        files.create({ file: new File(["Oslo is cold."], "notes.txt"), purpose: "assistants" })
      )
      assert.include(made, { object: "file", bytes: 13, filename: "notes.txt" })
      assert.deepStrictEqual((yield* ask(() => files.retrieve(made.id))).id, made.id)
      assert.deepStrictEqual((yield* ask(() => files.list())).data.map(({ id }) => id), [made.id])
      const content: unknown = yield* ask(() => files.content(made.id))
      assert.isDefined(content)
      assert.include(yield* ask(() => files.delete(made.id)), { id: made.id, deleted: true })
      assert.deepStrictEqual((yield* ask(() => files.list())).data, [])
    }))
})
