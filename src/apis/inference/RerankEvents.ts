/** Events of calls that put texts in order. */
import { Schema } from "effect"
import * as ValueEvents from "../../kernel/calls/ValueEvents.ts"
import { Usage } from "../../kernel/messages/Usage.ts"

export const { all, Error, Request, Response } = ValueEvents.make("rerank", {
  common: { operation: Schema.Literal("rerank") },
  request: {
    description: "Texts are to be put in order, by what they have to do with a query.",
    fields: {
      item_count: Schema.Int.annotate({ description: "How many texts." }),
      max_num_results: Schema.NullOr(Schema.Int).annotate({ description: "Null: all of them." })
    }
  },
  response: {
    description: "They are in order.",
    fields: {
      result_count: Schema.Int,
      usage: Schema.NullOr(Usage).annotate({ description: "Null: nobody counted." })
    }
  },
  failure: "The vendor refused, failed, could not be reached, or gave what is no order; or the call was given up."
})
