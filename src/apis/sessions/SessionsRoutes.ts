/** The HTTP face of sessions. */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { Recorded } from "../ApiAnnotations.ts"
import { BadRequest, NotFound, ServiceUnavailable } from "../OpenAiErrors.ts"
import { parameters } from "../Parameters.ts"
import { EventList, Session, SessionEventsQuery, SessionList, SessionsQuery } from "./SessionsModels.ts"

const params = { session_id: Schema.String.annotate({ description: "As `x-strata-session-id` gave it." }) }

export class SessionsRoutes extends HttpApiGroup.make("sessions")
  .add(
    HttpApiEndpoint.get("listSessions", "/sessions", {
      query: SessionsQuery,
      success: SessionList,
      error: [BadRequest, NotFound, ServiceUnavailable]
    }).annotateMerge(OpenApi.annotations({
      identifier: "listSessions",
      summary: "List sessions",
      description: "Sessions in the order they began, a page at a time.",
      transform: parameters(SessionsQuery)
    })),
    HttpApiEndpoint.get("retrieveSession", "/sessions/:session_id", {
      params,
      success: Session,
      error: [NotFound, ServiceUnavailable]
    }).annotateMerge(OpenApi.annotations({
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
    }).annotateMerge(OpenApi.annotations({
      identifier: "listSessionEvents",
      summary: "List a session's events",
      description: "The session's events in order of position, a page at a time. To follow them as they happen: " +
        "`GET /v1/events?session_id=…&follow=true`.",
      transform: parameters({ fields: params }, SessionEventsQuery)
    }))
  )
  .annotateEndpoints(Recorded, false)
  .prefix("/v1")
  .annotateMerge(OpenApi.annotations({ title: "Sessions", description: "What happened, by session." }))
{}
