/** How what is asked of sessions fails, and what each failure is to a client. */
import { Schema } from "effect"
import { accessDenied, eventLogUnavailable } from "./CommonFailures.ts"
import * as FailureMap from "./FailureMap.ts"
import { BadRequest, Conflict, envelope, NotFound, ServiceUnavailable } from "./HttpErrors.ts"

export class SessionNotFound extends Schema.TaggedError<SessionNotFound>()("SessionNotFound", {
  session_id: Schema.String
}) {
  override get message(): string {
    return `There is no session \`${this.session_id}\`. GET /v1/sessions and strata sessions list show what there is.`
  }
}

/** The session is there, and its row in the table is not understood. */
export class SessionUnreadable extends Schema.TaggedError<SessionUnreadable>()("SessionUnreadable", {
  session_id: Schema.String,
  /** Of the event that the row was made for. */
  position: Schema.Int,
  reason: Schema.String
}) {
  override get message(): string {
    return `The session \`${this.session_id}\`, which begins with the event at position ${this.position}, can't be ` +
      `shown: ${this.reason}`
  }
}

/** Says the same whether it is somebody else's, one's own, or one that may not be used: an id tells nothing. */
export class SessionExists extends Schema.TaggedError<SessionExists>()("SessionExists", {
  session_id: Schema.String
}) {
  override get message(): string {
    return `The session id \`${this.session_id}\` can't be used: it is taken, or not yours to use. ` +
      "Choose another; where none is named, Strata makes one."
  }
}

/** What was asked does not fit the session: names the field. */
export class SessionRequestInvalid extends Schema.TaggedError<SessionRequestInvalid>()("SessionRequestInvalid", {
  param: Schema.String,
  message: Schema.String
}) {}

/** A session could not be run again; the message says why. */
export class SessionNotVerifiable extends Schema.TaggedError<SessionNotVerifiable>()("SessionNotVerifiable", {
  reason: Schema.Literals(["unfit", "timeout"]),
  message: Schema.String
}) {}

/** A session file was not taken; the message says why, and where. */
export class SessionFileRefused extends Schema.TaggedError<SessionFileRefused>()("SessionFileRefused", {
  /** The field concerned; null: the file as a whole. */
  param: Schema.NullOr(Schema.String),
  message: Schema.String
}) {}

/** The code of a refusal: others write to the session without a pause. */
export const sessionBusy = "session_busy"

/** The one answer to whoever names a session id that can't be used, whatever was asked and why. */
export const sessionExists = ({ message }: SessionExists) =>
  new Conflict(envelope(message, { param: "session_id", code: "session_exists" }))

export const failures = FailureMap.make({
  SessionNotFound: ({ message }: SessionNotFound, param = "session_id") =>
    new NotFound(envelope(message, { param, code: "session_not_found" })),
  SessionUnreadable: ({ message }: SessionUnreadable, param = "session_id") =>
    new Conflict(envelope(message, { param, code: "session_unreadable" })),
  SessionExists: sessionExists,
  SessionRequestInvalid: ({ message, param }: SessionRequestInvalid) => new BadRequest(envelope(message, { param })),
  SessionNotVerifiable: ({ message, reason }: SessionNotVerifiable, param = "session_id") =>
    reason === "timeout"
      ? new ServiceUnavailable(envelope(message, { type: "server_error", code: "verification_timeout" }))
      : new Conflict(envelope(message, { param, code: "session_not_verifiable" })),
  SessionFileRefused: ({ message, param }: SessionFileRefused) =>
    new BadRequest(envelope(message, { param, code: "invalid_session_file" })),
  AccessDenied: accessDenied,
  EventLogUnavailable: eventLogUnavailable
})
