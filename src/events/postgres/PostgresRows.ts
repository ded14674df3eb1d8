/** How events stand in the PostgreSQL table: rows, and the queries for them. */
import type { Cut, CutPayload, StoredPayload } from "../facts/Passage.ts"
import * as Passage from "../facts/Passage.ts"
import * as PayloadBytes from "../facts/PayloadBytes.ts"
import type { Read } from "../log/EventLog.ts"
import type { RecordedEvent } from "../types/Envelope.ts"
import type { Level } from "../types/Event.ts"
import { includes, Level as LevelSchema } from "../types/Event.ts"
import { isOneOf, isStream } from "./PostgresColumns.ts"
import type { Row } from "./PostgresDatabase.ts"
import * as PostgresIds from "./PostgresIds.ts"
import { bigints, binaries, integers, texts } from "./PostgresParameters.ts"
import * as PostgresPositions from "./PostgresPositions.ts"
import * as PostgresTenant from "./PostgresTenant.ts"

const columns = {
  position: "bigint",
  stream: "text",
  version: "bigint",
  id: "bytea",
  type: "text",
  level: "text",
  schema_version: "integer",
  time: "bigint",
  session_id: "text",
  parent_session_id: "text",
  request_id: "bytea",
  attempt: "integer",
  cause: "bytea",
  provider: "text",
  plain_payload: "text",
  packed_payload: "bytea",
  passages: "text",
  principal: "text",
  tenant: "text"
}

const names = Object.keys(columns)

/** An event, and what of its payload is stored elsewhere; undefined: it has nothing to do with passages. */
export interface StoredEvent {
  readonly event: RecordedEvent
  readonly cuts: ReadonlyArray<Cut> | undefined
}

/** Characters from which on a payload is packed. */
const shortestPacked = 256

const isPacked = ({ cuts, event }: StoredEvent): boolean => cuts !== undefined && event.payload.length >= shortestPacked

/** The columns of what is read, with nothing in those that are not given. */
export const columnsOr = (given: ReadonlyArray<string>): string =>
  [...Object.entries(columns), ["pruned_at", "bigint"] as const]
    .map(([name, type]) => given.includes(name) ? name : `NULL::${type} AS ${name}`)
    .join(", ")

/** Inserts any number of rows; `add` takes a column as a list and gives the name of its parameter. */
export const insert = (events: ReadonlyArray<StoredEvent>, add: (parameter: unknown) => string): string => {
  const lists = toColumns(events).map(add)
  const cast = Object.values(columns).map((type, index) => `${lists[index]}::${type}[]`)
  return `INSERT INTO events (${names.join(", ")})
    SELECT * FROM unnest(${cast.join(", ")}) AS given (${names.join(", ")})`
}

const toColumns = (stored: ReadonlyArray<StoredEvent>): ReadonlyArray<unknown> => {
  const events = stored.map(({ event }) => event)
  return [
    bigints(events.map(({ position }) => position)),
    texts(events.map(({ stream }) => stream)),
    bigints(events.map(({ version }) => version)),
    binaries(events.map(({ id }) => PostgresIds.toBytes(id))),
    texts(events.map(({ type }) => type)),
    texts(events.map(({ level }) => level)),
    integers(events.map(({ schemaVersion }) => schemaVersion)),
    bigints(events.map(({ time }) => time)),
    texts(events.map(({ sessionId }) => sessionId)),
    texts(events.map(({ parentSessionId }) => parentSessionId)),
    binaries(events.map(({ requestId }) => requestId === null ? null : PostgresIds.toBytes(requestId))),
    integers(events.map(({ attempt }) => attempt)),
    binaries(
      events.map(({ causationId, requestId }) =>
        causationId === null ? null : PostgresIds.causeToBytes(causationId, requestId)
      )
    ),
    texts(events.map(({ provider }) => provider)),
    texts(stored.map((each) => isPacked(each) ? "" : each.event.payload)),
    binaries(stored.map((each) => isPacked(each) ? PayloadBytes.encode(each.event.payload, each.cuts!) : null)),
    texts(
      stored.map((each) =>
        isPacked(each) ? PostgresPositions.toText(each.event.position, Passage.positionsOf(each.cuts!)) : null
      )
    ),
    texts(events.map(({ principal }) => principal)),
    texts(events.map(({ tenant }) => tenant))
  ]
}

