/** Until src/kernel/Projections.ts is there. */
import { Schema } from "effect"
import * as Projection from "../../src/events/Projection.ts"
import * as EventCatalog from "../../src/kernel/EventCatalog.ts"
import { Session } from "../../src/apis/sessions/SessionsModels.ts"
import * as SessionState from "../../src/kernel/sessions/SessionState.ts"

void Schema
export const projections = [Projection.make({
  name: "sessions",
  version: 1,
  description: "sessions",
  events: SessionState.types.flatMap((type) => EventCatalog.find(type) ?? []),
  document: Session,
  key: ({ sessionId }) => sessionId ?? undefined,
  index: { parent: (s: any) => s.parent_session_id },
  evolve: (session: any, event) => {
    if (session !== undefined) return SessionState.evolve(session, event)
    return event.type === "session:start" ? SessionState.initial(event) : undefined
  }
}) as Projection.AnyProjection]
