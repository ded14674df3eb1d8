/** Tokens, as a vendor counted them. */
import { Schema } from "effect"
import { nullable, openStruct } from "../../events/types/OpenSchema.ts"

export const Usage = openStruct({
  input_tokens: Schema.Int.annotate({
    description: "Gross: fresh, read from a cache, and written to one.",
    examples: [23]
  }),
  output_tokens: Schema.Int.annotate({ description: "With those spent on reasoning.", examples: [19] }),
  total_tokens: Schema.Int.annotate({ description: "As the vendor adds it up.", examples: [42] }),
  reasoning_tokens: nullable(Schema.Int).annotate({ description: "Spent on reasoning.", examples: [7] }),
  cache_read_tokens: nullable(Schema.Int).annotate({ description: "Read from a cache.", examples: [16] }),
  cache_write_tokens: nullable(Schema.Int).annotate({ description: "Written to a cache.", examples: [0] }),
  cache_write_1h_tokens: nullable(Schema.Int).annotate({
    description: "Of those written to a cache: kept for an hour, which has a price of its own.",
    examples: [0]
  }),
  input_audio_tokens: nullable(Schema.Int).annotate({ description: "Of the input: audio.", examples: [0] }),
  output_audio_tokens: nullable(Schema.Int).annotate({ description: "Of the output: audio.", examples: [0] }),
  cost_usd: nullable(Schema.String).annotate({
    description: "What the vendor itself says it costs, US dollars, decimal. Null or absent: it says nothing, which " +
      "is not zero; what Strata computes stands in `GET /v1/usage`.",
    examples: ["0.00042"]
  })
}).annotate({
  identifier: "Usage",
  description: "Tokens, as the vendor counted them.",
  examples: [{ input_tokens: 23, output_tokens: 19, total_tokens: 42 }]
})
export type Usage = typeof Usage.Type
