/** Events of calls that count the tokens of a request: no model answers, and nothing is used up. */
import { Schema } from "effect"
import * as ValueEvents from "../../kernel/calls/ValueEvents.ts"

export const { all, Error, Request, Response } = ValueEvents.make("tokens", {
  common: {},
  request: {
    description: "The tokens of a request are to be counted.",
    fields: { message_count: Schema.Int, tool_count: Schema.Int }
  },
  response: {
    description: "They are counted.",
    fields: {
      input_tokens: Schema.NullOr(Schema.Int).annotate({ description: "Null where the answer does not say it." }),
      estimated: Schema.Boolean.annotate({ description: "Whether nobody counted, and Strata reckoned by a rule." })
    }
  },
  failure: "The vendor refused, failed, or could not be reached; or the call was given up."
})
