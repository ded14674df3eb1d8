/** Events of a session: what belongs to one conversation, run or test of an application. */
import { Schema } from "effect"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { payloadOf } from "../../events/types/Envelope.ts"
import * as Event from "../../events/types/Event.ts"
import { field } from "../../events/types/JsonAccess.ts"
import { Principal } from "../../events/types/Principal.ts"

const session_id = Schema.String.annotate({ description: "The id clients send as `x-strata-session-id`." })

export const Started = Event.define("session:start", {
  durability: "state",
  description: "A session began, with the first request that named it or that came without one.",
  payload: Schema.Struct({
    session_id,
    opened_by: Schema.Literals(["client", "server", "fork", "import"]).annotate({
      description: "client: the request named the id; server: the request named none and got a new one; " +
        "fork: it was forked off another; import: it came from a file that did not say how it began."
    }),
    owner: Schema.optionalKey(Principal).annotate({
      description: "Who opened it, as authentication found out then. Absent: it is nobody's."
    })
  })
})

const isPrincipal = Schema.is(Principal)

/** Whose session it is, from the event that began it; null: nobody's. */
export const ownerOf = (started: RecordedEvent): Principal | null => {
  const owner = field(payloadOf(started), "owner")
  return isPrincipal(owner) ? owner : null
}

/** What a session that begins now says of its owner. */
export const owned = (principal: Principal | null) => principal === null ? {} : { owner: principal }

export const Resumed = Event.define("session:resume", {
  durability: "state",
  description:
    "A request joined a session that was ended, or that an earlier run of the server began; told once a run.",
  payload: Schema.Struct({ session_id })
})

export const Outcome = Schema.Literals(["completed", "failed", "cancelled"]).annotate({
  description: "How it ended, as its application says."
})
export type Outcome = typeof Outcome.Type

export const Ended = Event.define("session:end", {
  durability: "state",
  description: "The application is done with the session; a request that names it resumes it.",
  payload: Schema.Struct({ session_id, status: Outcome, reason: Schema.optionalKey(Schema.String) })
})

/** What a fork changes of the conversation it inherits. */
export const Overrides = {
  model: Schema.optionalKey(Schema.String).annotate({ description: "The model of the next request." }),
  provider: Schema.optionalKey(Schema.String).annotate({
    description: "The provider instance of the next request, whose model becomes `provider/model`."
  }),
  messages: Schema.optionalKey(Schema.Array(Schema.JsonObject)).annotate({
    description: "Replaces the messages of the conversation."
  }),
  tool_results: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)).annotate({
    description: "The content of tool messages by `tool_call_id`: replaces inherited ones, and answers open calls."
  })
}

const Changes = Schema.Struct(Overrides)
/** What a fork changes of what it inherits. */
export type ForkChanges = typeof Changes.Type

export const Forked = Event.define("session:fork", {
  durability: "state",
  description: "A session began as the continuation of another, from a position of it; nothing was copied.",
  payload: Schema.Struct({
    session_id,
    parent_session_id: Schema.String,
    position: Schema.Int.annotate({ description: "Of the last event it inherits, in the log it was forked in." }),
    turn: Schema.Int.annotate({ description: "Turns it inherits." }),
    ...Overrides
  })
})

export type Fork = typeof Forked.payload.Type

/** A registration in force where a session was recorded: an event of models or providers. */
export const Registration = Schema.Struct({
  after_event_id: Schema.NullOr(Schema.String).annotate({
    description: "The session's event it came into force behind; null: it was in force when the session began."
  }),
  type: Schema.String,
  payload: Schema.Json
}).annotate({ identifier: "Registration" })
export type Registration = typeof Registration.Type

export const Imported = Event.define("session:import", {
  durability: "state",
  description: "The events before it came from a file; it tells what they were recorded against.",
  payload: Schema.Struct({
    session_id,
    events: Schema.Int.annotate({ description: "How many events came from the file." }),
    strata_version: Schema.NullOr(Schema.String).annotate({ description: "Of the Strata that wrote the file." }),
    exported_at: Schema.NullOr(Schema.String),
    forked_at_position: Schema.NullOr(Schema.Int).annotate({
      description: "In this log: of the last event it inherits from its parent. Null: it is no fork."
    }),
    registrations: Schema.NullOr(Schema.Array(Registration)).annotate({
      description: "Models and providers it was recorded against. Null: the file did not say."
    })
  })
})

/** The events that say what a session is, and in which state. */
export const lifecycleTypes = [Started.type, Resumed.type, Ended.type, Forked.type, Imported.type]
