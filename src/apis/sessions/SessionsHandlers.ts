/** Binds the session endpoints to their services. */
import { Effect, Schedule, Stream } from "effect"
import { HttpServerResponse } from "effect/http"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import { AccessDenied } from "../../kernel/http/AccessDenied.ts"
import { accessDenied, eventLogUnavailable } from "../../kernel/http/CommonFailures.ts"
import { takesSse, toNdjson, toSse } from "../../kernel/http/EventText.ts"
import type { AnswerOf } from "../../kernel/http/FailureAnswers.ts"
import { toAnswer } from "../../kernel/http/FailureAnswers.ts"
import { BadRequest, Conflict, envelope, NotFound, ServiceUnavailable } from "../../kernel/http/HttpErrors.ts"
import { toPage } from "../../kernel/http/Pagination.ts"
import type {
  SessionExists,
  SessionFileRefused,
  SessionNotFound,
  SessionNotVerifiable,
  SessionRequestInvalid
} from "../../kernel/http/SessionErrors.ts"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import { Heartbeat } from "../events/Events.ts"
import { sessionExists } from "./SessionExistsAnswer.ts"
import { SessionFiles, SessionForking, SessionLifecycle, SessionReplay, Sessions, SessionVerifier } from "./Sessions.ts"
import { SessionsRoutes } from "./SessionsRoutes.ts"

type Failure =
  | SessionNotFound
  | SessionExists
  | SessionRequestInvalid
  | SessionNotVerifiable
  | SessionFileRefused
  | AccessDenied
  | EventLogUnavailable

/** What each failure is to a client; `param` names what said which session. */
const mapped = (param: string) => {
  const errors = {
    SessionNotFound: ({ message }: SessionNotFound) =>
      new NotFound(envelope(message, { param, code: "session_not_found" })),
    SessionExists: sessionExists,
    SessionRequestInvalid: ({ message, param }: SessionRequestInvalid) => new BadRequest(envelope(message, { param })),
    SessionNotVerifiable: ({ message, reason }: SessionNotVerifiable) =>
      reason === "timeout"
        ? new ServiceUnavailable(envelope(message, { type: "server_error", code: "verification_timeout" }))
        : new Conflict(envelope(message, { param, code: "session_not_verifiable" })),
    SessionFileRefused: ({ message, param }: SessionFileRefused) =>
      new BadRequest(envelope(message, { param, code: "invalid_session_file" })),
    AccessDenied: accessDenied,
    EventLogUnavailable: eventLogUnavailable
  }
  return <A, E extends Failure>(effect: Effect.Effect<A, E>): Effect.Effect<A, AnswerOf<typeof errors, E>> =>
    Effect.mapError(effect, (error) => toAnswer(errors, error))
}

const bySession = mapped("session_id")

export const SessionsHandlers = ApiHandlers.make(
  SessionsRoutes,
  Effect.fn(function*(handlers) {
    const sessions = yield* Sessions
    const lifecycle = yield* SessionLifecycle
    const forking = yield* SessionForking
    const verifier = yield* SessionVerifier
    const replay = yield* SessionReplay
    const files = yield* SessionFiles
    const beats = Stream.as(Stream.fromSchedule(Schedule.spaced(yield* Heartbeat)), ": heartbeat\n\n")
    /** A session that was made is there, though the rules may hide it from who made it. */
    const made = (id: string) =>
      Effect.catchTag(
        sessions.get(id),
        "SessionNotFound",
        () => Effect.fail(new AccessDenied({ action: "read", resource: `session::${id}` }))
      )
    return handlers.handleAll({
      listSessions: ({ query }) =>
        sessions.list(query).pipe(Effect.map((items) => toPage(items, query.limit)), mapped("after")),
      retrieveSession: ({ params }) => bySession(sessions.get(params.session_id)),
      listSessionEvents: ({ params, query }) => bySession(sessions.events(params.session_id, query)),
      retrieveSessionState: ({ params, query }) => bySession(sessions.state(params.session_id, query.position)),
      retrieveSessionLineage: ({ params }) => bySession(sessions.lineage(params.session_id)),
      createSession: ({ payload }) =>
        bySession(Effect.catchTag(lifecycle.create(payload), "SessionNotFound", Effect.die)),
      endSession: ({ params, payload }) => bySession(lifecycle.end(params.session_id, payload)),
      forkSession: ({ params, payload }) => bySession(forking.fork(params.session_id, payload)),
      verifySession: ({ params }) => bySession(verifier.verify(params.session_id)),
      exportSession: ({ params }) =>
        bySession(files.lines(params.session_id)).pipe(
          Effect.map((lines) =>
            HttpServerResponse.stream(Stream.encodeText(lines), {
              headers: { "content-disposition": `attachment; filename="${params.session_id}.ndjson"` },
              contentType: "application/x-ndjson"
            })
          )
        ),
      importSession: ({ payload }) =>
        bySession(
          Effect.flatMap(files.add(Stream.fromIterable(payload.split("\n"))), ({ sessionId }) => made(sessionId))
        ),
      replaySession: Effect.fnUntraced(function*({ headers, params, query }) {
        const after = headers["last-event-id"] ?? query.after
        const events = yield* bySession(replay.show(params.session_id, { ...query, after }))
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
