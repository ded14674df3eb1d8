/** Gemini's list of models: those that answer, by the names that they are asked for. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as GeminiModels from "../../../../src/providers/remote/gemini/GeminiModels.ts"

const model = (name: string, more: object = {}) => ({ name, supportedGenerationMethods: ["generateContent"], ...more })

describe("GeminiModels", () => {
  it.effect("says what Google says of a model, and no more", () =>
    Effect.gen(function*() {
      const models = yield* GeminiModels.decode({
        models: [
          model("models/gemini-3-pro", {
            displayName: "Gemini 3 Pro",
            inputTokenLimit: 1_048_576,
            outputTokenLimit: 65_536,
            thinking: true
          }),
          model("tunedModels/mine")
        ]
      })
      assert.deepStrictEqual<unknown>(models, [
        {
          id: "gemini-3-pro",
          created: 0,
          owned_by: "google",
          info: {
            id: "gemini-3-pro",
            display_name: "Gemini 3 Pro",
            context_window: 1_048_576,
            max_output_tokens: 65_536,
            capabilities: ["tools", "streaming", "thinking"]
          }
        },
        {
          id: "tunedModels/mine",
          created: 0,
          owned_by: "google",
          info: { id: "tunedModels/mine", capabilities: ["tools", "streaming"] }
        }
      ])
    }))

  it.effect("leaves out what neither generates content nor makes embeddings, and what is no model", () =>
    Effect.gen(function*() {
      const models = yield* GeminiModels.decode({
        models: [
          { name: "models/embedding", supportedGenerationMethods: ["embedContent", "countTextTokens"] },
          { name: "models/video", supportedGenerationMethods: ["predictLongRunning"] },
          { name: "" },
          null,
          { name: "models/unsaid", supportedGenerationMethods: null }
        ]
      })
      assert.deepStrictEqual(models.map(({ id, info }) => [id, info?.capabilities]), [
        ["embedding", ["embeddings"]],
        ["unsaid", ["tools", "streaming"]]
      ])
    }))

  it.effect.each([null, [], { data: [] }, { models: {} }])(
    "says that %o is no list",
    (value) =>
      Effect.gen(function*() {
        const error = yield* Effect.flip(GeminiModels.decode(value))
        assert.include(error.message, "models")
      })
  )
})
