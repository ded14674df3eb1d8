/** Events of the log itself. */
import { Schema } from "effect"
import * as Event from "../types/Event.ts"

export const Pruned = Event.define("log:pruned", {
  durability: "state",
  description: "Payloads of old observations were removed; the events they belonged to say so in `prunedAt`.",
  payload: Schema.Struct({
    level: Schema.Literals(["debug", "raw"]),
    reason: Schema.Literals(["age", "size"]),
    events: Schema.Int,
    bytes: Schema.Int.annotate({ description: "As they were stored: compressed, where they were." })
  })
})

export const LiveEventsLost = Event.define("log:live_events_lost", {
  durability: "live",
  description: "Who watches live was too slow: so many live events, the oldest that waited, are lost before the next.",
  payload: Schema.Struct({ count: Schema.Int })
})

/** The stream of the log's own events. */
export const stream = "log"
