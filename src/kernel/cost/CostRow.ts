/** What one call to a provider used and cost: a row of the table of costs. */
import { Schema } from "effect"
import { StoredCounts } from "./TokenCounts.ts"

/** All prices are in it. */
export const currency = "USD"

export const CostSource = Schema.Literals(["vendor", "configuration", "table"]).annotate({
  description: "Who says so: the vendor in its answer, `prices` of the configuration, or the public table of prices."
})

export const Cost = Schema.Struct({
  cost: Schema.NullOr(Schema.String).annotate({
    description: "A decimal, exact. Null: it is not known, which is not zero; `unknown` says why.",
    examples: ["0.0034875"]
  }),
  source: Schema.NullOr(CostSource),
  prices: Schema.NullOr(Schema.String).annotate({
    description: "By which prices: the table's version, `configuration`, or `vendor`.",
    examples: ["genai-prices 0.1.8"]
  }),
  price_model: Schema.NullOr(Schema.String).annotate({
    description: "The model whose prices were taken, as the table or the configuration calls it.",
    examples: ["openai/gpt-4o"]
  }),
  unknown: Schema.NullOr(Schema.String).annotate({ description: "Why the cost is not known." })
})
export type Cost = typeof Cost.Type

export const CostRow = Schema.Struct({
  time: Schema.Int.annotate({ description: "When the answer was complete, milliseconds since 1970." }),
  day: Schema.String.annotate({ description: "The same as a day, UTC.", examples: ["2026-11-27"] }),
  session_id: Schema.NullOr(Schema.String),
  request_id: Schema.NullOr(Schema.String),
  principal: Schema.NullOr(Schema.String).annotate({ description: "Who asked; null: nobody known." }),
  provider: Schema.String.annotate({ description: "The provider instance." }),
  operation: Schema.NullOr(Schema.String).annotate({ description: "`chat`, `embeddings` …" }),
  model: Schema.String.annotate({ description: "The model that was asked for, as its vendor calls it." }),
  response_model: Schema.NullOr(Schema.String).annotate({ description: "The model that answered, where it says so." }),
  usage: Schema.NullOr(StoredCounts).annotate({ description: "Null: nobody counted." }),
  currency: Schema.Literal(currency),
  ...Cost.fields
}).annotate({ identifier: "CostRow" })
export type CostRow = typeof CostRow.Type
