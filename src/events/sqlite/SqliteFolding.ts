/**
 * Folds the log into the tables of the projections behind the writer: no append waits for it. What was just written is
 * folded from memory, what an earlier process left is read again.
 */
import type { DatabaseSync, StatementSync } from "node:sqlite"
import { expand } from "../facts/Expansion.ts"
import type { Appendable } from "../facts/Fact.ts"
import type { Place } from "../facts/FactEvents.ts"
import type { RecordedEvent } from "../types/Envelope.ts"
import type { Lift } from "../types/Upcasting.ts"
import type { SqliteProjections } from "./SqliteProjections.ts"
import type { SqliteReader } from "./SqliteReader.ts"

/** What was appended, and where: an event or a fact. */
export interface Written {
  readonly appended: Appendable
  readonly place: Place
  /** Events that it stands for. */
  readonly count: number
  /** As it is stored. */
  readonly bytes: number
}

/** Bytes of what was written that wait in memory to be folded; beyond, the log is read again. */
const mostBytes = 16 * 1024 * 1024

/** Events of one transaction: requests wait for it. */
const sliceSize = 64

export class SqliteFolding {
  readonly #database: DatabaseSync
  readonly #projections: SqliteProjections
  readonly #reader: SqliteReader
  readonly #lift: Lift
  readonly #select: StatementSync
  /** Undefined until this process has folded. */
  #folded: number | undefined
  #waiting: Array<Written> = []
  #bytes = 0

  constructor(database: DatabaseSync, projections: SqliteProjections, reader: SqliteReader, lift: Lift) {
    this.#database = database
    this.#projections = projections
    this.#reader = reader
    this.#lift = lift
    this.#select = database.prepare("SELECT projected FROM log_state")
  }

  /** Everything up to here is in the tables; another process may have folded it. */
  get position(): number {
    return this.#folded ?? Number(this.#select.get()?.["projected"])
  }

  /** Remembers what is committed. */
  written(written: ReadonlyArray<Written>): void {
    if (this.#projections.tables.size === 0) return
    for (const each of written) {
      this.#waiting.push(each)
      this.#bytes += each.bytes
    }
    if (this.#bytes > mostBytes) this.forget()
  }

  /** The log is read again, and how far the tables are. */
  forget(): void {
    this.#folded = undefined
    this.#waiting = []
    this.#bytes = 0
  }

  /** Folds a slice; false where the tables hold all that stands in the log up to `head`. */
  fold(head: number): boolean {
    const { position } = this
    if (position >= head) return false
    const [events, through] = this.#fromMemory(position) ?? this.#fromLog(position)
    this.#database.exec("BEGIN IMMEDIATE")
    try {
      for (const event of events) this.#projections.apply(this.#lift(event))
      this.#projections.store()
      this.#database.prepare("UPDATE log_state SET projected = ?").run(through)
      this.#database.exec("COMMIT")
      this.#projections.committed()
      this.#folded = through
    } catch (cause) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK")
      this.#projections.rolledBack()
      this.forget()
      throw cause
    }
    return through < head
  }

  /** Undefined where what comes next is not in memory. */
  #fromMemory(after: number): [events: Array<RecordedEvent>, through: number] | undefined {
    const behind = this.#waiting.findIndex(({ count, place }) => place.position + count - 1 > after)
    this.#drop(behind === -1 ? this.#waiting.length : behind)
    const [first] = this.#waiting
    if (first === undefined || first.place.position > after + 1) return undefined
    const { types } = this.#projections
    const events: Array<RecordedEvent> = []
    let taken = 0
    let through = after
    for (const { appended, count, place } of this.#waiting) {
      if (events.length >= sliceSize || place.position > through + 1) break
      events.push(...expand([appended], place, ({ position, type }) => position > after && types.has(type)))
      through = place.position + count - 1
      taken++
    }
    this.#drop(taken)
    return [events, through]
  }

  #drop(count: number): void {
    for (const { bytes } of this.#waiting.splice(0, count)) this.#bytes -= bytes
  }

  #fromLog(after: number): [events: ReadonlyArray<RecordedEvent>, through: number] {
    const { head } = this.#reader
    const types = [...this.#projections.types.keys()]
    const events = this.#reader.read({ after, types, limit: sliceSize })
    return [events, events.length < sliceSize ? head : events.at(-1)!.position]
  }
}
