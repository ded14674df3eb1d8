/** Binds the event log's endpoints to the `Events` service. */
import { Effect, Schedule, Stream } from "effect"
import { HttpServerResponse } from "effect/http"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import { parseTypes } from "../../events/log/EventLog.ts"
import type { AccessDenied } from "../../kernel/http/AccessDenied.ts"
import { accessDenied, eventLogUnavailable } from "../../kernel/http/CommonFailures.ts"
import { takesSse, toNdjson, toSse } from "../../kernel/http/EventText.ts"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import { ConsumerGroups } from "../consumer-groups/ConsumerGroups.ts"
import type { AnyEvent, EventsRequest } from "./Events.ts"
import { Events, Heartbeat } from "./Events.ts"
import type { EventsQuery } from "./EventsModels.ts"
import { EventsRoutes } from "./EventsRoutes.ts"

/**
 * Who follows a quiet log knows at once that it is connected. The id without an event is where an EventSource resumes
 * that has seen none yet.
 */
const sseHead = (after: number) => `: connected\nid: ${after}\n\n`

/**
 * When the server stops, an EventSource is told to come back after a second. It is told last: readers there are,
 * Effect's own among them, take it as the word to connect again.
 */
const sseTail = "retry: 1000\n\n"

type EventStream = Stream.Stream<AnyEvent, EventLogUnavailable>

const toRequest = (query: EventsQuery, after: number): EventsRequest => ({
  after,
  limit: query.limit,
  follow: query.follow,
  live: query.live,
  sessionId: query.session_id,
  stream: query.stream,
  requestId: query.request_id,
  provider: query.provider,
  types: parseTypes(query.type),
  level: query.level
})

const refused = (error: AccessDenied | EventLogUnavailable) =>
  error._tag === "AccessDenied" ? accessDenied(error) : eventLogUnavailable(error)

export const EventsHandlers = ApiHandlers.make(
  EventsRoutes,
  Effect.fn(function*(handlers) {
    const events = yield* Events
    const groups = yield* ConsumerGroups
    const beats = Stream.fromSchedule(Schedule.spaced(yield* Heartbeat)).pipe(Stream.as(": heartbeat\n\n"))

    /** Where a group goes on; one that is new, or none, begins at the beginning. */
    const acknowledged = (group: string | undefined) =>
      group === undefined ? Effect.succeed(0) : groups.get(group).pipe(
        Effect.map(({ position }) => position),
        Effect.catchTag("ConsumerGroupNotFound", () => Effect.succeed(0)),
        Effect.mapError(eventLogUnavailable)
      )

    const sse = (request: EventsRequest, events: EventStream) => {
      const frames = Stream.map(events, toSse)
      if (!request.follow) return frames
      return Stream.succeed(sseHead(request.after)).pipe(
        Stream.concat(Stream.merge(frames, beats, { haltStrategy: "left" })),
        Stream.concat(Stream.succeed(sseTail))
      )
    }

    /** Empty text sends the answer's head. */
    const ndjson = ({ follow }: EventsRequest, events: EventStream) => {
      const lines = Stream.map(events, toNdjson)
      return follow ? Stream.concat(Stream.succeed(""), lines) : lines
    }

    return handlers.handleAll({
      listEvents: Effect.fnUntraced(function*({ headers, query }) {
        const from = headers["last-event-id"] ?? query.after ?? (yield* acknowledged(query.consumer_group))
        const after = from === "latest" ? yield* Effect.mapError(events.head, eventLogUnavailable) : from
        const wantsSse = takesSse(headers.accept)
        const request = toRequest(query, after)
        const allowed = yield* Effect.mapError(events.read(request), refused)
        return HttpServerResponse.stream(Stream.encodeText((wantsSse ? sse : ndjson)(request, allowed)), {
          headers: {
            "cache-control": "no-cache",
            "x-accel-buffering": "no",
            // A followed stream ends with its connection: who comes back must not meet the server that is stopping.
            ...(request.follow ? { connection: "close" } : {})
          },
          contentType: wantsSse ? "text/event-stream; charset=utf-8" : "application/x-ndjson"
        })
      }),
      retrieveEventCatalog: () => events.catalog
    })
  })
)
