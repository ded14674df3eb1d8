/** The contract of sessions: what belongs to one conversation, run or test of an application. */
import { Context } from "effect"
import type { Effect, Stream } from "effect"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import type { AccessDenied } from "../../kernel/http/AccessDenied.ts"
import type {
  SessionExists,
  SessionFileRefused,
  SessionNotFound,
  SessionNotVerifiable,
  SessionRequestInvalid
} from "../../kernel/http/SessionErrors.ts"
import type { ListedSession } from "../../kernel/sessions/SessionModels.ts"
import type { Session, SessionLineage, SessionState } from "../../kernel/sessions/SessionModels.ts"
import type {
  CreateSession,
  EndSession,
  EventList,
  ForkSession,
  SessionEventsQuery,
  SessionFork,
  SessionReplayQuery,
  SessionsQuery,
  SessionVerification
} from "./SessionsModels.ts"

/** Reads of sessions: each is a fold of events. */
export class Sessions extends Context.Service<Sessions, {
  /** In the order they began; one more than the limit, where there are more. */
  list(query: SessionsQuery): Effect.Effect<ReadonlyArray<ListedSession>, SessionNotFound | EventLogUnavailable>
  get(id: string): Effect.Effect<Session, SessionNotFound | EventLogUnavailable>
  events(id: string, query: SessionEventsQuery): Effect.Effect<EventList, SessionNotFound | EventLogUnavailable>
  /** At a position: of the last event up to it. */
  state(
    id: string,
    position: number | undefined
  ): Effect.Effect<SessionState, SessionNotFound | SessionRequestInvalid | EventLogUnavailable>
  lineage(id: string): Effect.Effect<SessionLineage, SessionNotFound | EventLogUnavailable>
}>()("strata/apis/sessions/Sessions") {}

/** Begins and ends sessions by request; requests begin theirs by themselves. */
export class SessionLifecycle extends Context.Service<SessionLifecycle, {
  create(request: CreateSession): Effect.Effect<Session, SessionExists | SessionNotFound | EventLogUnavailable>
  end(id: string, request: EndSession): Effect.Effect<Session, SessionNotFound | AccessDenied | EventLogUnavailable>
}>()("strata/apis/sessions/Sessions/SessionLifecycle") {}

/** Begins sessions as continuations of others. */
export class SessionForking extends Context.Service<SessionForking, {
  fork(
    id: string,
    request: ForkSession
  ): Effect.Effect<SessionFork, SessionNotFound | SessionExists | SessionRequestInvalid | EventLogUnavailable>
}>()("strata/apis/sessions/Sessions/SessionForking") {}

/** Runs recorded sessions again, with the network replaced by the recording. */
export class SessionVerifier extends Context.Service<SessionVerifier, {
  verify(id: string): Effect.Effect<SessionVerification, SessionNotFound | SessionNotVerifiable | EventLogUnavailable>
}>()("strata/apis/sessions/Sessions/SessionVerifier") {}

/** Shows recorded sessions again. */
export class SessionReplay extends Context.Service<SessionReplay, {
  /** Ends after the session's last event, or when the server stops. */
  show(
    id: string,
    query: SessionReplayQuery
  ): Effect.Effect<Stream.Stream<RecordedEvent, EventLogUnavailable>, SessionNotFound | EventLogUnavailable>
}>()("strata/apis/sessions/Sessions/SessionReplay") {}

/** Sessions as portable files: a header line, then an event a line. */
export class SessionFiles extends Context.Service<SessionFiles, {
  /** The lines of a session's file, each with its end. */
  lines(id: string): Effect.Effect<
    Stream.Stream<string, EventLogUnavailable>,
    SessionNotFound | EventLogUnavailable
  >
  /** Adds the session of a file, all of it or nothing; `events` were not in the log before. Doing it again changes nothing. */
  add<E, R>(lines: Stream.Stream<string, E, R>): Effect.Effect<
    { readonly sessionId: string; readonly events: number },
    SessionFileRefused | SessionExists | EventLogUnavailable | E,
    R
  >
}>()("strata/apis/sessions/Sessions/SessionFiles") {}
