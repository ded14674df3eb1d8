/** A model, as its provider describes it. */
import { Schema } from "effect"
import { nullable, openStruct } from "../../events/types/OpenSchema.ts"

const price = (what: string) =>
  nullable(Schema.String).annotate({ description: `USD for a million ${what}, decimal.`, examples: ["2.50"] })

export const Pricing = openStruct({
  input: price("fresh input tokens"),
  output: price("output tokens"),
  cache_read: price("input tokens read from a cache"),
  cache_write: price("input tokens written to a cache")
}).annotate({
  identifier: "Pricing",
  description: "What a model costs. Null or absent: not known, which is not nothing.",
  examples: [{ input: "2.50", output: "10.00" }]
})
export type Pricing = typeof Pricing.Type

export const ModelInfo = openStruct({
  id: Schema.String.annotate({ description: "The vendor's id.", examples: ["claude-sonnet-4-5"] }),
  display_name: nullable(Schema.String).annotate({ description: "For people.", examples: ["Claude Sonnet 4.5"] }),
  created: nullable(Schema.Int).annotate({ description: "Seconds since 1970. Absent or 0: not said." }),
  owned_by: nullable(Schema.String).annotate({ description: "Who offers it.", examples: ["anthropic"] }),
  context_window: nullable(Schema.Int).annotate({ description: "Most tokens, input and output.", examples: [200000] }),
  max_output_tokens: nullable(Schema.Int).annotate({ description: "Longest answer.", examples: [64000] }),
  capabilities: nullable(Schema.Array(Schema.String)).annotate({
    description: "tools, streaming, thinking, vision, json_mode, fast, web_search, audio, embeddings, long_context …",
    examples: [["tools", "streaming", "thinking"]]
  }),
  pricing: nullable(Pricing),
  defaults: nullable(Schema.JsonObject).annotate({ description: "What the provider sends where nothing is said." })
}).annotate({
  identifier: "ModelInfo",
  description: "A model, as its provider describes it. What is absent is not known.",
  examples: [{ id: "claude-sonnet-4-5", context_window: 200000, capabilities: ["tools", "thinking"] }]
})
export type ModelInfo = typeof ModelInfo.Type
