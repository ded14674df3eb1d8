/** Sessions as the API shows them. */
import { Effect, Schema } from "effect"
import { Envelope } from "../../events/Envelope.ts"
import { Level } from "../../events/Event.ts"
import { Usage } from "../../events/LlmEvents.ts"
import { count, listOf } from "../Pagination.ts"

export const Session = Schema.Struct({
  id: Schema.String.annotate({ description: "What clients send as `x-strata-session-id`." }),
  object: Schema.Literal("session"),
  created_at: Schema.Int.annotate({ description: "Seconds since 1970." }),
  last_active_at: Schema.Int.annotate({ description: "Time of its last event, seconds since 1970." }),
  parent_session_id: Schema.NullOr(Schema.String),
  request_count: Schema.Int,
  error_count: Schema.Int.annotate({ description: "Requests that were answered with an error." }),
  models: Schema.Array(Schema.String).annotate({ description: "`provider_id/model_id` of what was asked." }),
  usage: Usage
}).annotate({ identifier: "Session", description: "The fold of the session's events." })
export type Session = typeof Session.Type

export const SessionList = listOf(Session).annotate({ identifier: "SessionList" })

export const SessionsQuery = Schema.Struct({
  after: Schema.optionalKey(Schema.String).annotate({ description: "The last session of the page before: its id." }),
  limit: count({ default: 20, maximum: 100, description: "Sessions a page." })
})
export type SessionsQuery = typeof SessionsQuery.Type

export const SessionEventsQuery = Schema.Struct({
  after: Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(0))
  ).annotate({ description: "Only events behind this position." }),
  type: Schema.optionalKey(Schema.String).annotate({
    description: "Only these types, separated by commas; one that ends in `*` is a prefix."
  }),
  level: Schema.optionalKey(Level).annotate({ description: "Events up to this level. Default raw: all of them." }),
  limit: count({ default: 100, maximum: 1000, description: "Events a page." })
})
export type SessionEventsQuery = typeof SessionEventsQuery.Type

export const EventList = Schema.Struct({
  object: Schema.Literal("list"),
  data: Schema.Array(Envelope),
  last_position: Schema.NullOr(Schema.Int).annotate({ description: "Send it as `after` for the next page." }),
  has_more: Schema.Boolean
}).annotate({ identifier: "EventList" })
export type EventList = typeof EventList.Type
