/** Why what was asked of a session is not done. */
import { Schema } from "effect"

export class SessionNotFound extends Schema.TaggedError<SessionNotFound>()("SessionNotFound", {
  session_id: Schema.String
}) {
  override get message(): string {
    return `There is no session \`${this.session_id}\`. GET /v1/sessions and strata sessions list show what there is.`
  }
}

export class SessionExists extends Schema.TaggedError<SessionExists>()("SessionExists", {
  session_id: Schema.String
}) {
  override get message(): string {
    return `There is a session \`${this.session_id}\` already. Choose another id, or leave it out.`
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
  reason: Schema.Literals(["invalid", "conflict"]),
  message: Schema.String
}) {}
