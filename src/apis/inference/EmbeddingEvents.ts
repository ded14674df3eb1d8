/** Events of calls for embeddings. */
import { Schema } from "effect"
import * as ValueEvents from "../../kernel/calls/ValueEvents.ts"
import { Usage } from "../../kernel/messages/Usage.ts"

export const { all, Error, Request, Response } = ValueEvents.make("embedding", {
  common: { operation: Schema.Literal("embeddings").annotate({ description: "As OpenTelemetry GenAI names it." }) },
  request: {
    description: "Vectors are asked for.",
    fields: {
      input_count: Schema.Int.annotate({ description: "How many texts, or lists of tokens." }),
      encoding_format: Schema.NullOr(Schema.String).annotate({ description: "Null: not said, so numbers." }),
      dimensions: Schema.NullOr(Schema.Int).annotate({ description: "Null: as the model has them." })
    }
  },
  response: {
    description: "The vectors are there: one for each input, all of one length.",
    fields: {
      response_model: Schema.NullOr(Schema.String),
      embedding_count: Schema.Int,
      dimensions: Schema.NullOr(Schema.Int).annotate({ description: "How many numbers each vector has." }),
      usage: Schema.NullOr(Usage).annotate({ description: "Null: nobody counted." })
    }
  },
  failure: "The vendor refused, failed, could not be reached, or gave what are no vectors; or the call was given up."
})
