/** What a replay knows of documents that were made before: the events of their streams, as of the position it has come to. */
import { Context, Effect } from "effect"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { RecordedEvent } from "../../events/types/Envelope.ts"

export interface ReplayDocuments {
  /** The events of a stream, in order. `through`: as of another position, where the log says which one was read. */
  readonly eventsOf: (
    stream: string,
    types: ReadonlySet<string>,
    through?: number
  ) => Effect.Effect<ReadonlyArray<RecordedEvent>, EventLogUnavailable>
  /** The same with what came later: for an answer that waited for it. */
  readonly awaitedOf: (
    stream: string,
    types: ReadonlySet<string>
  ) => Effect.Effect<ReadonlyArray<RecordedEvent>, EventLogUnavailable>
  /** Says that a stream was asked for that is not there, or not all of it: no session file brings what is outside of the session. */
  readonly missed: (stream: string) => void
}

/** Undefined outside of replays: documents are what the log says. */
export const CurrentReplayDocuments = Context.Reference<ReplayDocuments | undefined>(
  "strata/kernel/documents/ReplayDocuments/CurrentReplayDocuments",
  { defaultValue: () => undefined }
)

/** In a replay, documents stand for the effect as they stood at a position; outside of one, as they are. */
export const asOf = (position: number) => <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.flatMap(
    CurrentReplayDocuments,
    (replay) =>
      replay === undefined ? effect : Effect.provideService(effect, CurrentReplayDocuments, {
        ...replay,
        eventsOf: (stream, types) => replay.eventsOf(stream, types, position)
      })
  )
