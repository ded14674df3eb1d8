/** Vendors' lists of models, as they really look. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as VendorModels from "../../../src/kernel/dialects/VendorModels.ts"

const understood = [
  {
    name: "OpenAI's list",
    value: { object: "list", data: [{ id: "gpt", object: "model", created: 1686935002, owned_by: "openai" }] },
    models: [{ id: "gpt", created: 1686935002, owned_by: "openai" }]
  },
  { name: "a bare array", value: [{ id: "llama" }], models: [{ id: "llama", created: 0, owned_by: "" }] },
  {
    name: "Llama Stack's list, from before it listed models as OpenAI does",
    value: {
      data: [{ identifier: "ollama/m", provider_id: "ollama", type: "model", model_type: "llm", metadata: {} }]
    },
    models: [{ id: "ollama/m", created: 0, owned_by: "" }]
  },
  {
    name: "a list with entries that are none",
    value: { data: [{ id: "" }, { id: "m" }, { name: "n" }, null, "o"] },
    models: [{ id: "m", created: 0, owned_by: "" }]
  },
  {
    name: "what a list of OGX, of Llama Stack or of Together says of models that write no text",
    value: {
      data: [
        { id: "p/e", custom_metadata: { model_type: "embedding", embedding_dimension: 768 } },
        { identifier: "p/old", model_type: "embedding", metadata: { embedding_dimension: 384 } },
        { id: "p/r", type: "rerank" },
        { id: "p/t", custom_metadata: { model_type: "llm" }, type: "chat" }
      ]
    },
    models: [
      {
        id: "p/e",
        created: 0,
        owned_by: "",
        info: { id: "p/e", capabilities: ["embeddings"], embedding_dimension: 768 }
      },
      {
        id: "p/old",
        created: 0,
        owned_by: "",
        info: { id: "p/old", capabilities: ["embeddings"], embedding_dimension: 384 }
      },
      { id: "p/r", created: 0, owned_by: "", info: { id: "p/r", capabilities: ["rerank"] } },
      { id: "p/t", created: 0, owned_by: "" }
    ]
  },
  { name: "an empty list", value: { data: [] }, models: [] },
  {
    name: "a creation time with a fraction",
    value: { data: [{ id: "m", created: 1686935002.7, owned_by: "v" }] },
    models: [{ id: "m", created: 1686935002, owned_by: "v" }]
  },
  {
    name: "a creation time as a text, and no owner",
    value: { data: [{ id: "m", created: "2024-01-01T00:00:00Z", owned_by: null }] },
    models: [{ id: "m", created: 0, owned_by: "" }]
  },
  {
    name: "a creation time in nanoseconds, which no integer of ours holds",
    value: { data: [{ id: "m", created: 1_763_683_200_000_000_000 }] },
    models: [{ id: "m", created: 0, owned_by: "" }]
  },
  {
    name: "fields of the vendor's own",
    value: { data: [{ id: "m", root: "m", permission: [{}], max_model_len: 4096 }], next: null },
    models: [{ id: "m", created: 0, owned_by: "" }]
  }
]

const refused = [
  { name: "a text", value: "models" },
  { name: "null", value: null },
  { name: "an object without data", value: { models: [{ id: "m" }] } },
  { name: "a model without an id", value: { data: [{ name: "m" }] } },
  { name: "a model with an empty id", value: { data: [{ id: "" }] } },
  { name: "a list of ids", value: ["m"] }
]

describe("VendorModels", () => {
  it.effect.each(understood)("reads $name", ({ models, value }) =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* VendorModels.decode(value), models)
    }))

  it.effect.each(refused)("refuses $name", ({ value }) =>
    Effect.gen(function*() {
      assert.strictEqual((yield* Effect.flip(VendorModels.decode(value)))._tag, "NoModelList")
    }))
})
