/** Rows of the session table as they are shown: one that is not understood is named, and hides no other. */
import { Effect, Result, Schema } from "effect"
import type { Row } from "../../events/projections/Projection.ts"
import { field } from "../../events/types/JsonAccess.ts"
import { Principal } from "../../events/types/Principal.ts"
import { unknownOwner } from "../access/AccessResource.ts"
import { SessionUnreadable } from "../http/SessionErrors.ts"
import * as FirstIssue from "../issues/FirstIssue.ts"
import { Session } from "./SessionModels.ts"
import type { ListedSession, UnreadableSession } from "./SessionModels.ts"

type SessionRow = Row<Session>

const decode = Schema.decodeUnknownResult(Session)
const isPrincipal = Schema.is(Principal)

/** Whose it is; what can't be read is not everybody's for that. */
export const ownerOf = ({ document }: SessionRow): Principal | null => {
  const owner = field(document, "owner")
  return owner === null ? null : isPrincipal(owner) ? owner : unknownOwner
}

const unreadable = (id: string, error: Schema.SchemaError): UnreadableSession => {
  const { message, path } = FirstIssue.of(error)
  return {
    id,
    object: "session",
    status: "unreadable",
    reason: `${path}: ${message}. strata projections rebuild makes its row anew from the events, ` +
      `and GET /v1/sessions/${id}/events shows them.`
  }
}

const listed = ({ document, key }: SessionRow): ListedSession =>
  Result.match(decode(document), { onSuccess: () => document, onFailure: (error) => unreadable(key, error) })

/** As a list shows it; one that is unreadable is told in the server's log too. */
export const toListed = (row: SessionRow): Effect.Effect<ListedSession> => {
  const session = listed(row)
  return session.status === "unreadable"
    ? Effect.as(Effect.logWarning(`The session ${session.id} is unreadable: ${session.reason}`), session)
    : Effect.succeed(session)
}

/** The session itself, where it can be read. */
export const toSession = (row: SessionRow): Effect.Effect<Session, SessionUnreadable> => {
  const session = listed(row)
  return session.status === "unreadable"
    ? Effect.fail(new SessionUnreadable({ session_id: session.id, position: row.position, reason: session.reason }))
    : Effect.succeed(session)
}
