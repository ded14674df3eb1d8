/** How the event log is asked for. */
import { Effect, Schema } from "effect"
import { Level } from "../../events/Event.ts"

const flag = Schema.Literals(["true", "false"]).pipe(
  Schema.withDecodingDefaultKey(Effect.succeed("false" as const))
)

export const EventsQuery = Schema.Struct({
  after: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))).annotate({
    description: "Only events behind this position. Default 0: from the beginning."
  }),
  session_id: Schema.optionalKey(Schema.String).annotate({ description: "Only events of this session." }),
  type: Schema.optionalKey(Schema.String).annotate({
    description: "Only these types, separated by commas; one that ends in `*` is a prefix: `llm:*`."
  }),
  level: Schema.optionalKey(Level).annotate({ description: "Events up to this level. Default raw: all of them." }),
  limit: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1_000_000 }))).annotate({
    description: "At most so many events. Default: no bound."
  }),
  follow: flag.annotate({ description: "true: stay, and send new events as they are committed." })
})
export type EventsQuery = typeof EventsQuery.Type

export const EventsHeaders = Schema.Struct({
  accept: Schema.optionalKey(Schema.String).annotate({
    description:
      "`text/event-stream` for server-sent events; `application/x-ndjson` (default) for a JSON object a line."
  }),
  "last-event-id": Schema.optionalKey(Schema.String).annotate({
    description: "Sent by an EventSource that reconnects: continues behind this position."
  })
})
