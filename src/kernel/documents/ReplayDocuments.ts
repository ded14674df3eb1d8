/** What a replay knows of documents that were made before: the events of their streams, as of the position it has come to. */
import { Context } from "effect"
import type { Effect } from "effect"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { RecordedEvent } from "../../events/types/Envelope.ts"

export interface ReplayDocuments {
  /** The events of a stream, in order. */
  readonly eventsOf: (
    stream: string,
    types: ReadonlySet<string>
  ) => Effect.Effect<ReadonlyArray<RecordedEvent>, EventLogUnavailable>
  /** The same with what came later: for an answer that waited for it. */
  readonly awaitedOf: (
    stream: string,
    types: ReadonlySet<string>
  ) => Effect.Effect<ReadonlyArray<RecordedEvent>, EventLogUnavailable>
}

/** Undefined outside of replays: documents are what the log says. */
export const CurrentReplayDocuments = Context.Reference<ReplayDocuments | undefined>(
  "strata/kernel/documents/ReplayDocuments/CurrentReplayDocuments",
  { defaultValue: () => undefined }
)
