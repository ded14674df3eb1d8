/** The envelope around every event: where it stands in the log, when it happened and what it belongs to. */
import { DateTime, Effect, Schema } from "effect"
import { Level } from "./Event.ts"
import * as Tenant from "./Tenant.ts"

const optional = <S extends Schema.Top>(schema: S, description: string) =>
  Schema.NullOr(schema).annotate({ description })

/** An event as readers of the log receive it. */
export const Envelope = Schema.Struct({
  position: Schema.Int.annotate({ description: "Place in the whole log: 1, 2, 3 … without gaps." }),
  stream: Schema.String.annotate({ description: "The stream it belongs to, `category-id`." }),
  version: Schema.Int.annotate({ description: "Place in its own stream: 1, 2, 3 … without gaps." }),
  id: Schema.String.annotate({ description: "UUIDv7, derived from the request id and a counter." }),
  type: Schema.String.annotate({ description: "`namespace:action`, with `:debug` or `:raw` for these levels." }),
  level: Level,
  schemaVersion: Schema.Int.annotate({ description: "Version of the payload's Schema." }),
  time: Schema.String.annotate({ description: "When it happened, RFC 3339, UTC, milliseconds." }),
  tenant: optional(Schema.String, "Whom it belongs to; null: the default tenant, the only one of most servers.").pipe(
    // Events written down before there were tenants have none.
    Schema.withDecodingDefaultKey(Effect.succeed(null))
  ),
  sessionId: optional(Schema.String, "The session it happened in."),
  parentSessionId: optional(Schema.String, "The session this session was forked from."),
  requestId: optional(Schema.String, "The HTTP request that led to it: what belongs together shares it."),
  attempt: optional(Schema.Int, "Number of the provider call within its request, from 1."),
  causationId: optional(Schema.String, "Id of the event that led to this one."),
  provider: optional(Schema.String, "The provider instance concerned."),
  principal: optional(Schema.String, "Who asked, as authentication found out; null: nobody known.").pipe(
    // Events written down before there were principals have none.
    Schema.withDecodingDefaultKey(Effect.succeed(null))
  ),
  payload: Schema.Json.annotate({ description: "Content; its Schema stands in the catalog under `type`." }),
  prunedAt: Schema.optionalKey(Schema.String).annotate({
    description: "When the payload was removed to save space, RFC 3339; it is null since. Absent: it is whole."
  })
}).annotate({ identifier: "Event", description: "One event of the log." })
export type Envelope = typeof Envelope.Type

/** A live event as who watches receives it: it has no place in the log. */
export const LiveEnvelope = Schema.Struct({
  ...Envelope.fields,
  position: Schema.Null.annotate({ description: "It has no place in the log." }),
  version: Schema.Null.annotate({ description: "It has no place in its stream." }),
  id: Schema.String.annotate({ description: "`<call>.<n>`: the id of the call, and its number among its live events." })
}).annotate({ identifier: "LiveEvent", description: "An event of the moment, which is not stored." })
export type LiveEnvelope = typeof LiveEnvelope.Type

/** An event ready to be appended; the log gives it its position and version. `payload` is JSON text. */
export interface EventDraft {
  readonly id: string
  readonly type: string
  readonly level: Level
  readonly schemaVersion: number
  /** Milliseconds since 1970. */
  readonly time: number
  /** Empty: the default one. */
  readonly tenant: string
  readonly sessionId: string | null
  readonly parentSessionId: string | null
  readonly requestId: string | null
  readonly attempt: number | null
  readonly causationId: string | null
  readonly provider: string | null
  readonly principal: string | null
  readonly payload: string
}

/** An event as the log holds it. `payload` is JSON text, so that what passes through is never parsed. */
export interface RecordedEvent extends EventDraft {
  readonly position: number
  readonly stream: string
  readonly version: number
  /** When the payload was removed, milliseconds since 1970; absent: it was not. */
  readonly prunedAt?: number
}

/** An event of the moment: it stands nowhere in the log, and belongs to the stream of what it tells of. */
export interface LiveEvent extends EventDraft {
  readonly position: null
  readonly stream: string
  readonly version: null
}

/** Milliseconds since 1970 as RFC 3339 in UTC. */
export const toIsoTime = (time: number): string => DateTime.formatIso(DateTime.makeUnsafe(time))

const text = (value: string | number | null): string =>
  value === null ? "null" : typeof value === "number" ? String(value) : JSON.stringify(value)

/** The envelope as JSON text, its payload untouched. */
export const toJsonText = (event: RecordedEvent | LiveEvent): string =>
  `{"position":${event.position},"stream":${text(event.stream)},"version":${event.version},"id":${text(event.id)},` +
  `"type":${text(event.type)},"level":"${event.level}","schemaVersion":${event.schemaVersion},` +
  `"time":"${toIsoTime(event.time)}","tenant":${text(Tenant.toWire(event.tenant))},` +
  `"sessionId":${text(event.sessionId)},"parentSessionId":${text(event.parentSessionId)},"requestId":${
    text(event.requestId)
  },` +
  `"attempt":${text(event.attempt)},"causationId":${text(event.causationId)},"provider":${text(event.provider)},` +
  `"principal":${text(event.principal)},"payload":${event.payload}${
    !("prunedAt" in event) || event.prunedAt === undefined ? "" : `,"prunedAt":"${toIsoTime(event.prunedAt)}"`
  }}`

/** True where the payload was removed to save space, here or where an imported event comes from. */
export const isPruned = ({ payload, prunedAt }: RecordedEvent): boolean => prunedAt !== undefined || payload === "null"

/** Characters of a payload whose value is kept until the next is read. */
const mostKept = 65_536

/** Several projections fold one event, one after the other: its payload is parsed once. */
let last: { readonly payload: string; readonly value: Schema.Json } = { payload: "null", value: null }

/** The payload as a value; nobody changes it. */
export const payloadOf = ({ payload }: RecordedEvent): Schema.Json => {
  if (payload === last.payload) return last.value
  const value: Schema.Json = JSON.parse(payload)
  if (payload.length <= mostKept) last = { payload, value }
  return value
}

/** The event as readers of the log receive it. */
export const toWire = ({ prunedAt, ...event }: RecordedEvent): Envelope => ({
  ...event,
  time: toIsoTime(event.time),
  tenant: Tenant.toWire(event.tenant),
  payload: payloadOf(event),
  ...(prunedAt === undefined ? {} : { prunedAt: toIsoTime(prunedAt) })
})
