/** Lifts events of older versions as they are read. */
import { Context } from "effect"
import type { RecordedEvent } from "./Envelope.ts"

export type Lift = (event: RecordedEvent) => RecordedEvent

/** How readers of the log lift what they read; default: not at all. */
export const EventUpcasting = Context.Reference<Lift>("strata/events/EventUpcasting", {
  defaultValue: () => (event) => event
})
