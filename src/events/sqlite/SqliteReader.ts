/** Reads the events of the log one by one, in order: rows of their own, and those that facts stand for. */
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite"
import { BaseTexts } from "../facts/BaseTexts.ts"
import * as FactCodec from "../facts/FactCodec.ts"
import * as FactEvents from "../facts/FactEvents.ts"
import type { Sources } from "../facts/FactReader.ts"
import type { CutPayload } from "../facts/Passage.ts"
import * as PayloadBytes from "../facts/PayloadBytes.ts"
import { StoredPayloads } from "../facts/StoredPayloads.ts"
import type { Read } from "../log/EventLog.ts"
import { matches } from "../log/EventLog.ts"
import type { RecordedEvent } from "../types/Envelope.ts"
import type { FactShapes } from "./FactShapes.ts"
import { mergedByPosition } from "./MergedByPosition.ts"
import * as SqliteFacts from "./SqliteFacts.ts"
import * as SqliteRows from "./SqliteRows.ts"

interface Query {
  readonly sql: string
  readonly parameters: ReadonlyArray<SQLInputValue>
}

export class SqliteReader {
  readonly #database: DatabaseSync
  readonly #shapes: FactShapes
  /** False of a file that an earlier version wrote, opened to be read. */
  readonly #hasFacts: boolean
  /** Each query is prepared once. */
  readonly #statements = new Map<string, StatementSync>()
  readonly #payloads = new StoredPayloads((position, part) => this.#storedAt(position, part))
  readonly #bases = new BaseTexts((position) => this.#bytesAt(position), this.#payloads.of)
  readonly #sources: Sources = { textOf: this.#bases.of, payloadOf: this.#payloads.of }

  constructor(database: DatabaseSync, shapes: FactShapes) {
    this.#database = database
    this.#shapes = shapes
    this.#hasFacts = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'facts'").get() !== undefined
  }

  read(options: Read): ReadonlyArray<RecordedEvent> {
    const events: Array<RecordedEvent> = []
    if (options.limit === 0) return events
    try {
      for (const event of mergedByPosition(this.#ofRows(options), this.#ofFacts(options))) {
        events.push(event)
        if (events.length === options.limit) break
      }
      return events
    } catch (cause) {
      // A statement that failed is not tried again.
      this.#statements.clear()
      throw cause
    }
  }

  /** Position of the last event; 0 when empty. */
  get head(): number {
    const ofFacts = this.#hasFacts ? "(SELECT position + count - 1 FROM facts ORDER BY position DESC LIMIT 1)" : "0"
    const sql = `SELECT max(coalesce((SELECT max(position) FROM events), 0), coalesce(${ofFacts}, 0))`
    return this.#prepare(sql).all()[0]![0] as unknown as number
  }

  /** Facts a filter may find events in. */
  *facts(options: Omit<Read, "limit">): Generator<SqliteFacts.StoredFact, undefined> {
    if (!this.#hasFacts || !FactEvents.mayHold(options)) return undefined
    const shapes = this.#shapes.matching(options)
    if (shapes?.length === 0) return undefined
    for (const row of this.#iterate(SqliteFacts.select(options, shapes))) yield SqliteFacts.toFact(row, this.#sources)
    return undefined
  }

  /** Facts that refer to the one at a position. */
  referringTo(position: number): ReadonlyArray<SqliteFacts.StoredFact> {
    const rows = this.#prepare(SqliteFacts.selectReferring).all(position) as unknown as ReadonlyArray<SqliteFacts.Row>
    return rows.map((row) => SqliteFacts.toFact(row, this.#sources))
  }

  /** Facts were pruned: what they held is not remembered. */
  pruned(): void {
    this.#bases.clear()
  }

  #bytesAt(position: number): Uint8Array | undefined {
    const row = this.#prepare(SqliteFacts.selectBytes).get(position) as unknown as SqliteFacts.Row | undefined
    return row?.[0] as Uint8Array | undefined
  }

  #storedAt(position: number, part: number): CutPayload | undefined {
    const bytes = this.#bytesAt(position)
    if (bytes !== undefined) return FactCodec.storedPayload(bytes, part)
    const row = this.#prepare(SqliteRows.selectPayload).get(position) as unknown as SqliteRows.Row | undefined
    if (row === undefined) return undefined
    const [payload, compressed] = row
    return compressed === null ? { stored: payload as string, cuts: [] } : PayloadBytes.read(compressed as Uint8Array)
  }

  *#ofFacts(options: Read): Generator<RecordedEvent, undefined> {
    for (const { fact, place } of this.facts(options)) {
      yield* FactEvents.derive(fact, place, (head) => head.position > options.after && matches(options, head))
    }
    return undefined
  }

  *#ofRows(options: Read): Generator<RecordedEvent, undefined> {
    for (const row of this.#iterate(SqliteRows.select(options))) yield SqliteRows.toEvent(row, this.#payloads.of)
    return undefined
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql)
    if (statement === undefined) {
      this.#statements.set(sql, statement = this.#database.prepare(sql))
      statement.setReturnArrays(true)
    }
    return statement
  }

  #iterate({ parameters, sql }: Query): Iterable<SqliteRows.Row> {
    return this.#prepare(sql).iterate(...parameters) as unknown as Iterable<SqliteRows.Row>
  }
}
