/** Commits groups of appends in one transaction: events, projections and the state of the log. */
import { Result } from "effect"
import type { DatabaseSync, SQLInputValue } from "node:sqlite"
import type { Append, Appended, AppendRefused } from "../log/EventLog.ts"
import { conflictOf, EventIdTaken } from "../log/EventLog.ts"
import type { EventDraft } from "../types/Envelope.ts"
import * as Compression from "./Compression.ts"
import { isIdTaken } from "./SqliteAttempt.ts"
import type { SqliteProjections } from "./SqliteProjections.ts"
import * as SqliteRows from "./SqliteRows.ts"
import { StreamVersions } from "./StreamVersions.ts"

type AppendResult = Result.Result<Appended, AppendRefused>

/** Bytes of prunable payload, by level. */
interface Written {
  debug: number
  raw: number
}

export class SqliteWriter {
  readonly #database: DatabaseSync
  readonly #projections: SqliteProjections
  readonly #versions: StreamVersions
  readonly #statements
  #written: Written = { debug: 0, raw: 0 }
  head: number

  constructor(database: DatabaseSync, projections: SqliteProjections, head: number) {
    this.#database = database
    this.#projections = projections
    this.#versions = new StreamVersions(database)
    this.head = head
    this.#statements = {
      begin: database.prepare("BEGIN IMMEDIATE"),
      commit: database.prepare("COMMIT"),
      insert: database.prepare(SqliteRows.insert),
      find: database.prepare("SELECT id, stream, version, position FROM events WHERE id = ?"),
      state: database.prepare(
        "UPDATE log_state SET projected = ?, debug_bytes = debug_bytes + ?, raw_bytes = raw_bytes + ?"
      )
    }
  }

  /** Ids are looked for only where one turns out to be taken. */
  commit(group: ReadonlyArray<Append>): ReadonlyArray<AppendResult> {
    try {
      return this.#transact(group, (append) => this.#append(append))
    } catch (cause) {
      if (!isIdTaken(cause)) throw cause
      return this.#transact(group, (append) => this.#again(append) ?? this.#append(append))
    }
  }

  #transact(group: ReadonlyArray<Append>, append: (append: Append) => AppendResult): ReadonlyArray<AppendResult> {
    const before = this.head
    const { begin, commit, state } = this.#statements
    try {
      this.#written = { debug: 0, raw: 0 }
      begin.run()
      const results = group.map(append)
      if (this.head > before) {
        this.#projections.store()
        state.run(this.head, this.#written.debug, this.#written.raw)
      }
      commit.run()
      this.#projections.committed()
      return results
    } catch (cause) {
      this.head = before
      this.#versions.clear()
      this.#projections.rolledBack()
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK")
      throw cause
    }
  }

  #append(append: Append): AppendResult {
    const { events, stream } = append
    let version = this.#versions.get(stream)
    const conflict = conflictOf(append, version)
    if (conflict !== undefined) return this.#again(append) ?? Result.fail(conflict)
    for (const draft of events) this.#insert(stream, ++version, draft)
    this.#versions.set(stream, version)
    return Result.succeed({ version, position: this.head })
  }

  #insert(stream: string, version: number, draft: EventDraft): void {
    const payload = Compression.stored(draft)
    this.#statements.insert.run(
      ...SqliteRows.toRow(++this.head, stream, version, draft, payload) as Array<SQLInputValue>
    )
    if (draft.level !== "default") {
      this.#written[draft.level] += typeof payload === "string" ? Buffer.byteLength(payload) : payload.length
    }
    this.#projections.apply(stream, version, this.head, draft)
  }

  /** What the same append came to before; undefined where none of its events is known. */
  #again({ events, stream }: Append): AppendResult | undefined {
    const known = events.map(({ id }) => this.#statements.find.get(id))
    const first = known.find((row) => row !== undefined) ?? twice(events, stream, this.head)
    if (first === undefined) return undefined
    const start = Number(known[0]?.["version"])
    const same = known.every((row, index) => row?.["stream"] === stream && row["version"] === start + index)
    const last = known.at(-1)
    return same
      ? Result.succeed({ version: Number(last?.["version"]), position: Number(last?.["position"]) })
      : Result.fail(
        new EventIdTaken({
          id: String(first["id"]),
          stream: String(first["stream"]),
          position: Number(first["position"])
        })
      )
  }
}

/** An id that stands twice in one append. */
const twice = (events: ReadonlyArray<EventDraft>, stream: string, head: number) => {
  const ids = new Set<string>()
  for (const [index, { id }] of events.entries()) {
    if (ids.has(id)) return { id, stream, position: head + index }
    ids.add(id)
  }
  return undefined
}
