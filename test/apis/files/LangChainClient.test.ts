/**
 * LangChain keeps files here. Its `retrieveFileContent` is not asked: as of 1.0.50 it retrieves the file's description, and
 * what it gives is no text. LangChain has no client of OpenAI's vector stores but the tool `file_search`, which
 * `test/apis/vector-stores/LangChainClient.test.ts` asks for.
 */
import { assert, describe } from "@effect/vitest"
import { OpenAIFiles } from "@langchain/classic/experimental/openai_files"
import { Effect } from "effect"
import { NotFoundError } from "openai"
import * as FilesWorld from "../../support/FilesWorld.ts"
import { ways } from "../../support/StrataBehindStrata.ts"

const { ask, refusal } = FilesWorld

describe.each(ways)("LangChain's files, before $way", ({ it }) => {
  it.live("are made, listed, described and deleted", () =>
    Effect.gen(function*() {
      const { strata } = yield* FilesWorld.make()
      const files = new OpenAIFiles({
        clientOptions: { apiKey: "key", baseURL: `${strata.url}/v1`, maxRetries: 0 }
      })
      const file = yield* ask(() =>
        files.createFile({ file: new File(["Oslo is cold."], "cold.txt"), purpose: "assistants" })
      )
      assert.deepInclude(file, { object: "file", filename: "cold.txt", bytes: 13, purpose: "assistants" })
      yield* ask(() => files.createFile({ file: new File(["{}"], "lines.jsonl"), purpose: "batch" }))
      const listed = yield* ask(() => files.listFiles({ query: { purpose: "assistants" } }))
      assert.deepStrictEqual(listed.data.map(({ id }) => id), [file.id])
      assert.deepStrictEqual(yield* ask(() => files.retrieveFile({ fileId: file.id })), file)
      const gone = yield* ask(() => files.deleteFile({ fileId: file.id }))
      assert.deepStrictEqual(gone, { id: file.id, object: "file", deleted: true })
      assert.instanceOf(yield* refusal(() => files.retrieveFile({ fileId: file.id })), NotFoundError)
    }).pipe(Effect.scoped))
})
