/** LangChain works with Strata's embeddings, and with its vector stores as the tool `file_search`. */
// @effect-diagnostics asyncFunction:off
import { assert, describe, it } from "@effect/vitest"
import { ChatOpenAI, OpenAIEmbeddings, tools } from "@langchain/openai"
import { Effect } from "effect"
import * as FileSearchWorld from "../../support/FileSearchWorld.ts"
import { ask } from "../../support/FilesWorld.ts"
import * as VectorWorld from "../../support/VectorWorld.ts"

const at = (url: string) => ({ apiKey: "key", maxRetries: 0, configuration: { baseURL: `${url}/v1` } })

const product = (left: ReadonlyArray<number>, right: ReadonlyArray<number>): number =>
  left.reduce((sum, value, index) => sum + value * right[index]!, 0)

describe("LangChain", () => {
  it.live(
    "gets vectors of documents and of a query, the nearest of which is about the same",
    () =>
      Effect.gen(function*() {
        const { client, strata } = yield* VectorWorld.make()
        const { cold, fruit, money } = VectorWorld.texts
        const { data: [model] } = yield* ask(() => client.models.list())
        const embeddings = new OpenAIEmbeddings({ model: model!.id, ...at(strata.url) })
        const documents = yield* ask(() => embeddings.embedDocuments([fruit, cold, money]))
        const query = yield* ask(() => embeddings.embedQuery("snow in Oslo"))
        const products = documents.map((document) => product(document, query))
        assert.strictEqual(products.indexOf(Math.max(...products)), 1)
      }).pipe(Effect.scoped),
    60_000
  )

  it.live("searches a vector store with a filter and weights, and gets citations", () =>
    Effect.gen(function*() {
      const { store, strata } = yield* FileSearchWorld.make()
      const model = new ChatOpenAI({ model: "upstream/m", useResponsesApi: true, ...at(strata.url) })
      const fileSearch = tools.fileSearch({
        vectorStoreIds: [store.id],
        maxNumResults: 2,
        filters: { type: "or", filters: [{ type: "eq", key: "name", value: "cold" }] },
        rankingOptions: { ranker: "auto", scoreThreshold: 0, hybridSearch: { embeddingWeight: 1, textWeight: 1 } }
      })
      const answer = yield* ask(() => model.bindTools([fileSearch]).invoke("call file_search snow"))
      assert.include(answer.text, VectorWorld.texts.cold)
      assert.notInclude(answer.text, VectorWorld.texts.fruit)
      const annotations = answer.contentBlocks.flatMap((block) => block.type === "text" ? block.annotations ?? [] : [])
      assert.include(JSON.stringify(annotations), "cold.txt")
    }).pipe(Effect.scoped), 60_000)
})
