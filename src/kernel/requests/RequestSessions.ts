/** What a request asks of sessions: to join the one it names, or to open one of its own. */
import { Context } from "effect"
import type { Effect } from "effect"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { EventDraft } from "../../events/types/Envelope.ts"
import type { SessionExists } from "../http/SessionErrors.ts"

export interface OpenedSession {
  readonly sessionId: string
  /** The event that begins the session, still to be published: its id is the first that the session's id counts. */
  readonly started: EventDraft
}

/** What every event of the session says of it. */
export interface JoinedSession {
  readonly parentSessionId: string | null
}

export class RequestSessions extends Context.Service<RequestSessions, {
  /** A new session with an id of its own. */
  readonly open: Effect.Effect<OpenedSession>
  /**
   * Makes sure that the session a client names has begun, and resumes it where it ended or is of an earlier run. Whose
   * it is may join it, and who may update it.
   */
  join(sessionId: string): Effect.Effect<JoinedSession, SessionExists | EventLogUnavailable>
}>()("strata/kernel/requests/RequestSessions") {}
