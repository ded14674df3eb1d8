/** The contract of the event log, for those who watch. */
import { Context } from "effect"
import type { Duration, Effect, Stream, SubscriptionRef } from "effect"
import type { EventLogUnavailable, Filter } from "../../events/log/EventLog.ts"
import type { LiveEvent, RecordedEvent } from "../../events/types/Envelope.ts"
import type { AccessDenied } from "../../kernel/http/AccessDenied.ts"
import type { EventCatalogDocument } from "./EventsModels.ts"

export interface EventsRequest extends Filter {
  readonly after: number
  /** Undefined: no bound. */
  readonly limit: number | undefined
  readonly follow: boolean
  /** With `follow`: live events, too, as they happen. */
  readonly live?: boolean
}

/** An event as it stands in the log, or one of the moment. */
export type AnyEvent = RecordedEvent | LiveEvent

export class Events extends Context.Service<Events, {
  /**
   * As `stream`, for the principal of the moment: fails unless who asks may read the whole log or names a session, and
   * leaves out each event that may not be read when it comes.
   */
  read(
    request: EventsRequest
  ): Effect.Effect<Stream.Stream<AnyEvent, EventLogUnavailable>, AccessDenied | EventLogUnavailable>
  /** Of everybody's. Ends at the head of the log, or never with `follow`, save when the server stops. */
  stream(request: Omit<EventsRequest, "live">): Stream.Stream<RecordedEvent, EventLogUnavailable>
  /** The position of the last event. */
  readonly head: Effect.Effect<number, EventLogUnavailable>
  /** How many follow at this moment. */
  readonly followers: SubscriptionRef.SubscriptionRef<number>
  readonly catalog: Effect.Effect<EventCatalogDocument>
}>()("strata/apis/events/Events") {}

/** Time between two comments that keep an idle stream of server-sent events open through proxies. */
export const Heartbeat = Context.Reference<Duration.Input>("strata/apis/events/Events/Heartbeat", {
  defaultValue: () => "15 seconds"
})
