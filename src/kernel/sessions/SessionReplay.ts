/** A session's events again, as they happened. */
import { Deferred, Effect, Stream } from "effect"
import type { EventHub } from "../../events/log/EventHub.ts"
import type { EventLogUnavailable, Filter } from "../../events/log/EventLog.ts"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import * as EventPages from "./EventPages.ts"
import * as Pacing from "./Pacing.ts"

export interface Options extends Pacing.Pace, Pick<Filter, "level" | "types"> {
  /** Only events behind this position. */
  readonly after: number
}

/** Ends after the last event there is when it begins, or when the server stops. */
export const events = (
  hub: Pick<EventHub["Service"], "head" | "read">,
  stopping: Deferred.Deferred<void>,
  of: Pick<Filter, "tenant" | "sessionId">,
  { after, level, maxPause, speed, types }: Options
): Stream.Stream<RecordedEvent, EventLogUnavailable> =>
  Stream.unwrap(
    Effect.map(hub.head, (upTo) => EventPages.stream(hub, { ...of, level, types }, { after, upTo, size: 256 }))
  ).pipe(
    (recorded) => Pacing.paced(recorded, { speed, maxPause }),
    Stream.interruptWhen(Deferred.await(stopping))
  )
