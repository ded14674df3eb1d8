/** The contract of the event log, for those who watch. */
import { Context } from "effect"
import type { Stream } from "effect"
import type { RecordedEvent } from "../../events/Envelope.ts"
import type { EventLogUnavailable, Filter } from "../../events/EventLog.ts"

export interface EventsRequest extends Filter {
  readonly after: number
  /** Undefined: no bound. */
  readonly limit: number | undefined
  readonly follow: boolean
}

export class Events extends Context.Service<Events, {
  /** Ends at the head of the log, or never with `follow`, save when the server stops. */
  stream(request: EventsRequest): Stream.Stream<RecordedEvent, EventLogUnavailable>
}>()("strata/apis/events/Events") {}
