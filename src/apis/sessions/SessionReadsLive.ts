/** Sessions, read from their table and from the log. */
import { Effect, Layer } from "effect"
import { EventHub } from "../../events/log/EventHub.ts"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import { parseTypes } from "../../events/log/EventLog.ts"
import { ProjectionTables } from "../../events/log/ProjectionTables.ts"
import type { Row } from "../../events/projections/Projection.ts"
import { toWire } from "../../events/types/Envelope.ts"
import { SessionNotFound } from "../../kernel/http/SessionErrors.ts"
import { Modules } from "../../kernel/modules/ModuleSet.ts"
import * as LineageState from "../../kernel/sessions/LineageState.ts"
import * as SessionLineage from "../../kernel/sessions/SessionLineage.ts"
import type { Session } from "../../kernel/sessions/SessionModels.ts"
import { SessionProjection } from "../../kernel/sessions/SessionProjection.ts"
import * as SessionRow from "../../kernel/sessions/SessionRow.ts"
import { Sessions } from "./Sessions.ts"

export const layer = Layer.effect(
  Sessions,
  Effect.gen(function*() {
    const hub = yield* EventHub
    const { dialects } = yield* Modules

    const tables = yield* ProjectionTables

    const row = Effect.fnUntraced(function*(
      id: string
    ): Effect.fn.Return<Row<Session>, SessionNotFound | EventLogUnavailable> {
      return (yield* tables.get(SessionProjection, id)) ?? (yield* new SessionNotFound({ session_id: id }))
    })

    return Sessions.of({
      list: Effect.fnUntraced(function*({ after, limit }) {
        const position = after === undefined ? 0 : (yield* row(after)).position
        const page = yield* tables.list(SessionProjection, { after: position, limit: limit + 1 })
        return yield* Effect.forEach(page, SessionRow.toListed)
      }),
      get: (id) => Effect.flatMap(row(id), SessionRow.toSession),
      state: (id, position) => Effect.map(LineageState.load(hub, dialects, id, position), ({ state }) => state),
      lineage: Effect.fnUntraced(function*(id) {
        const links = yield* SessionLineage.load(hub, id)
        const ancestors = links.slice(0, -1).map(({ sessionId, upTo }) => ({
          session_id: sessionId,
          left_at_position: upTo
        }))
        return {
          object: "session.lineage" as const,
          session_id: id,
          depth: ancestors.length,
          ancestors,
          ...yield* SessionLineage.children(tables, id)
        }
      }),
      events: Effect.fnUntraced(function*(id, { after, level, limit, type }) {
        yield* row(id)
        const read = yield* hub.read({ sessionId: id, after, limit: limit + 1, level, types: parseTypes(type) })
        const data = read.slice(0, limit).map(toWire)
        return {
          object: "list" as const,
          data,
          last_position: data.at(-1)?.position ?? null,
          has_more: read.length > limit
        }
      })
    })
  })
)
