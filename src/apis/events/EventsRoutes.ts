/** The HTTP face of the event log. */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { BadRequest, Forbidden, ServiceUnavailable } from "../../kernel/http/HttpErrors.ts"
import { parameters } from "../../kernel/http/Parameters.ts"
import { Recorded } from "../../kernel/http/RouteAnnotations.ts"
import { AnyEventFrame, EventCatalogDocument, EventsHeaders, EventsQuery } from "./EventsModels.ts"

export class EventsRoutes extends HttpApiGroup.make("events")
  .add(
    HttpApiEndpoint.get("listEvents", "/events", {
      query: EventsQuery,
      headers: EventsHeaders,
      success: [
        HttpApiSchema.StreamSse({ events: AnyEventFrame }),
        Schema.String.pipe(HttpApiSchema.asText({ contentType: "application/x-ndjson" }))
      ],
      error: [BadRequest, Forbidden, ServiceUnavailable]
    }).annotateMerge(OpenApi.annotations({
      identifier: "listEvents",
      summary: "Read or follow the event log",
      description: "Every event in order of position, filtered, as server-sent events (`id` is the position, so that " +
        "an EventSource resumes where it stopped) or as NDJSON. With `follow=true` the past comes first, then the " +
        "present, with no gap and no duplicate; with `live=true` live events come among them, without `id`. Events of older versions come as the catalog describes them now. With " +
        "access rules, who may not read `events::all` names a session (`session_id=chat-1`, `stream=session-chat-1`), " +
        "and each event is asked about when it comes. A session that is hidden is as one that is not there: to read " +
        "either is 403, to follow either is silent until there are events that may be read.",
      transform: parameters(EventsQuery, EventsHeaders)
    })),
    HttpApiEndpoint.get("retrieveEventCatalog", "/events/catalog", { success: EventCatalogDocument }).annotateMerge(
      OpenApi.annotations({
        identifier: "retrieveEventCatalog",
        summary: "Retrieve the event catalog",
        description: "Every event there is: type, level, durability, versions, and the JSON Schema of its payload."
      })
    )
  )
  .annotateEndpoints(Recorded, false)
  .prefix("/v1")
  .annotateMerge(OpenApi.annotations({ title: "Events", description: "Everything that happened, in order." }))
{}
