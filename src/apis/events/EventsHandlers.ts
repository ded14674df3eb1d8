/** Binds the event log's endpoint to the `Events` service. */
import { Effect, Schedule, Stream } from "effect"
import { HttpServerResponse } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import type { RecordedEvent } from "../../events/Envelope.ts"
import { toJsonText } from "../../events/Envelope.ts"
import { parseTypes } from "../../events/EventLog.ts"
import { Api } from "../Api.ts"
import { Events } from "./Events.ts"
import type { EventsQuery } from "./EventsModels.ts"

/** Time between two comments that keep an idle stream open through proxies. */
const heartbeat = "15 seconds"

/** An empty chunk sends the answer's head: who follows a quiet log knows at once that it is connected. */
const head = Stream.succeed(new Uint8Array())

const toSse = (event: RecordedEvent): string =>
  `id: ${event.position}\nevent: ${event.type}\ndata: ${toJsonText(event)}\n\n`
const toNdjson = (event: RecordedEvent): string => `${toJsonText(event)}\n`

const toRequest = (query: EventsQuery, lastEventId: string | undefined) => ({
  after: lastEventId !== undefined && /^\d+$/.test(lastEventId) ? Number(lastEventId) : query.after ?? 0,
  limit: query.limit,
  follow: query.follow === "true",
  sessionId: query.session_id,
  types: parseTypes(query.type),
  level: query.level
})

export const EventsHandlers = HttpApiBuilder.group(
  Api,
  "events",
  Effect.fn(function*(handlers) {
    const events = yield* Events
    return handlers.handleAll({
      listEvents: ({ headers, query }) =>
        Effect.sync(() => {
          const request = toRequest(query, headers["last-event-id"])
          const sse = headers.accept?.includes("text/event-stream") ?? false
          const lines = Stream.map(events.stream(request), sse ? toSse : toNdjson)
          const beats = Stream.as(Stream.fromSchedule(Schedule.spaced(heartbeat)), ": heartbeat\n\n")
          const text = sse && request.follow ? Stream.merge(lines, beats, { haltStrategy: "left" }) : lines
          const body = Stream.encodeText(text)
          return HttpServerResponse.stream(request.follow ? Stream.concat(head, body) : body, {
            headers: { "cache-control": "no-cache", "x-accel-buffering": "no" },
            contentType: sse ? "text/event-stream; charset=utf-8" : "application/x-ndjson"
          })
        })
    })
  })
)
