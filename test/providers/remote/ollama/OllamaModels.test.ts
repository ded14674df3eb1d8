/** The models that an Ollama server has. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as OllamaModels from "../../../../src/providers/remote/ollama/OllamaModels.ts"

describe("OllamaModels", () => {
  it.effect("lists each by its name, with the time it was changed", () =>
    Effect.gen(function*() {
      const models = yield* OllamaModels.decode({
        models: [
          { name: "qwen3:4b", model: "qwen3:4b", modified_at: "2026-11-26T12:00:00+01:00" },
          { name: "older" },
          { size: 1 },
          7
        ]
      })
      assert.deepStrictEqual(models, [
        { id: "qwen3:4b", created: 1_795_690_800, owned_by: "ollama" },
        { id: "older", created: 0, owned_by: "ollama" }
      ])
    }))

  it.effect("says what is no list", () =>
    Effect.gen(function*() {
      const { message } = yield* Effect.flip(OllamaModels.decode({ data: [] }))
      assert.include(message, "models")
    }))
})
