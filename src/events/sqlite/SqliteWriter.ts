/** Commits groups of appends in one transaction: events, facts and the state of the log. */
import { Result } from "effect"
import type { DatabaseSync, SQLInputValue } from "node:sqlite"
import type { Appendable } from "../facts/Fact.ts"
import * as Fact from "../facts/Fact.ts"
import * as FactCodec from "../facts/FactCodec.ts"
import type { Place } from "../facts/FactEvents.ts"
import * as FactEvents from "../facts/FactEvents.ts"
import * as FactPruning from "../facts/FactPruning.ts"
import type { BodyTransaction, RecentBodies } from "../facts/RecentBodies.ts"
import type { PassageTransaction } from "../facts/RecentPassages.ts"
import { RecentPassages } from "../facts/RecentPassages.ts"
import type { Append, Appended, AppendRefused } from "../log/EventLog.ts"
import { conflictOf, EventIdTaken, tenantOf } from "../log/EventLog.ts"
import type { EventDraft, RecordedEvent } from "../types/Envelope.ts"
import * as Compression from "./Compression.ts"
import { FactIds, IdTaken } from "./FactIds.ts"
import type { FactShapes } from "./FactShapes.ts"
import { isIdTaken } from "./SqliteAttempt.ts"
import * as SqliteFacts from "./SqliteFacts.ts"
import type { SqliteFolding, Written } from "./SqliteFolding.ts"
import type { SqliteReader } from "./SqliteReader.ts"
import * as SqliteRows from "./SqliteRows.ts"
import { StreamVersions } from "./StreamVersions.ts"

type AppendResult = Result.Result<Appended, AppendRefused>

/** Bytes of prunable payload, by level. */
interface Bytes {
  debug: number
  raw: number
}

export interface Parts {
  readonly reader: SqliteReader
  readonly shapes: FactShapes
  readonly folding: SqliteFolding
  readonly bodies: RecentBodies
}

export class SqliteWriter {
  readonly #database: DatabaseSync
  readonly #reader: SqliteReader
  readonly #shapes: FactShapes
  readonly #folding: SqliteFolding
  readonly #versions: StreamVersions
  readonly #ids: FactIds
  readonly #statements
  readonly #recent: RecentBodies
  readonly #recentPassages = new RecentPassages()
  /** Of the transaction. */
  #bodies: BodyTransaction
  #passages: PassageTransaction = this.#recentPassages.transaction()
  #bytes: Bytes = { debug: 0, raw: 0 }
  #written: Array<Written> = []
  head: number

