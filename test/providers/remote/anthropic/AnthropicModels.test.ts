/** Anthropic's list of models is read as far as it says something, and what is none is refused. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as AnthropicModels from "../../../../src/providers/remote/anthropic/AnthropicModels.ts"

const model = {
  type: "model",
  id: "claude-sonnet-4-5",
  display_name: "Claude Sonnet 4.5",
  created_at: "2025-09-29T00:00:00Z"
}

describe("AnthropicModels", () => {
  it.effect("reads names, times and sizes; what says no id is left out", () =>
    Effect.gen(function*() {
      const data = [{ ...model, max_input_tokens: 200_000, max_tokens: 64_000 }, { id: "" }, null, { id: "bare" }]
      assert.deepStrictEqual(yield* AnthropicModels.decode({ data, has_more: false }), [
        {
          id: "claude-sonnet-4-5",
          created: 1_759_104_000,
          owned_by: "anthropic",
          info: {
            id: "claude-sonnet-4-5",
            display_name: "Claude Sonnet 4.5",
            context_window: 200_000,
            max_output_tokens: 64_000
          }
        },
        { id: "bare", created: 0, owned_by: "anthropic", info: { id: "bare" } }
      ])
    }))

  it.effect("takes a time that is none for an unknown one", () =>
    Effect.gen(function*() {
      const [read] = yield* AnthropicModels.decode({ data: [{ ...model, created_at: "soon" }] })
      assert.strictEqual(read?.created, 0)
    }))

  it.effect.each([undefined, null, [], {}, { data: {} }, "models"])(
    "refuses what is no list: %j",
    (value) =>
      Effect.gen(function*() {
        const error = yield* Effect.flip(AnthropicModels.decode(value))
        assert.strictEqual(error._tag, "NoModelList")
      })
  )
})
