/** Events of contribution channels. */
import { Schema } from "effect"
import * as Event from "../../events/types/Event.ts"

export const Failed = Event.define("contribution:failed", {
  durability: "observation",
  description: "A contributor to a channel was left out of a collection; the others were not.",
  payload: Schema.Struct({
    channel: Schema.String.annotate({ description: "`observability.events` …" }),
    contributor: Schema.String,
    reason: Schema.Literals(["error", "timeout", "interrupted", "invalid_value"]),
    message: Schema.String.annotate({ description: "At most 500 characters." })
  })
})

/** The stream of all channels. */
export const stream = "contributions"