  constructor(database: DatabaseSync, { bodies, folding, reader, shapes }: Parts) {
    this.#database = database
    this.#reader = reader
    this.#shapes = shapes
    this.#folding = folding
    this.#recent = bodies
    this.#bodies = bodies.transaction()
    this.#versions = new StreamVersions(database)
    this.#ids = new FactIds(database, reader)
    this.head = reader.head
    this.#statements = {
      begin: database.prepare("BEGIN IMMEDIATE"),
      commit: database.prepare("COMMIT"),
      insert: database.prepare(SqliteRows.insert),
      insertFact: database.prepare(SqliteFacts.insert),
      state: database.prepare("UPDATE log_state SET debug_bytes = debug_bytes + ?, raw_bytes = raw_bytes + ?")
    }
  }

  /** Bytes of the last transaction. */
  get bytes(): number {
    let sum = 0
    for (const { bytes } of this.#written) sum += bytes
    return sum
  }

  /** Ids are looked for only where one turns out to be taken. */
  commit(group: ReadonlyArray<Append>): ReadonlyArray<AppendResult> {
    try {
      return this.#transact(group, (append) => this.#append(append))
    } catch (cause) {
      if (!isIdTaken(cause) && !(cause instanceof IdTaken)) throw cause
      return this.#transact(group, (append) => this.#again(append) ?? this.#append(append))
    }
  }

  #transact(group: ReadonlyArray<Append>, append: (append: Append) => AppendResult): ReadonlyArray<AppendResult> {
    const before = this.head
    const { begin, commit, state } = this.#statements
    try {
      this.#bytes = { debug: 0, raw: 0 }
      this.#written = []
      this.#bodies = this.#recent.transaction()
      this.#passages = this.#recentPassages.transaction()
      begin.run()
      const results = group.map(append)
      if (this.#bytes.debug + this.#bytes.raw > 0) state.run(this.#bytes.debug, this.#bytes.raw)
      commit.run()
      this.#bodies.committed()
      this.#passages.committed()
      this.#folding.written(this.#written)
      return results
    } catch (cause) {
      this.head = before
      this.#versions.clear()
      this.#ids.rolledBack()
      this.#shapes.rolledBack()
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK")
      throw cause
    }
  }

  #append(append: Append): AppendResult {
    const { events, stream } = append
    const [first] = events
    const begins = first !== undefined && Fact.isFact(first) && FactEvents.beginsStream(first)
    const tenant = tenantOf(append)
    let version = begins ? 0 : this.#versions.get(tenant, stream)
    const conflict = conflictOf(append, version)
    if (conflict !== undefined) return this.#again(append) ?? Result.fail(conflict)
    for (const each of events) version += this.#insert(each, { stream, version: version + 1, position: this.head + 1 })
    this.#versions.set(tenant, stream, version)
    return Result.succeed({ version, position: this.head })
  }

  /** Gives how many events it stands for. */
  #insert(each: Appendable, place: Place): number {
    const count = Fact.countOf(each)
    const bytes = Fact.isFact(each) ? this.#insertFact(each, place, count) : this.#insertEvent(each, place)
    this.head += count
    this.#written.push({ appended: each, place, count, bytes })
    return count
  }

  #insertFact(given: Fact.Fact, place: Place, count: number): number {
    this.#ids.take(given)
    const referring = this.#bodies.refer(given, place)
    const { fact, find } = this.#passages.ofFact(referring, place) ?? { fact: referring, find: undefined }
    const bytes = FactCodec.encode(fact, find)
    this.#statements.insertFact.run(...SqliteFacts.toRow(fact, place, count, this.#shapes.idOf(fact), bytes))
    const { debug, raw } = FactPruning.charactersOf(fact)
    this.#bytes.debug += debug
    this.#bytes.raw += raw
    return bytes.length
  }

  #insertEvent(draft: EventDraft, place: Place): number {
    this.#ids.takeOne(draft.id)
    const payload = Compression.stored(draft, this.#passages.ofEvent(draft, place))
    const { position, stream, version } = place
    this.#statements.insert.run(
      ...SqliteRows.toRow(position, stream, version, draft, payload) as Array<SQLInputValue>
    )
    const bytes = typeof payload === "string" ? Buffer.byteLength(payload) : payload.length
    if (draft.level !== "default") this.#bytes[draft.level] += bytes
    return bytes
  }

  /** What the same append came to before; undefined where none of its events stands in the log. */
  #again(append: Append): AppendResult | undefined {
    const { events, stream } = append
    const tenant = tenantOf(append)
    const ids = events.flatMap(FactEvents.idsOf)
    const stored = ids.map((id) => this.#find(id))
    const first = stored.find((event) => event !== undefined) ?? twice(ids, stream, this.head)
    if (first === undefined) return undefined
    const start = stored[0]?.version ?? 0
    const same = stored.every((event, index) =>
      event?.tenant === tenant && event.stream === stream && event.version === start + index
    )
    const last = stored.at(-1)
    return same && last !== undefined
      ? Result.succeed({ version: last.version, position: last.position })
      : Result.fail(new EventIdTaken({ id: first.id, stream: first.stream, position: first.position }))
  }

  #find(id: string): RecordedEvent | undefined {
    return this.#reader.read({ after: 0, id, limit: 1 })[0]
  }
}

/** An id that stands twice in one append. */
const twice = (ids: ReadonlyArray<string>, stream: string, head: number) => {
  const earlier = new Set<string>()
  for (const [index, id] of ids.entries()) {
    if (earlier.has(id)) return { id, stream, position: head + index }
    earlier.add(id)
  }
  return undefined
}
