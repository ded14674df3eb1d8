/** Sessions, read from the log. */
import { Effect, Layer } from "effect"
import { SessionNotFound, Sessions } from "../../apis/sessions/Sessions.ts"
import type { Session } from "../../apis/sessions/SessionsModels.ts"
import { toWire } from "../../events/Envelope.ts"
import type { RecordedEvent } from "../../events/Envelope.ts"
import { EventHub } from "../../events/EventHub.ts"
import type { EventLogUnavailable } from "../../events/EventLog.ts"
import { parseTypes } from "../../events/EventLog.ts"
import { readAll } from "../../events/ReadAll.ts"
import { Started, streamOf } from "../../events/SessionEvents.ts"
import * as LineageState from "./LineageState.ts"
import * as SessionLineage from "./SessionLineage.ts"
import * as SessionState from "./SessionState.ts"

export const layer = Layer.effect(
  Sessions,
  Effect.gen(function*() {
    const hub = yield* EventHub

    const started = Effect.fnUntraced(function*(
      id: string
    ): Effect.fn.Return<RecordedEvent, SessionNotFound | EventLogUnavailable> {
      const [event] = yield* hub.read({ stream: streamOf(id), types: [Started.type], after: 0, limit: 1 })
      return event ?? (yield* new SessionNotFound({ session_id: id }))
    })

    const fold = (event: RecordedEvent): Effect.Effect<Session, EventLogUnavailable> =>
      Effect.map(
        readAll(hub, { sessionId: event.sessionId ?? "", types: SessionState.types }),
        (events) => events.reduce(SessionState.evolve, SessionState.initial(event))
      )

    return Sessions.of({
      list: Effect.fnUntraced(function*({ after, limit }) {
        const position = after === undefined ? 0 : (yield* started(after)).position
        const page = yield* hub.read({ types: [Started.type], after: position, limit: limit + 1 })
        return yield* Effect.forEach(page, fold)
      }),
      get: (id) => Effect.flatMap(started(id), fold),
      state: (id, position) => Effect.map(LineageState.load(hub, id, position), ({ state }) => state),
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
          ...yield* SessionLineage.children(hub, id)
        }
      }),
      events: Effect.fnUntraced(function*(id, { after, level, limit, type }) {
        yield* started(id)
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
