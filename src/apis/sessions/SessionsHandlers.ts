/** Binds the session endpoints to the `Sessions` service. */
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import type { EventLogUnavailable } from "../../events/EventLog.ts"
import { Api } from "../Api.ts"
import { envelope, NotFound, ServiceUnavailable } from "../OpenAiErrors.ts"
import { toPage } from "../Pagination.ts"
import type { SessionNotFound } from "./Sessions.ts"
import { Sessions } from "./Sessions.ts"

const toOpenAiError = (param: string) => (error: SessionNotFound | EventLogUnavailable) =>
  error._tag === "SessionNotFound"
    ? new NotFound(envelope(error.message, { param, code: "session_not_found" }))
    : new ServiceUnavailable(envelope(error.message, { type: "server_error", code: "event_log_unavailable" }))

export const SessionsHandlers = HttpApiBuilder.group(
  Api,
  "sessions",
  Effect.fn(function*(handlers) {
    const sessions = yield* Sessions
    return handlers.handleAll({
      listSessions: ({ query }) =>
        sessions.list(query).pipe(
          Effect.map((items) => toPage(items, query.limit)),
          Effect.mapError(toOpenAiError("after"))
        ),
      retrieveSession: ({ params }) => Effect.mapError(sessions.get(params.session_id), toOpenAiError("session_id")),
      listSessionEvents: ({ params, query }) =>
        Effect.mapError(sessions.events(params.session_id, query), toOpenAiError("session_id"))
    })
  })
)
