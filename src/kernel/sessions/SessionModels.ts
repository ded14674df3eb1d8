/** Sessions as they are shown: what their events fold into, and what a fork asks for and gives. */
import { Schema } from "effect"
import { Principal } from "../../events/types/Principal.ts"
import { Usage } from "../messages/Usage.ts"
import { Outcome, Overrides } from "./SessionEvents.ts"
import { SessionId } from "./SessionId.ts"

export const Session = Schema.Struct({
  id: Schema.String.annotate({ description: "What clients send as `x-strata-session-id`." }),
  object: Schema.Literal("session"),
  created_at: Schema.Int.annotate({ description: "Seconds since 1970." }),
  last_active_at: Schema.Int.annotate({ description: "Time of its last event, seconds since 1970." }),
  status: Schema.Literals(["active", "ended"]),
  outcome: Schema.NullOr(Outcome).annotate({ description: "How it ended; null while it is active." }),
  ended_at: Schema.NullOr(Schema.Int).annotate({ description: "Seconds since 1970; null while it is active." }),
  resumed_count: Schema.Int.annotate({ description: "How often it was joined again, after its end or a restart." }),
  owner: Schema.NullOr(Principal).annotate({ description: "Who opened it; null: nobody's." }),
  parent_session_id: Schema.NullOr(Schema.String).annotate({ description: "The session it was forked from." }),
  forked_at_position: Schema.NullOr(Schema.Int).annotate({
    description: "Position of the last event it inherits; null where it is no fork."
  }),
  turn_count: Schema.Int.annotate({ description: "Chat completions that were answered, without inherited ones." }),
  request_count: Schema.Int,
  error_count: Schema.Int.annotate({ description: "Requests that were answered with an error." }),
  models: Schema.Array(Schema.String).annotate({ description: "`provider_id/model_id` of what was asked." }),
  usage: Usage
}).annotate({ identifier: "Session", description: "The fold of the session's events." })
export type Session = typeof Session.Type

/** One that is there, though its row can't be shown. */
export const UnreadableSession = Schema.Struct({
  id: Schema.String,
  object: Schema.Literal("session"),
  status: Schema.Literal("unreadable"),
  reason: Schema.String.annotate({ description: "What of it is not understood, and what to do." })
}).annotate({
  identifier: "UnreadableSession",
  description: "A session whose row in the table is not understood; its events can be read all the same."
})
export type UnreadableSession = typeof UnreadableSession.Type

export const ListedSession = Schema.Union([Session, UnreadableSession])
export type ListedSession = typeof ListedSession.Type

/** A message as it was sent or answered, every field of it. */
const Message = Schema.JsonObject

const turn = {
  turn: Schema.Int.annotate({ description: "1, 2, 3 … with the turns it inherits." }),
  request_id: Schema.String,
  position: Schema.Int.annotate({ description: "Of its last event." }),
  model: Schema.String.annotate({ description: "As the client asked for it." }),
  status: Schema.Literals(["recorded", "not_recorded"]).annotate({
    description: "not_recorded: its raw events are not there, so it has neither messages nor an answer."
  }),
  answer: Schema.NullOr(Message).annotate({
    description: "The assistant's message (the first choice); of a stream, put together from its chunks."
  }),
  finish_reason: Schema.NullOr(Schema.String),
  usage: Schema.NullOr(Usage)
}

/** One turn with all that was sent. */
export const Turn = Schema.Struct({ ...turn, messages: Schema.NullOr(Schema.Array(Message)) })
export type Turn = typeof Turn.Type

export const TurnSummary = Schema.Struct(turn).annotate({
  identifier: "Turn",
  description: "A chat completion that was answered."
})

export const SessionState = Schema.Struct({
  object: Schema.Literal("session.state"),
  session_id: Schema.String,
  position: Schema.Int.annotate({ description: "Of the last event it is folded from." }),
  turns: Schema.Array(TurnSummary),
  messages: Schema.NullOr(Schema.Array(Message)).annotate({
    description: "The conversation so far: the messages of the last turn, its answer, and what a fork changed. " +
      "Null where the last turn was not recorded at raw."
  }),
  models: Schema.Array(Schema.String).annotate({ description: "`provider_id/model_id` of what was asked." }),
  usage: Usage,
  request_count: Schema.Int
}).annotate({
  identifier: "SessionState",
  description: "The fold of what a session inherits and of its own events, up to a position."
})
export type SessionState = typeof SessionState.Type

export const SessionLineage = Schema.Struct({
  object: Schema.Literal("session.lineage"),
  session_id: Schema.String,
  depth: Schema.Int.annotate({ description: "How many ancestors it has." }),
  ancestors: Schema.Array(Schema.Struct({
    session_id: Schema.String,
    left_at_position: Schema.Int.annotate({ description: "Position of the last event that is inherited of it." })
  })).annotate({ description: "The root first." }),
  children: Schema.Array(Schema.Struct({
    session_id: Schema.String,
    parent_session_id: Schema.String,
    forked_at_position: Schema.Int,
    depth: Schema.Int.annotate({ description: "1: forked from this session, 2: from one of its children …" })
  })).annotate({ description: "All that were forked from it, and from those, in the order they began." }),
  has_more: Schema.Boolean.annotate({ description: "True where there are more children than are listed." })
}).annotate({ identifier: "SessionLineage" })
export type SessionLineage = typeof SessionLineage.Type

/** A place in the log at which a session may be looked at. */
export const SessionPosition = Schema.Int.check(Schema.isGreaterThanOrEqualTo(1))

export const ForkSession = Schema.Struct({
  position: Schema.optionalKey(SessionPosition).annotate({
    description: "Inherit the events up to this position. Default, without `turn`: all of them."
  }),
  turn: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThanOrEqualTo(1))).annotate({
    description: "Inherit this turn and those before it. Not together with `position`."
  }),
  session_id: Schema.optionalKey(SessionId.annotate({ description: "Id of the new session. Default: a new one." })),
  ...Overrides
}).annotate({ identifier: "ForkSession" })
export type ForkSession = typeof ForkSession.Type

export const SessionFork = Schema.Struct({
  object: Schema.Literal("session.fork"),
  session: Session,
  turn: Schema.Int.annotate({ description: "Turns it inherits." }),
  open_tool_calls: Schema.Array(Schema.String).annotate({
    description: "Ids of inherited tool calls that have no result yet: give them with `tool_results`, or add messages."
  }),
  next_path: Schema.String.annotate({
    description: "Where `next_request` is to be sent: where the inherited conversation was held.",
    examples: ["/v1/chat/completions", "/v1/messages"]
  }),
  next_request: Schema.NullOr(Schema.JsonObject).annotate({
    description: "The body to send to `next_path`, with `x-strata-session-id` set to the new session: the " +
      "parameters of the inherited turn's request, the conversation so far, what was changed. Null where nothing is " +
      "inherited that could be sent."
  })
}).annotate({ identifier: "SessionFork" })
export type SessionFork = typeof SessionFork.Type
