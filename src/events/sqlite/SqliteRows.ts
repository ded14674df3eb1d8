/** How events stand in the SQLite table: rows, and the queries for them. */
import type { SQLInputValue, SQLOutputValue } from "node:sqlite"
import type { StoredPayload } from "../facts/Passage.ts"
import type { Read } from "../log/EventLog.ts"
import type { EventDraft, RecordedEvent } from "../types/Envelope.ts"
import type { Level } from "../types/Event.ts"
import { includes, Level as LevelSchema } from "../types/Event.ts"
import * as Compression from "./Compression.ts"
import * as SqliteTenant from "./SqliteTenant.ts"

const columns = [
  "position",
  "stream",
  "version",
  "id",
  "type",
  "level",
  "schema_version",
  "time",
  "session_id",
  "parent_session_id",
  "request_id",
  "attempt",
  "causation_id",
  "provider",
  "payload",
  "compressed",
  "principal",
  "tenant"
]

export const insert = `INSERT INTO events (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`

/** Values in the order of the columns. */
export const toRow = (
  position: number,
  stream: string,
  version: number,
  draft: EventDraft,
  payload: string | Uint8Array
): ReadonlyArray<SQLInputValue> => [
  position,
  stream,
  version,
  draft.id,
  draft.type,
  draft.level,
  draft.schemaVersion,
  draft.time,
  draft.sessionId,
  draft.parentSessionId,
  draft.requestId,
  draft.attempt,
  draft.causationId,
  draft.provider,
  typeof payload === "string" ? payload : "",
  typeof payload === "string" ? null : payload,
  draft.principal,
  draft.tenant
]

/** A row as an array, in the order of the columns: node:sqlite makes objects more slowly. */
export type Row = ReadonlyArray<SQLOutputValue>

/** The payload of a row as it is stored. */
export const selectPayload = "SELECT payload, compressed FROM events WHERE position = ?"

/** `payloadOf`: of what it refers to. */
export const toEvent = (row: Row, payloadOf: StoredPayload): RecordedEvent => {
  const compressed = row[15]
  const prunedAt = row[18]
  const event: RecordedEvent = {
    position: row[0] as number,
    stream: row[1] as string,
    version: row[2] as number,
    id: row[3] as string,
    type: row[4] as string,
    level: row[5] as Level,
    schemaVersion: row[6] as number,
    time: row[7] as number,
    tenant: row[17] as string,
    sessionId: row[8] as string | null,
    parentSessionId: row[9] as string | null,
    requestId: row[10] as string | null,
    attempt: row[11] as number | null,
    causationId: row[12] as string | null,
    provider: row[13] as string | null,
    principal: row[16] as string | null,
    payload: compressed === null ? row[14] as string : Compression.decompress(compressed as Uint8Array, payloadOf)
  }
  return prunedAt === null ? event : { ...event, prunedAt: prunedAt as number }
}

const typeClause = (type: string): [sql: string, parameter: string] =>
  type.endsWith("*") ? ["substr(type, 1, ?) = ?", type.slice(0, -1)] : ["type = ?", type]

/** The query for a read; the same filter always gives the same text, so that it is prepared once. */
export const select = (read: Read): { readonly sql: string; readonly parameters: ReadonlyArray<SQLInputValue> } => {
  // Few rows are of the streams: the planner must not walk the whole log for them.
  const clauses = [`${read.streams === undefined ? "" : "+"}position > ?`]
  const parameters: Array<SQLInputValue> = [read.after]
  const equal = (column: string, value: string | undefined) => {
    if (value === undefined) return
    clauses.push(`${column} = ?`)
    parameters.push(value)
  }
  const tenant = SqliteTenant.clause("events", read, (value) => `?${parameters.push(value)}`)
  if (tenant !== undefined) clauses.push(tenant)
  equal("id", read.id)
  equal("session_id", read.sessionId)
  equal("request_id", read.requestId)
  equal("stream", read.stream)
  if (read.streams !== undefined) {
    clauses.push("stream IN (SELECT value FROM json_each(?))")
    parameters.push(JSON.stringify(read.streams))
  }
  equal("provider", read.provider)
  if (read.types !== undefined) {
    const types = read.types.map(typeClause)
    clauses.push(types.length === 0 ? "FALSE" : `(${types.map(([sql]) => sql).join(" OR ")})`)
    for (const [sql, value] of types) parameters.push(...sql.startsWith("substr") ? [value.length, value] : [value])
  }
  const level = read.level
  if (level !== undefined && level !== "raw") {
    const levels = LevelSchema.literals.filter((each) => includes(level, each))
    clauses.push(`level IN (${levels.map((each) => `'${each}'`).join(", ")})`)
  }
  parameters.push(read.limit)
  return {
    sql: `SELECT ${columns.join(", ")}, pruned_at FROM events WHERE ${clauses.join(" AND ")} ORDER BY ${
      read.streams === undefined ? "" : "+"
    }position LIMIT ?`,
    parameters
  }
}
