/** Events of calls for moderations. */
import { Schema } from "effect"
import * as ValueEvents from "../../kernel/calls/ValueEvents.ts"

export const { all, Error, Request, Response } = ValueEvents.make("moderation", {
  common: { operation: Schema.Literal("moderation").annotate({ description: "What is asked of the model." }) },
  request: {
    description: "Texts, or images, are to be judged.",
    fields: {
      stream: Schema.Boolean.annotate({ description: "Whether events are asked for: no vendor has any." }),
      input_count: Schema.Int.annotate({ description: "How many texts and images." })
    }
  },
  response: {
    description: "They are judged.",
    fields: {
      response_id: Schema.NullOr(Schema.String),
      response_model: Schema.NullOr(Schema.String),
      result_count: Schema.Int.annotate({ description: "How many judgements." }),
      flagged_count: Schema.Int.annotate({ description: "How many of them object." })
    }
  },
  failure: "The vendor refused, failed, could not be reached, or judged nothing; or the call was given up."
})
