/** The HTTP face of sessions. */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import {
  BadRequest,
  Conflict,
  Forbidden,
  NotFound,
  PayloadTooLarge,
  ServiceUnavailable,
  UnsupportedMediaType
} from "../../kernel/http/HttpErrors.ts"
import { parameters } from "../../kernel/http/Parameters.ts"
import { OpensSession, Recorded } from "../../kernel/http/RouteAnnotations.ts"
import { ForkSession, SessionFork } from "../../kernel/sessions/SessionModels.ts"
import { Session, SessionLineage, SessionState } from "../../kernel/sessions/SessionModels.ts"
import { SessionVerification } from "../../kernel/sessions/SessionVerification.ts"
import { EventFrame, EventsHeaders } from "../events/EventsModels.ts"
import {
  CreateSession,
  EndSession,
  EventList,
  SessionEventsQuery,
  SessionList,
  SessionReplayQuery,
  SessionsQuery,
  SessionStateQuery
} from "./SessionsModels.ts"

const params = { session_id: Schema.String.annotate({ description: "As `x-strata-session-id` gave it." }) }

const sessionFile = Schema.String.pipe(HttpApiSchema.asText({ contentType: "application/x-ndjson" }))

const writeErrors = [BadRequest, PayloadTooLarge, UnsupportedMediaType, ServiceUnavailable] as const

