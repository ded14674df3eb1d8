/** The one model of a Text Embeddings Inference server. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as TextEmbeddingsModels from "../../../../src/providers/remote/compatible/TextEmbeddingsModels.ts"

describe("TextEmbeddingsModels", () => {
  it.effect("is read off what the server says of itself", () =>
    Effect.gen(function*() {
      const info = {
        model_id: "BAAI/bge",
        model_sha: "f",
        model_type: { embedding: { pooling: "cls" } },
        max_input_length: 512
      }
      assert.deepStrictEqual(yield* TextEmbeddingsModels.decode(info), [{
        id: "BAAI/bge",
        created: 0,
        owned_by: "text-embeddings-inference",
        info: { id: "BAAI/bge", context_window: 512, capabilities: ["embeddings"] }
      }])
      const [reranker] = yield* TextEmbeddingsModels.decode({ model_id: "r", model_type: { reranker: {} } })
      assert.deepStrictEqual(reranker?.info, { id: "r" })
      assert.include((yield* Effect.flip(TextEmbeddingsModels.decode({ data: [] }))).message, "model_id")
    }))
})
