/** How the event log is asked for, and what its catalog says. */
import { Schema, SchemaGetter } from "effect"
import { Envelope, LiveEnvelope } from "../../events/types/Envelope.ts"
import { Durability, Level } from "../../events/types/Event.ts"
import { flag } from "../../kernel/http/QueryFlag.ts"
import { GroupName } from "../consumer-groups/ConsumerGroupsModels.ts"

const position = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))

const start = Schema.String.check(
  Schema.isPattern(/^(latest|\d{1,15})$/, { expected: "`latest` or a position, a whole number from 0" })
).pipe(
  Schema.decodeTo(Schema.Union([position, Schema.Literal("latest")]), {
    decode: SchemaGetter.transform((text) => text === "latest" ? "latest" : Number(text)),
    encode: SchemaGetter.transform(String)
  })
)

const types = Schema.String.check(
  Schema.isPattern(/^[^*,]+\*?(,[^*,]+\*?)*$|^\*$/, {
    expected: "event types separated by commas, `*` only at the end of one"
  })
)

const name = (description: string) => Schema.optionalKey(Schema.NonEmptyString).annotate({ description })

export const EventsQuery = Schema.Struct({
  after: Schema.optionalKey(start).annotate({
    description: "Only events behind this position; `latest`: only what happens from now on. " +
      "Default 0: from the beginning."
  }),
  consumer_group: Schema.optionalKey(GroupName).annotate({
    description:
      "Begin behind the position this consumer group has acknowledged, unless `after` says otherwise: `billing`. " +
      "One that is not there, or that may not be read, begins at the beginning."
  }),
  session_id: name("Only events of this session: `chat-1`. With `follow` it need not have begun."),
  stream: name("Only events of this stream: `session-…`, `models`, `providers`."),
  request_id: name("Only events of this request: its id, as `x-request-id` or the `requestId` of an event gives it."),
  provider: name("Only events that concern this provider instance: its `provider_id`."),
  type: Schema.optionalKey(types).annotate({
    description: "Only these types, separated by commas; one that ends in `*` is a prefix: `llm:*`."
  }),
  level: Schema.optionalKey(Level).annotate({ description: "Events up to this level. Default raw: all of them." }),
  limit: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1_000_000 }))).annotate({
    description: "At most so many events. Default: no bound."
  }),
  follow: flag({ description: "true: stay, and send new events as they are committed." }),
  live: flag({
    description: "true, with `follow`: live events, too, as they happen (`llm:stream_block_delta` …). They have no " +
      "position and are not stored; of who reads too slowly the oldest are lost, and `log:live_events_lost` says how many."
  })
})
export type EventsQuery = typeof EventsQuery.Type

export const EventsHeaders = Schema.Struct({
  accept: Schema.optionalKey(Schema.String).annotate({
    description:
      "`text/event-stream` for server-sent events; `application/x-ndjson` (default) for a JSON object a line."
  }),
  "last-event-id": Schema.optionalKey(position).annotate({
    description: "Sent by an EventSource that reconnects: continues behind this position, whatever `after` says."
  })
})

const JsonSchemaObject = Schema.JsonObject.annotate({ description: "JSON Schema, draft 2020-12." })

const CatalogEvent = Schema.Struct({
  type: Schema.String,
  level: Level,
  durability: Durability,
  version: Schema.Int.annotate({ description: "The version that is written now." }),
  readable_versions: Schema.Array(Schema.Int).annotate({
    description: "The versions a log may hold; readers get all of them as the current one."
  }),
  description: Schema.String,
  volatile: Schema.Array(Schema.String).annotate({
    description: "Payload fields that may differ between a session and its replay: times, durations."
  }),
  payload: JsonSchemaObject
}).annotate({ identifier: "CatalogEvent" })

export const EventCatalogDocument = Schema.Struct({
  $schema: Schema.String,
  strata: Schema.String.annotate({ description: "The version of Strata." }),
  envelope: JsonSchemaObject.annotate({ description: "JSON Schema of what surrounds every payload." }),
  events: Schema.Array(CatalogEvent).annotate({ description: "Every event there is, by type." }),
  $defs: Schema.Record(Schema.String, JsonSchemaObject).annotate({
    description: "What several Schemas share: they refer to it as `#/$defs/name`, from the document's root."
  })
}).annotate({
  identifier: "EventCatalogDocument",
  description: "Every event with the Schema of its payload."
})
export type EventCatalogDocument = typeof EventCatalogDocument.Type

/** A server-sent event: its id is the position, its event the type. */
export const EventFrame = Schema.Struct({
  id: Schema.String,
  event: Schema.String,
  data: Schema.fromJsonString(Envelope)
})

/** The same, or a live event, which has no id of its own. */
export const AnyEventFrame = Schema.Struct({
  id: Schema.UndefinedOr(Schema.String),
  event: Schema.String,
  data: Schema.fromJsonString(Schema.Union([Envelope, LiveEnvelope]))
})
