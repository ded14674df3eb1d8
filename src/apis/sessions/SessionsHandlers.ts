/** Binds the session endpoints to the service of sessions. */
import { Effect, Schedule, Stream, Struct } from "effect"
import { HttpServerResponse } from "effect/http"
import { parseTypes } from "../../events/log/EventLog.ts"
import { AccessDenied } from "../../kernel/http/AccessDenied.ts"
import { takesSse, toNdjson, toSse } from "../../kernel/http/EventText.ts"
import { toPage } from "../../kernel/http/Pagination.ts"
import { failures } from "../../kernel/http/SessionErrors.ts"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import { Sessions } from "../../kernel/sessions/Sessions.ts"
import { Heartbeat } from "../events/Events.ts"
import { toEventList } from "./SessionsModels.ts"
import { SessionsRoutes } from "./SessionsRoutes.ts"

const bySession = failures.mapErrors()

export const SessionsHandlers = ApiHandlers.make(
  SessionsRoutes,
  Effect.fn(function*(handlers) {
    const sessions = yield* Sessions
    const beats = Stream.as(Stream.fromSchedule(Schedule.spaced(yield* Heartbeat)), ": heartbeat\n\n")
    /** A session that was imported is there, though the rules may hide it from who imported it. */
    const imported = (id: string) =>
      Effect.catchTag(
        sessions.get(id),
        "SessionNotFound",
        () => Effect.fail(new AccessDenied({ action: "read", resource: `session::${id}` }))
      )
    return handlers.handleAll({
      listSessions: ({ query }) =>
        sessions.list({ ...query, limit: query.limit + 1 }).pipe(
          Effect.map((items) => toPage(items, query.limit)),
          failures.mapErrors("after")
        ),
      retrieveSession: ({ params }) => bySession(sessions.get(params.session_id)),
      listSessionEvents: ({ params, query }) =>
        bySession(
          Effect.map(
            sessions.events(params.session_id, {
              ...Struct.pick(query, ["after", "level"]),
              types: parseTypes(query.type),
              limit: query.limit + 1
            }),
            (events) => toEventList(events, query.limit)
          )
        ),
      retrieveSessionState: ({ params, query }) => bySession(sessions.state(params.session_id, query.position)),
      retrieveSessionLineage: ({ params }) => bySession(sessions.lineage(params.session_id)),
      createSession: ({ payload }) => bySession(sessions.create(payload.id)),
      endSession: ({ params, payload: { reason, status = "completed" } }) =>
        bySession(sessions.end(params.session_id, status, reason)),
      forkSession: ({ params, payload }) => bySession(sessions.fork(params.session_id, payload)),
      verifySession: ({ params }) => bySession(sessions.verify(params.session_id)),
      exportSession: ({ params }) =>
        bySession(sessions.export(params.session_id)).pipe(
          Effect.map((lines) =>
            HttpServerResponse.stream(Stream.encodeText(lines), {
              headers: { "content-disposition": `attachment; filename="${params.session_id}.ndjson"` },
              contentType: "application/x-ndjson"
            })
          )
        ),
      importSession: ({ payload }) =>
        bySession(
          Effect.flatMap(sessions.import(Stream.fromIterable(payload.split("\n"))), ({ sessionId }) =>
            imported(sessionId))
        ),
      replaySession: Effect.fnUntraced(function*({ headers, params, query }) {
        const after = headers["last-event-id"] ?? query.after
        const { level, max_pause_ms: maxPause, speed, type } = query
        const events = yield* bySession(
          sessions.replay(params.session_id, { after, level, types: parseTypes(type), speed, maxPause })
        )
        const sse = takesSse(headers.accept)
        const text = Stream.map(events, sse ? toSse : toNdjson)
        // The empty text sends the answer's head: the first event may be long in coming.
        const begun = Stream.concat(
          Stream.succeed(""),
          sse ? Stream.merge(text, beats, { haltStrategy: "left" }) : text
        )
        return HttpServerResponse.stream(Stream.encodeText(begun), {
          headers: { "cache-control": "no-cache", "x-accel-buffering": "no" },
          contentType: sse ? "text/event-stream; charset=utf-8" : "application/x-ndjson"
        })
      })
    })
  })
)
