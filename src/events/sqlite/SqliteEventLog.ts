/** The log in one SQLite file, through `node:sqlite`. */
import { Effect, Stream } from "effect"
import type { DatabaseSync, StatementSync } from "node:sqlite"
import type { Append, Read } from "../log/EventLog.ts"
import { EventLog } from "../log/EventLog.ts"
import type { RecordedEvent } from "../types/Envelope.ts"
import { attempt } from "./SqliteAttempt.ts"
import type { SqliteCheckpoint } from "./SqliteCheckpoint.ts"
import * as SqliteRows from "./SqliteRows.ts"
import type { SqliteWriter } from "./SqliteWriter.ts"

const sizeOf = (group: ReadonlyArray<Append>): number => {
  let size = 0
  for (const { events } of group) for (const { payload } of events) size += payload.length
  return size
}

/** Reads rows; each query is prepared once. */
export const makeReader = (database: DatabaseSync) => {
  const statements = new Map<string, StatementSync>()
  return (options: Read): ReadonlyArray<RecordedEvent> => {
    const { parameters, sql } = SqliteRows.select(options)
    let statement = statements.get(sql)
    if (statement === undefined) {
      statements.set(sql, statement = database.prepare(sql))
      statement.setReturnArrays(true)
    }
    return (statement.all(...parameters) as unknown as ReadonlyArray<SqliteRows.Row>).map(SqliteRows.toEvent)
  }
}

export const readHead = (database: DatabaseSync): number =>
  Number(database.prepare("SELECT max(position) AS position FROM events").get()?.["position"] ?? 0)

/** `writer`: undefined where the log is only read. */
export const make = (
  database: DatabaseSync,
  writer: SqliteWriter | undefined,
  checkpoint: SqliteCheckpoint | undefined
): EventLog["Service"] => {
  const read = makeReader(database)
  return EventLog.of({
    commit: (group) =>
      attempt("be written", () => {
        if (writer === undefined) throw new Error("it was opened to be read")
        const results = writer.commit(group)
        checkpoint?.written(sizeOf(group))
        return results
      }),
    read: (options) => attempt("be read", () => read(options)),
    head: writer === undefined
      ? attempt("be read", () => readHead(database))
      : Effect.sync(() => writer.head),
    changes: Stream.never
  })
}
