/** The models that Google publishes on Vertex AI. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as VertexModels from "../../../../src/providers/remote/vertexai/VertexModels.ts"

describe("VertexModels", () => {
  it.effect("lists those that generate content", () =>
    Effect.gen(function*() {
      const models = yield* VertexModels.decode({
        publisherModels: ["gemini-3-pro", "gemini-embedding-001", "imagegeneration"].map((id) => ({
          name: `publishers/google/models/${id}`
        }))
      })
      assert.deepStrictEqual(models, [{ id: "gemini-3-pro", created: 0, owned_by: "google" }])
    }))

  it.effect("says what is no list", () =>
    Effect.gen(function*() {
      const { message } = yield* Effect.flip(VertexModels.decode({ models: [] }))
      assert.include(message, "publisherModels")
    }))
})
