/** watsonx.ai's list of foundation models. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as WatsonXModels from "../../../../src/providers/remote/watsonx/WatsonXModels.ts"

describe("WatsonXModels", () => {
  it.effect("lists those one can chat with, with their limits", () =>
    Effect.gen(function*() {
      const listed = yield* WatsonXModels.decode({
        resources: [
          {
            model_id: "ibm/granite",
            label: "granite",
            provider: "IBM",
            functions: [{ id: "text_chat" }, { id: "text_generation" }],
            model_limits: { max_sequence_length: 131072, max_output_tokens: 8192 }
          },
          { model_id: "ibm/embed", functions: [{ id: "embedding" }] },
          { model_id: "unsaid" },
          { no: "model" }
        ]
      })
      assert.deepStrictEqual(listed, [
        {
          id: "ibm/granite",
          created: 0,
          owned_by: "IBM",
          info: { id: "ibm/granite", display_name: "granite", context_window: 131072, max_output_tokens: 8192 }
        },
        { id: "unsaid", created: 0, owned_by: "ibm", info: { id: "unsaid" } }
      ])
      assert.include((yield* Effect.flip(WatsonXModels.decode({ data: [] }))).message, "resources")
    }))
})
