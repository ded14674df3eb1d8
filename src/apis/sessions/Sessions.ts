/** The contract of sessions: what belongs to one conversation, run or test of an application. */
import { Context, Schema } from "effect"
import type { Effect } from "effect"
import type { EventLogUnavailable } from "../../events/EventLog.ts"
import type { EventList, Session, SessionEventsQuery, SessionsQuery } from "./SessionsModels.ts"

export class SessionNotFound extends Schema.TaggedError<SessionNotFound>()("SessionNotFound", {
  session_id: Schema.String
}) {
  override get message(): string {
    return `There is no session \`${this.session_id}\`. GET /v1/sessions lists what there is.`
  }
}

export class Sessions extends Context.Service<Sessions, {
  /** In the order they began; one more than the limit, where there are more. */
  list(query: SessionsQuery): Effect.Effect<ReadonlyArray<Session>, SessionNotFound | EventLogUnavailable>
  get(id: string): Effect.Effect<Session, SessionNotFound | EventLogUnavailable>
  events(id: string, query: SessionEventsQuery): Effect.Effect<EventList, SessionNotFound | EventLogUnavailable>
}>()("strata/apis/sessions/Sessions") {}
