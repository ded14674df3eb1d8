/** What a verification of a session comes to. */
import { Schema } from "effect"

/** Where several apply, the worst: from the worst to the best. */
export const statuses = ["diverged", "around_the_client", "not_verifiable", "identical"] as const
export type Status = typeof statuses[number]

/**
 * `fetch`: Node's own or undici's; `http`: node:http and node:https; `process`: a child process; `worker`: a thread, in
 * which nothing is recorded.
 */
export const means = ["fetch", "undici", "http", "http2", "socket", "datagram", "process", "worker"] as const
export type Means = typeof means[number]

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
