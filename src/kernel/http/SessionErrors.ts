/** Why what was asked of a session is not done. */
import { Schema } from "effect"

export class SessionNotFound extends Schema.TaggedError<SessionNotFound>()("SessionNotFound", {
  session_id: Schema.String
}) {
  override get message(): string {
    return `There is no session \`${this.session_id}\`. GET /v1/sessions and strata sessions list show what there is.`
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
