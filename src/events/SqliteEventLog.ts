/** The log in one SQLite file, through `node:sqlite`. */
import { Effect, Layer, Result } from "effect"
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite"
import type { RecordedEvent } from "./Envelope.ts"
import type { Append, Appended, Read, VersionConflict } from "./EventLog.ts"
import { conflictOf, EventLog, EventLogUnavailable } from "./EventLog.ts"
import * as SqliteCheckpoint from "./SqliteCheckpoint.ts"
import * as SqliteDatabase from "./SqliteDatabase.ts"
import * as SqliteRows from "./SqliteRows.ts"

/** Streams whose version is kept in memory; the rest is looked up. */
const cachedStreams = 10_000

const unavailable = (operation: string) => (cause: unknown) =>
  new EventLogUnavailable({ operation, reason: cause instanceof Error ? cause.message : String(cause) })

/** Knows the version of each stream; forgets what a rolled back transaction told it. */
const makeVersions = (database: DatabaseSync) => {
  const select = database.prepare("SELECT max(version) AS version FROM events WHERE stream = ?")
  const cache = new Map<string, number>()
  return {
    get: (stream: string): number => cache.get(stream) ?? Number(select.get(stream)?.["version"] ?? 0),
    set: (stream: string, version: number) => {
      cache.delete(stream)
      cache.set(stream, version)
      if (cache.size > cachedStreams) cache.delete(cache.keys().next().value ?? "")
    },
    clear: () => cache.clear()
  }
}

const sizeOf = (group: ReadonlyArray<Append>): number => {
  let size = 0
  for (const { events } of group) for (const { payload } of events) size += payload.length
  return size
}

const makeReader = (database: DatabaseSync) => {
  const statements = new Map<string, StatementSync>()
  return (options: Read): ReadonlyArray<RecordedEvent> => {
    const { parameters, sql } = SqliteRows.select(options)
    let statement = statements.get(sql)
    if (statement === undefined) statements.set(sql, statement = database.prepare(sql))
    return statement.all(...parameters).map(SqliteRows.toEvent)
  }
}

const make = Effect.fn("SqliteEventLog.make")(function*(options: SqliteDatabase.Options) {
  const database = yield* SqliteDatabase.open(options)
  const insert = database.prepare(SqliteRows.insert)
  const selectHead = database.prepare("SELECT max(position) AS position FROM events")
  const readHead = () => Number(selectHead.get()?.["position"] ?? 0)
  const begin = database.prepare("BEGIN IMMEDIATE")
  const end = database.prepare("COMMIT")
  const checkpoint = options.access === "write"
    ? yield* SqliteCheckpoint.make(SqliteDatabase.fileOf(options.folder))
    : undefined
  const versions = makeVersions(database)
  const read = makeReader(database)
  let head = readHead()

  const append = (append: Append): Result.Result<Appended, VersionConflict> => {
    let version = versions.get(append.stream)
    const conflict = conflictOf(append, version)
    if (conflict !== undefined) return Result.fail(conflict)
    for (const draft of append.events) {
      insert.run(...SqliteRows.toRow(++head, append.stream, ++version, draft) as Array<SQLInputValue>)
    }
    versions.set(append.stream, version)
    return Result.succeed({ version, position: head })
  }

  const commit = (group: ReadonlyArray<Append>) => {
    const before = head
    try {
      begin.run()
      const results = group.map(append)
      end.run()
      checkpoint?.written(sizeOf(group))
      return results
    } catch (cause) {
      head = before
      versions.clear()
      if (database.isTransaction) database.exec("ROLLBACK")
      throw cause
    }
  }

  return EventLog.of({
    commit: (group) => Effect.try({ try: () => commit(group), catch: unavailable("be written") }),
    read: (options) => Effect.try({ try: () => read(options), catch: unavailable("be read") }),
    head: options.access === "write"
      ? Effect.sync(() => head)
      : Effect.try({ try: readHead, catch: unavailable("be read") })
  })
})

export const layer = (options: SqliteDatabase.Options) => Layer.effect(EventLog, make(options))
