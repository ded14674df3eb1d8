/** How events stand in the SQLite table: rows, and the queries for them. */
import type { SQLInputValue, SQLOutputValue } from "node:sqlite"
import type { EventDraft, RecordedEvent } from "../Envelope.ts"
import type { Level } from "../Event.ts"
import { includes, Level as LevelSchema } from "../Event.ts"
import type { Read } from "../EventLog.ts"
import * as Compression from "./Compression.ts"

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
  "compressed"
]

export const insert = `INSERT INTO events (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`

const textOrNull = (value: SQLOutputValue | undefined): string | null => typeof value === "string" ? value : null

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
  typeof payload === "string" ? null : payload
]

const payloadOf = ({ compressed, payload }: Record<string, SQLOutputValue>): string =>
  compressed instanceof Uint8Array ? Compression.decompress(compressed) : String(payload)

export const toEvent = (row: Record<string, SQLOutputValue>): RecordedEvent => ({
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
  attempt: typeof row["attempt"] === "number" ? row["attempt"] : null,
  causationId: textOrNull(row["causation_id"]),
  provider: textOrNull(row["provider"]),
  payload: payloadOf(row),
  ...(typeof row["pruned_at"] === "number" ? { prunedAt: row["pruned_at"] } : {})
})

const typeClause = (type: string): [sql: string, parameter: string] =>
  type.endsWith("*") ? ["substr(type, 1, ?) = ?", type.slice(0, -1)] : ["type = ?", type]

/** The query for a read; the same filter always gives the same text, so that it is prepared once. */
export const select = (read: Read): { readonly sql: string; readonly parameters: ReadonlyArray<SQLInputValue> } => {
  const clauses = ["position > ?"]
  const parameters: Array<SQLInputValue> = [read.after]
  const equal = (column: string, value: string | undefined) => {
    if (value === undefined) return
    clauses.push(`${column} = ?`)
    parameters.push(value)
  }
  equal("session_id", read.sessionId)
  equal("request_id", read.requestId)
  equal("stream", read.stream)
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
  return { sql: `SELECT * FROM events WHERE ${clauses.join(" AND ")} ORDER BY position LIMIT ?`, parameters }
}
