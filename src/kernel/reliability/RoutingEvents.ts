/** Which of several models a request goes to. Both stand in the events of the request, and cause the next call. */
import { Schema } from "effect"
import * as Event from "../../events/types/Event.ts"

const model = Schema.String.annotate({ description: "The model that stands for several, as the client calls it." })

export const RouteSelected = Event.define("provider:route_selected", {
  durability: "observation",
  description: "A model stands for several: they are asked in this order, each only when the ones before it fail.",
  payload: Schema.Struct({
    model,
    targets: Schema.Array(Schema.String).annotate({ description: "Models, as a client calls them." }),
    reason: Schema.Literals(["first", "weight", "sticky"]).annotate({
      description:
        "Why the first is the first. first: it stands first; weight: drawn by weights; sticky: by weights, " +
        "and the same for the session or principal."
    }),
    conditions: Schema.optionalKey(Schema.Array(Schema.Struct({
      model: Schema.String.annotate({ description: "The target." }),
      holds: Schema.Boolean.annotate({ description: "false: it is not asked." }),
      error: Schema.optionalKey(Schema.String).annotate({ description: "Why nobody knows whether it holds." })
    }))).annotate({ description: "Of the targets that have one, in their order. Absent: none has." })
  })
})

export const Fallback = Event.define("provider:fallback", {
  durability: "observation",
  description: "A target of a model failed, or could not be asked, and the next is asked instead.",
  payload: Schema.Struct({
    model,
    from: Schema.String.annotate({ description: "The target that failed." }),
    to: Schema.String.annotate({ description: "The target that is asked now." }),
    asked: Schema.Boolean.annotate({ description: "false: it could not be asked, and there is no call." }),
    error: Schema.Struct({
      type: Schema.String.annotate({ description: "The name of the typed error: `RateLimitError`." }),
      message: Schema.String
    })
  })
})
