/** Sessions as the API shows them. */
import { Effect, Schema, Struct } from "effect"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { Envelope, toWire } from "../../events/types/Envelope.ts"
import { Level } from "../../events/types/Event.ts"
import { count, listOf } from "../../kernel/http/Pagination.ts"
import { Outcome } from "../../kernel/sessions/SessionEvents.ts"
import { SessionId } from "../../kernel/sessions/SessionId.ts"
import { ListedSession, SessionPosition } from "../../kernel/sessions/SessionModels.ts"

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

/** A page of what was read with one event more than the limit. */
export const toEventList = (events: ReadonlyArray<RecordedEvent>, limit: number): EventList => {
  const data = events.slice(0, limit).map(toWire)
  return { object: "list", data, last_position: data.at(-1)?.position ?? null, has_more: events.length > limit }
}

export const CreateSession = Schema.Struct({
  id: Schema.optionalKey(SessionId.annotate({ description: "The session's id. Default: a new one." }))
}).annotate({ identifier: "CreateSession" })
export type CreateSession = typeof CreateSession.Type

export const EndSession = Schema.Struct({
  status: Schema.optionalKey(Outcome).annotate({ description: "How it ended. Default completed." }),
  reason: Schema.optionalKey(Schema.String).annotate({ description: "Why, for people." })
}).annotate({ identifier: "EndSession" })
export type EndSession = typeof EndSession.Type

export const SessionStateQuery = Schema.Struct({
  position: Schema.optionalKey(SessionPosition).annotate({
    description: "The state as it was there: after the last event up to this position. Default: now."
  })
})
export type SessionStateQuery = typeof SessionStateQuery.Type
