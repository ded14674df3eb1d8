/** How events stand in the PostgreSQL table: rows, and the queries for them. */
import type { Read } from "../log/EventLog.ts"
import type { RecordedEvent } from "../types/Envelope.ts"
import type { Level } from "../types/Event.ts"
import { includes, Level as LevelSchema } from "../types/Event.ts"
import type { Row } from "./PostgresDatabase.ts"
import { bigints, integers, texts } from "./PostgresParameters.ts"

const columns =
  "position, stream, version, id, type, level, schema_version, time, session_id, parent_session_id, request_id, " +
  "attempt, causation_id, provider, payload, principal"

const types = ["bigint", "text", "bigint", "text", "text", "text", "integer", "bigint", "text", "text", "text"]
  .concat(["integer", "text", "text", "text", "text"])

/** Inserts any number of rows; its parameters, from `$1`, are the columns as lists. */
export const insert = `INSERT INTO events (${columns}) SELECT * FROM unnest(${
  types.map((type, index) => `$${index + 1}::${type}[]`).join(", ")
})`

export const toColumns = (events: ReadonlyArray<RecordedEvent>): ReadonlyArray<unknown> => [
  bigints(events.map(({ position }) => position)),
  texts(events.map(({ stream }) => stream)),
  bigints(events.map(({ version }) => version)),
  texts(events.map(({ id }) => id)),
  texts(events.map(({ type }) => type)),
  texts(events.map(({ level }) => level)),
  integers(events.map(({ schemaVersion }) => schemaVersion)),
  bigints(events.map(({ time }) => time)),
  texts(events.map(({ sessionId }) => sessionId)),
  texts(events.map(({ parentSessionId }) => parentSessionId)),
  texts(events.map(({ requestId }) => requestId)),
  integers(events.map(({ attempt }) => attempt)),
  texts(events.map(({ causationId }) => causationId)),
  texts(events.map(({ provider }) => provider)),
  texts(events.map(({ payload }) => payload)),
  texts(events.map(({ principal }) => principal))
]

const textOrNull = (value: unknown): string | null => typeof value === "string" ? value : null

export const toEvent = (row: Row): RecordedEvent => ({
  position: Number(row["position"]),
  stream: String(row["stream"]),
  version: Number(row["version"]),
  id: String(row["id"]),
  type: String(row["type"]),
  level: String(row["level"]) as Level,
  schemaVersion: Number(row["schema_version"]),
  time: Number(row["time"]),
  sessionId: textOrNull(row["session_id"]),
  parentSessionId: textOrNull(row["parent_session_id"]),
  requestId: textOrNull(row["request_id"]),
  attempt: row["attempt"] === null ? null : Number(row["attempt"]),
  causationId: textOrNull(row["causation_id"]),
  provider: textOrNull(row["provider"]),
  principal: textOrNull(row["principal"]),
  payload: String(row["payload"]),
  ...(row["pruned_at"] === null ? {} : { prunedAt: Number(row["pruned_at"]) })
})

/** The query for a read; filters of the same kind always give the same text, so that it is prepared once. */
export const select = (read: Read): { readonly sql: string; readonly parameters: ReadonlyArray<unknown> } => {
  const clauses: Array<string> = []
  const parameters: Array<unknown> = []
  const where = (clause: (name: string) => string, value: unknown) => clauses.push(clause(`$${parameters.push(value)}`))
  const equal = (column: string, value: string | undefined) => {
    if (value !== undefined) where((name) => `${column} = ${name}`, value)
  }
  where((name) => `position > ${name}`, BigInt(read.after))
  equal("id", read.id)
  equal("session_id", read.sessionId)
  equal("request_id", read.requestId)
  equal("stream", read.stream)
  equal("provider", read.provider)
  if (read.types !== undefined) {
    const exact = read.types.filter((type) => !type.endsWith("*"))
    const prefixes = read.types.filter((type) => type.endsWith("*")).map((type) => type.slice(0, -1))
    where(
      (name) =>
        `(type = ANY(${name}) OR EXISTS (SELECT 1 FROM unnest($${parameters.push(texts(prefixes))}::text[]) AS prefix` +
        ` WHERE starts_with(type, prefix)))`,
      texts(exact)
    )
  }
  const level = read.level
  if (level !== undefined && level !== "raw") {
    const levels = LevelSchema.literals.filter((each) => includes(level, each))
    clauses.push(`level IN (${levels.map((each) => `'${each}'`).join(", ")})`)
  }
  const limit = `$${parameters.push(BigInt(read.limit))}`
  return {
    sql: `SELECT ${columns}, pruned_at FROM events WHERE ${clauses.join(" AND ")} ORDER BY position LIMIT ${limit}`,
    parameters
  }
}
