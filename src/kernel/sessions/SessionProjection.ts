/** The sessions there are, as a table. */
import * as Projection from "../../events/projections/Projection.ts"
import { sessionOf } from "../../events/types/SessionStream.ts"
import { ownerColumns } from "../access/AccessFilter.ts"
import * as LlmEvents from "../calls/LlmEvents.ts"
import type { OperationDialects } from "../dialects/Dialects.ts"
import * as Dialects from "../dialects/Dialects.ts"
import * as ApiEvents from "../requests/ApiEvents.ts"
import * as SessionEvents from "./SessionEvents.ts"
import { Session } from "./SessionModels.ts"
import * as SessionState from "./SessionState.ts"

/** `dialects`: whose operations are turns. */
export const make = (dialects: OperationDialects) => {
  const evolve = SessionState.evolve(dialects)
  return Projection.make<Session>({
    name: "sessions",
    version: 5,
    description: "Each session: what was asked in it, and what it used.",
    events: [
      SessionEvents.Started,
      SessionEvents.Resumed,
      SessionEvents.Ended,
      SessionEvents.Forked,
      SessionEvents.Imported,
      ApiEvents.Request.base,
      ApiEvents.Response.base,
      ApiEvents.Error.base,
      LlmEvents.Request.base,
      LlmEvents.Response.base
    ],
    streams: (stream) => sessionOf(stream) !== undefined,
    document: Session,
    begins: ({ type, version }) => type === SessionEvents.Started.type && version === 1,
    key: ({ sessionId, stream }) => sessionId === sessionOf(stream) ? sessionId ?? undefined : undefined,
    index: {
      parent: ({ parent_session_id }) => parent_session_id,
      owner: ({ owner }) => ownerColumns.owner(owner),
      owner_attributes: ({ owner }) => ownerColumns.owner_attributes(owner)
    },
    implied: SessionState.implied,
    evolve: (session, event) => {
      if (session !== undefined) return evolve(session, event)
      return event.type === SessionEvents.Started.type ? SessionState.initial(event) : undefined
    }
  })
}

/** The table, for who reads it. */
export const SessionProjection = make(Dialects.none)
