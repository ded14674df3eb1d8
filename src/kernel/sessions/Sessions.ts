/** Sessions, for whoever asks over HTTP or in the process: each operation as the principal of the moment may use it. */
import { Context, Effect, Layer } from "effect"
import type { Stream } from "effect"
import { EventHub } from "../../events/log/EventHub.ts"
import type { EventLogUnavailable, Filter } from "../../events/log/EventLog.ts"
import { ProjectionTables } from "../../events/log/ProjectionTables.ts"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import { AccessControl } from "../access/AccessControl.ts"
import { Contributions } from "../contributions/Contributions.ts"
import type { OperationDialects } from "../dialects/Dialects.ts"
import type { AccessDenied } from "../http/AccessDenied.ts"
import type {
  SessionExists,
  SessionFileRefused,
  SessionNotFound,
  SessionNotVerifiable,
  SessionRequestInvalid,
  SessionUnreadable
} from "../http/SessionErrors.ts"
import { RequestSessions } from "../requests/RequestSessions.ts"
import { Stopping } from "../requests/Stopping.ts"
import { CurrentResourceKinds } from "../resources/ResourceKinds.ts"
import type { Catalog } from "./ImportedEvent.ts"
import * as LineageState from "./LineageState.ts"
import type { Outcome } from "./SessionEvents.ts"
import * as SessionExport from "./SessionExport.ts"
import * as SessionFiles from "./SessionFiles.ts"
import * as SessionForking from "./SessionForking.ts"
import * as SessionGuard from "./SessionGuard.ts"
import type { ForkSession, ListedSession, Session, SessionFork, SessionLineage, SessionState } from "./SessionModels.ts"
import * as SessionOpening from "./SessionOpening.ts"
import * as SessionReads from "./SessionReads.ts"
import * as SessionReplay from "./SessionReplay.ts"
import * as SessionRow from "./SessionRow.ts"
import type { SessionVerification } from "./SessionVerification.ts"
import { SessionVerifier } from "./SessionVerifier.ts"

interface Page {
  readonly limit: number
}

type EventsOf<E> = Effect.Effect<Stream.Stream<E, EventLogUnavailable>, SessionNotFound | EventLogUnavailable>

export class Sessions extends Context.Service<
  Sessions,
  RequestSessions["Service"] & {
    /** Begins a session before its first request. Default id: a new one. */
    create(id: string | undefined): Effect.Effect<Session, SessionExists | SessionUnreadable | EventLogUnavailable>
    /** Ends a session; one that has ended stays as it is. */
    end(
      id: string,
      status: Outcome,
      reason: string | undefined
    ): Effect.Effect<Session, SessionNotFound | SessionUnreadable | AccessDenied | EventLogUnavailable>
    /** In the order they began, from behind the session `after`. */
    list(
      page: Page & { readonly after?: string | undefined }
    ): Effect.Effect<ReadonlyArray<ListedSession>, SessionNotFound | EventLogUnavailable>
    get(id: string): Effect.Effect<Session, SessionNotFound | SessionUnreadable | EventLogUnavailable>
    /** Events of its own stream, from behind the position `after`. */
    events(
      id: string,
      page: Page & Pick<Filter, "level" | "types"> & { readonly after: number }
    ): Effect.Effect<ReadonlyArray<RecordedEvent>, SessionNotFound | EventLogUnavailable>
    /** What it has come to, at a position: of the last event up to it. */
    state(
      id: string,
      position: number | undefined
    ): Effect.Effect<SessionState, SessionNotFound | SessionRequestInvalid | EventLogUnavailable>
    lineage(id: string): Effect.Effect<SessionLineage, SessionNotFound | EventLogUnavailable>
    /** Begins a session that continues another. */
    fork(
      id: string,
      request: ForkSession
    ): Effect.Effect<
      SessionFork,
      SessionNotFound | SessionUnreadable | SessionExists | SessionRequestInvalid | EventLogUnavailable
    >
    /** Its events with the pauses they had. Ends after the last one, or when the server stops. */
    replay(id: string, options: SessionReplay.Options): EventsOf<RecordedEvent>
    /** The lines of its file, each with its end: a header, then an event a line. */
    export(id: string): EventsOf<string>
    /** Adds the session of a file, all of it or nothing; `events` were not in the log before. Again, it changes nothing. */
    import<E, R>(lines: Stream.Stream<string, E, R>): Effect.Effect<
      { readonly sessionId: string; readonly events: number },
      SessionFileRefused | SessionExists | EventLogUnavailable | E,
      R
    >
    /** Runs its requests again, with the network replaced by the recording. */
    verify(id: string): Effect.Effect<SessionVerification, SessionNotFound | SessionNotVerifiable | EventLogUnavailable>
  }
>()("strata/kernel/sessions/Sessions") {
  static readonly layer = (modules: Modules) =>
    Layer.effectContext(
      Effect.map(
        make(modules),
        (sessions) => Context.make(Sessions, sessions).pipe(Context.add(RequestSessions, sessions))
      )
    )
}

/** What the API modules bring to sessions. */
interface Modules {
  /** The events that session files may bring in. */
  readonly catalog: Catalog
  /** What speaks in the operations whose requests are turns. */
  readonly dialects: OperationDialects
}

const make = Effect.fn("Sessions.make")(function*({ catalog, dialects }: Modules) {
  const hub = yield* EventHub
  const tables = yield* ProjectionTables
  const stopping = yield* Stopping
  const verifier = yield* SessionVerifier
  const guard = yield* SessionGuard.make
  const opening = yield* SessionOpening.make(hub, guard)
  const access = yield* AccessControl
  const kinds = yield* CurrentResourceKinds
  // There are none where there is no server.
  const check = SessionFiles.checker(catalog, kinds, yield* Effect.serviceOption(Contributions))

  /** One that was begun or changed here just now. */
  const session = (id: string) => Effect.flatMap(guard.row(id), SessionRow.toSession)
  const readable = <A, E>(id: string, effect: Effect.Effect<A, E>) => Effect.andThen(guard.read(id), effect)

  return Sessions.of({
    open: opening.open,
    join: opening.join,
    create: (named) =>
      Effect.flatMap(opening.create(named), (id) => Effect.catchTag(session(id), "SessionNotFound", Effect.die)),
    end: (id, status, reason) =>
      guard.update(id).pipe(Effect.andThen(opening.end(id, status, reason)), Effect.andThen(session(id))),
    list: (page) => SessionReads.list(tables, guard, page),
    get: (id) => Effect.flatMap(guard.read(id), SessionRow.toSession),
    events: (id, page) =>
      readable(id, Effect.flatMap(CurrentTenant, (tenant) => hub.read({ ...page, tenant, sessionId: id }))),
    state: (id, position) =>
      readable(id, Effect.map(LineageState.load(hub, dialects, id, position), ({ state }) => state)),
    lineage: (id) => readable(id, SessionReads.lineage(hub, tables, guard, id)),
    fork: (id, request) => readable(id, SessionForking.fork({ hub, dialects, session }, id, request)),
    replay: (id, options) =>
      readable(
        id,
        Effect.map(CurrentTenant, (tenant) => SessionReplay.events(hub, stopping, { tenant, sessionId: id }, options))
      ),
    export: (id) =>
      readable(
        id,
        SessionExport.lines(hub, id).pipe(
          Effect.provideService(AccessControl, access),
          Effect.provideService(CurrentResourceKinds, kinds)
        )
      ),
    import: (lines) => SessionFiles.add(hub, check, guard, lines),
    verify: (id) => readable(id, verifier.verify(id))
  })
})
