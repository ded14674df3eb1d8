/** What was done to a request, or besides it, so that its vendor could answer. */
import { Schema } from "effect"
import * as Event from "../../events/types/Event.ts"
import { Degradation } from "../messages/ChatResponse.ts"

const about = {
  provider: Schema.String.annotate({ description: "The provider instance." }),
  model: Schema.String.annotate({ description: "What the vendor calls the model." })
}

export const ToolSequenceRepaired = Event.define("provider:tool_sequence_repaired", {
  durability: "observation",
  description: "Calls of tools and their results did not fit together: what was sent is a repaired conversation.",
  payload: Schema.Struct({
    ...about,
    repair_count: Schema.Int,
    repairs: Schema.Array(Schema.Struct({
      kind: Schema.Literals(["missing_result", "moved_result", "repeated_result", "orphan_result"]).annotate({
        description: "missing_result: a call got a result that says so; moved_result: it came behind its call; " +
          "repeated_result: the last of several is kept; orphan_result: without a call it became a text."
      }),
      tool_call_id: Schema.String,
      tool_name: Schema.String.annotate({ description: "Empty where no call says it." })
    }))
  })
})

export const IncompleteContinuation = Event.define("provider:incomplete_continuation", {
  durability: "observation",
  description: "An answer was cut off, and the model is asked to go on with it: a further call follows.",
  payload: Schema.Struct({
    ...about,
    response_id: Schema.NullOr(Schema.String).annotate({ description: "Of the answer that was cut off first." }),
    reason: Schema.String.annotate({ description: "Why it ended: `length`." }),
    continuation_number: Schema.Int.annotate({ description: "From 1." }),
    max_attempts: Schema.Int.annotate({ description: "So many are made at most." })
  })
})

export const RequestDegraded = Event.define("provider:request_degraded", {
  durability: "observation",
  description: "The vendor's dialect can't say all that was asked: what was sent asks for less.",
  payload: Schema.Struct({ ...about, degradations: Schema.Array(Degradation) })
})
