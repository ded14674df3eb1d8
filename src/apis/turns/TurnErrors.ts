/** How what is asked of turns fails, and what each failure is to a client. */
import { Schema } from "effect"
import { accessDenied, eventLogUnavailable } from "../../kernel/http/CommonFailures.ts"
import * as FailureMap from "../../kernel/http/FailureMap.ts"
import { BadRequest, Conflict, envelope, NotFound } from "../../kernel/http/HttpErrors.ts"
import type { SessionExists, SessionNotFound } from "../../kernel/http/SessionErrors.ts"
import { failures as sessionFailures, sessionBusy, sessionExists } from "../../kernel/http/SessionErrors.ts"

export class TurnNotFound extends Schema.TaggedError<TurnNotFound>()("TurnNotFound", {
  session_id: Schema.String,
  turn_id: Schema.String
}) {
  override get message(): string {
    return `The session ${this.session_id} has no turn \`${this.turn_id}\`. ` +
      `GET /v1/sessions/${this.session_id}/turns lists those it has.`
  }
}

export class ApprovalNotFound extends Schema.TaggedError<ApprovalNotFound>()("ApprovalNotFound", {
  turn_id: Schema.String,
  approval_id: Schema.String,
  pending: Schema.Array(Schema.String)
}) {
  override get message(): string {
    const { approval_id, pending, turn_id } = this
    const hint = pending.length === 0 ? "none waits for an answer" : `these wait for an answer: ${pending.join(", ")}`
    return `The turn ${turn_id} has no approval \`${approval_id}\`; ${hint}.`
  }
}

/** It can't be done while the turn, or the approval, is in this state; the message says what to do. */
export class TurnConflict extends Schema.TaggedError<TurnConflict>()("TurnConflict", {
  code: Schema.Literals(["turn_in_progress", "turn_requires_approval", "approval_answered", sessionBusy]),
  message: Schema.String
}) {}

/** What is asked does not fit: names the field. */
export class TurnInvalid extends Schema.TaggedError<TurnInvalid>()("TurnInvalid", {
  param: Schema.String,
  code: Schema.NullOr(Schema.String),
  message: Schema.String
}) {}

export const failures = FailureMap.make({
  TurnNotFound: ({ message }: TurnNotFound) =>
    new NotFound(envelope(message, { param: "turn_id", code: "turn_not_found" })),
  ApprovalNotFound: ({ message }: ApprovalNotFound) =>
    new NotFound(envelope(message, { param: "approval_id", code: "approval_not_found" })),
  TurnConflict: ({ code, message }: TurnConflict) => new Conflict(envelope(message, { code })),
  TurnInvalid: ({ code, message, param }: TurnInvalid) => new BadRequest(envelope(message, { param, code })),
  SessionNotFound: (error: SessionNotFound) => sessionFailures.toHttpError(error, "session_id"),
  SessionExists: (error: SessionExists) => sessionExists(error),
  AccessDenied: accessDenied,
  EventLogUnavailable: eventLogUnavailable
})
