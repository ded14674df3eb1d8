/** Events of calls about batches that a vendor does. What its lines came to stands in events of their own requests. */
import { Schema } from "effect"
import * as ValueEvents from "../../kernel/calls/ValueEvents.ts"

export const actions = ["submit", "find", "retrieve", "results", "cancel"] as const

export const { all, Error, Request, Response } = ValueEvents.make("vendor_batch", {
  subject: {},
  common: { operation: Schema.Literals(actions).annotate({ description: "What is asked of the vendor." }) },
  request: {
    description: "A vendor is asked to do a batch, how far one is, or what came of it.",
    fields: {
      batch_id: Schema.String.annotate({ description: "Strata's." }),
      line_count: Schema.NullOr(Schema.Int).annotate({ description: "Lines that are submitted. Null: none." })
    }
  },
  response: {
    description: "The vendor has answered.",
    fields: {
      vendor_id: Schema.NullOr(Schema.String).annotate({
        description: "What the answer is about, as the vendor calls it. Null: it says no id."
      }),
      vendor_status: Schema.NullOr(Schema.String).annotate({ description: "As the vendor says it. Null: nothing." })
    }
  },
  failure:
    "The vendor refused, failed, could not be reached, or gave no answer about a batch; or the call was given up."
})