export class SessionsRoutes extends HttpApiGroup.make("sessions")
  .add(
    HttpApiEndpoint.get("listSessions", "/sessions", {
      query: SessionsQuery,
      success: SessionList,
      error: [BadRequest, NotFound, ServiceUnavailable]
    }).annotate(Recorded, false).annotateMerge(OpenApi.annotations({
      identifier: "listSessions",
      summary: "List sessions",
      description: "Sessions in the order they began, a page at a time.",
      transform: parameters(SessionsQuery)
    })),
    HttpApiEndpoint.get("retrieveSession", "/sessions/:session_id", {
      params,
      success: Session,
      error: [NotFound, Conflict, ServiceUnavailable]
    }).annotate(Recorded, false).annotateMerge(OpenApi.annotations({
      identifier: "retrieveSession",
      summary: "Retrieve a session",
      description: "One session: what was asked in it, and what it used.",
      transform: parameters({ fields: params })
    })),
    HttpApiEndpoint.get("listSessionEvents", "/sessions/:session_id/events", {
      params,
      query: SessionEventsQuery,
      success: EventList,
      error: [BadRequest, NotFound, ServiceUnavailable]
    }).annotate(Recorded, false).annotateMerge(OpenApi.annotations({
      identifier: "listSessionEvents",
      summary: "List a session's events",
      description: "The session's events in order of position, a page at a time. To follow them as they happen: " +
        "`GET /v1/events?session_id=…&follow=true`.",
      transform: parameters({ fields: params }, SessionEventsQuery)
    })),
    HttpApiEndpoint.get("retrieveSessionState", "/sessions/:session_id/state", {
      params,
      query: SessionStateQuery,
      success: SessionState,
      error: [BadRequest, NotFound, ServiceUnavailable]
    }).annotate(Recorded, false).annotateMerge(OpenApi.annotations({
      identifier: "retrieveSessionState",
      summary: "Retrieve a session's state at a position",
      description:
        "The fold of the session's lineage up to a position of the log: what it inherits of the sessions it " +
        "was forked from, then its own events. What a fork changed is applied.",
      transform: parameters({ fields: params }, SessionStateQuery)
    })),
    HttpApiEndpoint.get("retrieveSessionLineage", "/sessions/:session_id/lineage", {
      params,
      success: SessionLineage,
      error: [NotFound, ServiceUnavailable]
    }).annotate(Recorded, false).annotateMerge(OpenApi.annotations({
      identifier: "retrieveSessionLineage",
      summary: "Retrieve a session's lineage",
      description: "The sessions it was forked from, root first, and all that were forked from it.",
      transform: parameters({ fields: params })
    })),
    HttpApiEndpoint.post("createSession", "/sessions", {
      payload: CreateSession,
      success: Session.pipe(HttpApiSchema.status(201)),
      error: [...writeErrors, Conflict]
    }).annotate(OpensSession, false).annotateMerge(OpenApi.annotations({
      identifier: "createSession",
      summary: "Create a session",
      description:
        "Begins a session before its first request. It is not needed: a request that names a session which " +
        "is not there begins it, and one that names none gets a session of its own."
    })),
    HttpApiEndpoint.post("endSession", "/sessions/:session_id/end", {
      params,
      payload: EndSession,
      success: Session,
      error: [...writeErrors, Forbidden, NotFound, Conflict]
    }).annotate(OpensSession, false).annotateMerge(OpenApi.annotations({
      identifier: "endSession",
      summary: "End a session",
      description:
        "Says that the application is done with the session, and how it went. A request that names it later " +
        "resumes it. Ending a session that has ended changes nothing.",
      transform: parameters({ fields: params })
    })),
    HttpApiEndpoint.post("forkSession", "/sessions/:session_id/fork", {
      params,
      payload: ForkSession,
      success: SessionFork.pipe(HttpApiSchema.status(201)),
      error: [...writeErrors, NotFound, Conflict]
    }).annotate(OpensSession, false).annotateMerge(OpenApi.annotations({
      identifier: "forkSession",
      summary: "Fork a session",
      description:
        "Begins a session that continues another from any position of it: after a turn (`turn`), at an event " +
        "(`position`), or where it stands (neither). `model`, `provider`, `messages` and `tool_results` say what is to " +
        "be different. Answers with the request to send next; nothing is sent by itself.",
      transform: parameters({ fields: params })
    })),
    HttpApiEndpoint.post("verifySession", "/sessions/:session_id/verify", {
      params,
      success: SessionVerification,
      error: [NotFound, Conflict, ServiceUnavailable]
    }).annotate(Recorded, false).annotateMerge(OpenApi.annotations({
      identifier: "verifySession",
      summary: "Verify a session",
      description:
        "Runs the session's requests again through the same code, with the network replaced by the recording, " +
        "and compares every event. Answers `identical`, or `diverged` with the first divergence. Nothing is sent or " +
        "recorded.",
      transform: parameters({ fields: params })
    })),
    HttpApiEndpoint.get("replaySession", "/sessions/:session_id/replay", {
      params,
      query: SessionReplayQuery,
      headers: EventsHeaders,
      success: [
        HttpApiSchema.StreamSse({ events: EventFrame }),
        Schema.String.pipe(HttpApiSchema.asText({ contentType: "application/x-ndjson" }))
      ],
      error: [BadRequest, NotFound, ServiceUnavailable]
    }).annotate(Recorded, false).annotateMerge(OpenApi.annotations({
      identifier: "replaySession",
      summary: "Show a session again",
      description:
        "The session's events with the pauses they had, faster or slower, as server-sent events (`id` is the " +
        "position) or as NDJSON. Ends after the last one.",
      transform: parameters({ fields: params }, SessionReplayQuery, EventsHeaders)
    })),
    HttpApiEndpoint.get("exportSession", "/sessions/:session_id/export", {
      params,
      success: sessionFile,
      error: [NotFound, ServiceUnavailable]
    }).annotate(Recorded, false).annotateMerge(OpenApi.annotations({
      identifier: "exportSession",
      summary: "Export a session",
      description:
        "The session as one portable file, NDJSON: a header line with the models and providers it was recorded " +
        "against, then an event a line, those it inherits first. Secrets are redacted, as they are in the log.",
      transform: parameters({ fields: params })
    })),
    HttpApiEndpoint.post("importSession", "/sessions/import", {
      payload: sessionFile,
      success: Session,
      error: [...writeErrors, Forbidden, Conflict]
    }).annotate(OpensSession, false).annotateMerge(OpenApi.annotations({
      identifier: "importSession",
      summary: "Import a session",
      description:
        "Adds the session of an exported file to the log, under its own id, with the sessions it inherits from. " +
        "It can be verified here as it could where it was recorded. Importing a file again changes nothing; an id that is " +
        "taken by another session is refused."
    }))
  )
  .prefix("/v1")
  .annotateMerge(OpenApi.annotations({ title: "Sessions", description: "What happened, by session." }))
{}
