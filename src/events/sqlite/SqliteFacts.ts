/** How facts stand in the SQLite table: rows, and the queries for them. */
import type { SQLInputValue, SQLOutputValue } from "node:sqlite"
import * as BodyReference from "../facts/BodyReference.ts"
import type { Fact } from "../facts/Fact.ts"
import { mostEvents } from "../facts/Fact.ts"
import * as FactCodec from "../facts/FactCodec.ts"
import type { Place } from "../facts/FactEvents.ts"
import * as FactEvents from "../facts/FactEvents.ts"
import type { Sources } from "../facts/FactReader.ts"
import type { Read } from "../log/EventLog.ts"
import * as EventIds from "../types/EventIds.ts"
import { sessionOf, streamOf } from "../types/SessionStream.ts"
import * as SqliteTenant from "./SqliteTenant.ts"

const columns = [
  "position",
  "stream",
  "version",
  "count",
  "id",
  "request_id",
  "session_id",
  "parent_session_id",
  "principal",
  "provider",
  "time",
  "shape",
  "fact",
  "base",
  "tenant"
]

export const insert = `INSERT INTO facts (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`

/** A session whose own stream the fact stands in, as most do: its id stands there. */
const ofStream = ""

/** A request whose own event is the first of the fact: its id is that event's, but for the counter. */
const ofFirst = ""

const requestOf = (id: string): string => EventIds.nth(id, 0)

/** Values in the order of the columns. */
export const toRow = (
  fact: Fact,
  { position, stream, version }: Place,
  count: number,
  shape: number,
  bytes: Uint8Array
): Array<SQLInputValue> => {
  const id = FactEvents.idOf(fact)
  return [
    position,
    stream,
    version,
    count,
    id,
    fact.requestId === requestOf(id) ? ofFirst : fact.requestId,
    fact.sessionId !== null && stream === streamOf(fact.sessionId) ? ofStream : fact.sessionId,
    fact.parentSessionId,
    fact.principal,
    fact.call?.provider ?? null,
    fact.parts[0]!.time,
    shape,
    bytes,
    BodyReference.baseOf(fact)?.position ?? null,
    fact.tenant
  ]
}

/** The request of a row. */
const ofRequest = `CASE request_id WHEN '${ofFirst}' THEN substr(id, 1, 32) || '0000' ELSE request_id END`

/** A row as an array, in the order of what is selected. */
export type Row = ReadonlyArray<SQLOutputValue>

const selected =
  "position, stream, version, count, id, request_id, session_id, parent_session_id, principal, tenant, fact"

export interface StoredFact {
  readonly fact: Fact
  readonly place: Place
  readonly count: number
}

/** `sources`: of what it refers to. */
export const toFact = (row: Row, sources: Sources): StoredFact => {
  const [position, stream, version, count, id, requestId, sessionId, parentSessionId, principal, tenant, fact] = row
  return {
    place: { position: position as number, stream: stream as string, version: version as number },
    count: count as number,
    fact: FactCodec.decode(fact as Uint8Array, {
      tenant: tenant as string,
      requestId: requestId === ofFirst ? requestOf(id as string) : requestId as string,
      sessionId: sessionId === ofStream ? sessionOf(stream as string) ?? null : sessionId as string | null,
      parentSessionId: parentSessionId as string | null,
      principal: principal as string | null
    }, sources)
  }
}

export const selectBytes = "SELECT fact FROM facts WHERE position = ?"

/** The facts that refer to one. */
export const selectReferring = `SELECT ${selected} FROM facts WHERE base = ? ORDER BY position`

export const update = "UPDATE facts SET fact = ?, base = ? WHERE position = ?"

/** All texts that begin like the one at a place. */
const startsWith = (column: string, place: string) => `${column} >= ${place} AND ${column} < ${place} || '~'`

/** The facts that may hold what a filter lets through, in order; the same filter always gives the same text. */
export const select = (
  read: Omit<Read, "limit">,
  shapes: ReadonlyArray<number> | undefined
): { readonly sql: string; readonly parameters: ReadonlyArray<SQLInputValue> } => {
  const isOfStream = read.sessionId !== undefined || read.stream !== undefined
  const isIndexed = isOfStream || read.streams !== undefined || read.id !== undefined || read.requestId !== undefined
  const parameters: Array<SQLInputValue> = []
  const add = (value: SQLInputValue) => `?${parameters.push(value)}`
  // Few facts are of a stream or a request: the planner must not walk the whole log for them.
  const clauses = [`${isIndexed ? "+" : ""}position > ${add(read.after - mostEvents)}`]
  const tenant = SqliteTenant.clause("facts", read, add)
  if (tenant !== undefined) clauses.push(tenant)
  if (read.id !== undefined) {
    const prefix = EventIds.commonOf(read.id)
    const begun = startsWith("stream", add(streamOf(prefix)))
    clauses.push(
      `position IN (SELECT position FROM facts WHERE ${startsWith("id", add(prefix))}
       UNION ALL SELECT position FROM facts WHERE tenant = '' AND ${begun} AND version = 1
       UNION ALL SELECT position FROM facts WHERE tenant <> '' AND ${begun} AND version = 1)`
    )
  }
  if (read.requestId !== undefined) {
    const prefix = add(EventIds.commonOf(read.requestId))
    const request = add(read.requestId)
    clauses.push(`${startsWith("id", prefix)} AND ${request} = ${ofRequest}`)
  }
  if (read.sessionId !== undefined) clauses.push(`stream = ${add(streamOf(read.sessionId))}`)
  if (read.stream !== undefined) clauses.push(`stream = ${add(read.stream)}`)
  if (read.streams !== undefined) {
    clauses.push(`stream IN (SELECT value FROM json_each(${add(JSON.stringify(read.streams))}))`)
  }
  if (read.provider !== undefined) clauses.push(`provider = ${add(read.provider)}`)
  if (shapes !== undefined) clauses.push(`shape IN (${shapes.join(", ")})`)
  // In one stream they are in the same order.
  const order = isOfStream && read.tenant !== undefined ? "version" : "position"
  return {
    sql: `SELECT ${selected} FROM facts WHERE ${clauses.join(" AND ")} ORDER BY ${
      read.streams === undefined ? "" : "+"
    }${order}`,
    parameters
  }
}
