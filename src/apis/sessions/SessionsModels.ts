/** Sessions as the API shows them. */
import { Effect, Schema, Struct } from "effect"
import { Envelope } from "../../events/types/Envelope.ts"
import { Level } from "../../events/types/Event.ts"
import { count, listOf } from "../../kernel/http/Pagination.ts"
import { means } from "../../kernel/replay/NetworkPeer.ts"
import { statuses } from "../../kernel/replay/Outcome.ts"
import { Outcome, Overrides } from "../../kernel/sessions/SessionEvents.ts"
import { ListedSession, Session } from "../../kernel/sessions/SessionModels.ts"

export const SessionList = listOf(ListedSession).annotate({ identifier: "SessionList" })

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

const between = (minimum: number, maximum: number, standard: number, description: string) =>
  Schema.Finite.check(Schema.isBetween({ minimum, maximum })).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(standard))
  ).annotate({ description: `${description} Default ${standard}.` })

export const SessionReplayQuery = Schema.Struct({
  speed: between(0, 1_000_000, 1, "The pauses the events had are divided by this; 0: none."),
  max_pause_ms: between(0, 3_600_000, 5000, "Longer pauses count as this long, milliseconds."),
  ...Struct.pick(SessionEventsQuery.fields, ["after", "type", "level"])
})
export type SessionReplayQuery = typeof SessionReplayQuery.Type

export const EventList = Schema.Struct({
  object: Schema.Literal("list"),
  data: Schema.Array(Envelope),
  last_position: Schema.NullOr(Schema.Int).annotate({ description: "Send it as `after` for the next page." }),
  has_more: Schema.Boolean
}).annotate({ identifier: "EventList" })
export type EventList = typeof EventList.Type

const id = Schema.String.check(
  Schema.isPattern(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/, {
    expected: "1 to 128 letters, digits, dots, colons, dashes or underscores"
  })
)

const position = Schema.Int.check(Schema.isGreaterThanOrEqualTo(1))

export const CreateSession = Schema.Struct({
  id: Schema.optionalKey(id.annotate({ description: "The session's id. Default: a new one." }))
}).annotate({ identifier: "CreateSession" })
export type CreateSession = typeof CreateSession.Type

export const EndSession = Schema.Struct({
  status: Schema.optionalKey(Outcome).annotate({ description: "How it ended. Default completed." }),
  reason: Schema.optionalKey(Schema.String).annotate({ description: "Why, for people." })
}).annotate({ identifier: "EndSession" })
export type EndSession = typeof EndSession.Type

export const SessionStateQuery = Schema.Struct({
  position: Schema.optionalKey(position).annotate({
    description: "The state as it was there: after the last event up to this position. Default: now."
  })
})
export type SessionStateQuery = typeof SessionStateQuery.Type

export const ForkSession = Schema.Struct({
  position: Schema.optionalKey(position).annotate({
    description: "Inherit the events up to this position. Default, without `turn`: all of them."
  }),
  turn: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThanOrEqualTo(1))).annotate({
    description: "Inherit this turn and those before it. Not together with `position`."
  }),
  session_id: Schema.optionalKey(id.annotate({ description: "Id of the new session. Default: a new one." })),
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
  next_request: Schema.NullOr(Schema.JsonObject).annotate({
    description: "The body to send to `/v1/chat/completions`, with `x-strata-session-id` set to the new session: the " +
      "parameters of the inherited turn's request, the conversation so far, what was changed. Null where nothing is " +
      "inherited that could be sent."
  })
}).annotate({ identifier: "SessionFork" })
export type SessionFork = typeof SessionFork.Type

const Divergence = Schema.Struct({
  request_id: Schema.String,
  position: Schema.NullOr(Schema.Int).annotate({ description: "Null: the recording does not have this event." }),
  type: Schema.String,
  path: Schema.String.annotate({ description: "Into the event's payload; empty: the event itself." }),
  expected: Schema.String.annotate({ description: "As recorded: JSON, of a long text the part that differs." }),
  found: Schema.String.annotate({ description: "What the same code does now." }),
  differs_from: Schema.NullOr(Schema.Int).annotate({
    description: "The first character that differs, from 0, where only a part is shown."
  }),
  altered: Schema.Boolean.annotate({
    description: "True: the recorded event does not fit its own digest, so it was altered after it was written."
  })
}).annotate({ identifier: "Divergence" })

const AroundTheClient = Schema.Struct({
  provider: Schema.String.annotate({ description: "The provider's id." }),
  peer: Schema.String.annotate({
    description: "Whom it reached: the origin of a URL, host and port, or the command of a child process."
  }),
  via: Schema.Literals(means)
}).annotate({ identifier: "AroundTheClient" })

export const SessionVerification = Schema.Struct({
  object: Schema.Literal("session.verification"),
  session_id: Schema.String,
  status: Schema.Literals(statuses).annotate({
    description: "Where several apply, the first of: `diverged`; `around_the_client`, a provider reached something " +
      "other than through the recorded client; `not_verifiable`, nothing could be run again; `identical`."
  }),
  reason: Schema.NullOr(Schema.String).annotate({ description: "Why nothing could be run again." }),
  requests: Schema.Int.annotate({ description: "Requests of the session, the skipped ones included." }),
  skipped: Schema.Array(Schema.Struct({ request_id: Schema.String, reason: Schema.String })),
  divergence: Schema.NullOr(Divergence).annotate({ description: "The first one." }),
  around_the_client: Schema.Array(AroundTheClient).annotate({
    description: "What providers reached around the recorded client: what they answer may depend on it."
  })
}).annotate({
  identifier: "SessionVerification",
  description: "Whether the session's requests lead to the same events when they run again."
})
export type SessionVerification = typeof SessionVerification.Type