/** The payload of a row as it is stored. */
export const storedPayload = (row: Row): CutPayload =>
  row["packed_payload"] instanceof Uint8Array
    ? PayloadBytes.read(row["packed_payload"])
    : { stored: String(row["plain_payload"]), cuts: [] }

const payloadIn = (row: Row, payloadOf: StoredPayload): string =>
  row["packed_payload"] instanceof Uint8Array
    ? PayloadBytes.decode(row["packed_payload"], payloadOf)
    : String(row["plain_payload"])

const textOrNull = (value: unknown): string | null => typeof value === "string" ? value : null

/** `payloadOf`: of what it refers to. */
export const toEvent = (row: Row, payloadOf: StoredPayload): RecordedEvent => {
  const requestId = row["request_id"] instanceof Uint8Array ? PostgresIds.ofBytes(row["request_id"]) : null
  return eventOf(row, requestId, payloadIn(row, payloadOf))
}

const eventOf = (row: Row, requestId: string | null, payload: string): RecordedEvent => ({
  position: Number(row["position"]),
  stream: String(row["stream"]),
  version: Number(row["version"]),
  id: PostgresIds.ofBytes(row["id"] as Uint8Array),
  type: String(row["type"]),
  level: String(row["level"]) as Level,
  schemaVersion: Number(row["schema_version"]),
  time: Number(row["time"]),
  tenant: String(row["tenant"]),
  sessionId: textOrNull(row["session_id"]),
  parentSessionId: textOrNull(row["parent_session_id"]),
  requestId,
  attempt: row["attempt"] === null ? null : Number(row["attempt"]),
  causationId: row["cause"] instanceof Uint8Array ? PostgresIds.causeOfBytes(row["cause"], requestId) : null,
  provider: textOrNull(row["provider"]),
  principal: textOrNull(row["principal"]),
  payload,
  ...(row["pruned_at"] === null ? {} : { prunedAt: Number(row["pruned_at"]) })
})

/** What a filter says of an event's type and level, as conditions on these columns. */
export const kindClauses = (
  { level, types }: Pick<Read, "level" | "types">,
  add: (parameter: unknown) => string
): ReadonlyArray<string> => {
  const clauses: Array<string> = []
  if (types !== undefined) {
    const exact = add(texts(types.filter((type) => !type.endsWith("*"))))
    const prefixes = add(texts(types.filter((type) => type.endsWith("*")).map((type) => type.slice(0, -1))))
    clauses.push(
      `(type = ANY(${exact}::text[]) OR EXISTS (SELECT 1 FROM unnest(${prefixes}::text[]) AS prefix` +
        ` WHERE starts_with(type, prefix)))`
    )
  }
  if (level !== undefined && level !== "raw") {
    const levels = LevelSchema.literals.filter((each) => includes(level, each))
    clauses.push(`level IN (${levels.map((each) => `'${each}'`).join(", ")})`)
  }
  return clauses
}

/** The rows that a filter lets through. */
export const select = (read: Read, limit: string, add: (parameter: unknown) => string): string => {
  // Few rows are of a request, or of streams: the planner must not walk the whole log for them.
  const position = read.requestId === undefined && read.streams === undefined ? "position" : "position + 0"
  const clauses = [`${position} > ${add(BigInt(read.after))}`]
  const equal = (column: string, value: unknown) => {
    if (value !== undefined) clauses.push(`${column} = ${add(value)}`)
  }
  const tenant = PostgresTenant.clause("events", read, add)
  if (tenant !== undefined) clauses.push(tenant)
  equal("id", read.id && PostgresIds.toBytes(read.id))
  equal("session_id", read.sessionId)
  equal("request_id", read.requestId && PostgresIds.toBytes(read.requestId))
  if (read.stream !== undefined) clauses.push(isStream("stream", add(read.stream)))
  if (read.streams !== undefined) clauses.push(isOneOf("stream", `${add(texts(read.streams))}::text[]`))
  equal("provider", read.provider)
  clauses.push(...kindClauses(read, add))
  return `SELECT ${names.join(", ")}, pruned_at, NULL::bytea AS fact, NULL::bigint AS base,
    NULL::text AS body_passages, 1 AS events FROM events
    WHERE ${clauses.join(" AND ")} ORDER BY ${position} LIMIT ${limit}`
}
