/**
 * Folds the log into the tables of the projections behind the writer: no append waits for it. What was just written is
 * folded from memory, what an earlier process left is read again.
 */
import { Effect } from "effect"
import type { DatabaseSync } from "node:sqlite"
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

/** Bytes of what was written that wait as they were written; beyond, what is not folded of it is let go. */
const mostBytes = 4 * 1024 * 1024

/** Characters of payload that wait in memory to be folded; beyond, the log is read again. */
const mostCharacters = 16 * 1024 * 1024

/** Events of one transaction: requests wait for it. */
const sliceSize = 256

export class SqliteFolding {
  readonly #projections: SqliteProjections
  readonly #reader: SqliteReader
  readonly #lift: Lift
  readonly #database: DatabaseSync
  readonly #statements
  /** Undefined until this process has folded. */
  #folded: number | undefined
  /** As it was written, and its bytes. */
  #written: Array<Written> = []
  #bytes = 0
  #wake: (() => void) | undefined
  /** The events to fold that stand behind `#from`, up to `#through`; the first `#taken` of them were taken. */
  #waiting: Array<RecordedEvent> = []
  #taken = 0
  #characters = 0
  #from = 0
  #through = 0

  constructor(database: DatabaseSync, projections: SqliteProjections, reader: SqliteReader, lift: Lift) {
    this.#database = database
    this.#projections = projections
    this.#reader = reader
    this.#lift = lift
    this.#statements = {
      select: database.prepare("SELECT projected FROM log_state"),
      begin: database.prepare("BEGIN IMMEDIATE"),
      update: database.prepare("UPDATE log_state SET projected = ?"),
      commit: database.prepare("COMMIT")
    }
  }

  /** Everything up to here is in the tables; another process may have folded it. */
  get position(): number {
    return this.#folded ?? Number(this.#statements.select.get()?.["projected"])
  }

  /** Remembers what is committed: its events are made when they are folded. */
  written(written: ReadonlyArray<Written>): void {
    if (this.#projections.tables.size === 0) return
    for (const each of written) {
      this.#written.push(each)
      this.#bytes += each.bytes
    }
    if (this.#bytes > mostBytes) this.#expand()
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
  }

  /** Until something is written that is not folded. */
  readonly whenWritten: Effect.Effect<void> = Effect.callback((resume) => {
    if (this.#written.length > 0) return resume(Effect.void)
    this.#wake = () => resume(Effect.void)
    return Effect.sync(() => {
      this.#wake = undefined
    })
  })

  #expand(): void {
    const { types } = this.#projections
    const [first] = this.#written
    if (first === undefined) return
    if (first.place.position !== this.#through + 1) this.#empty(first.place.position - 1)
    for (const { appended, count, place } of this.#written) {
      for (const event of expand([appended], place, types)) {
        this.#waiting.push(event)
        this.#characters += event.payload.length
      }
      this.#through = place.position + count - 1
    }
    this.#written = []
    this.#bytes = 0
    if (this.#characters > mostCharacters) this.#empty(this.#through)
  }

  /** The log is read again, and how far the tables are. */
  forget(): void {
    this.#folded = undefined
    this.#expand()
    this.#empty(this.#through)
  }

  #empty(from: number): void {
    this.#waiting = []
    this.#taken = 0
    this.#characters = 0
    this.#from = from
    this.#through = from
  }

  /** Folds a slice; false where the tables hold all that stands in the log up to `head`. */
  fold(head: number): boolean {
    const { position } = this
    if (position >= head) return false
    this.#expand()
    const isInMemory = position >= this.#from && position < this.#through
    const [events, through] = isInMemory ? this.#fromMemory(position) : this.#fromLog(position)
    const { begin, commit, update } = this.#statements
    begin.run()
    try {
      for (const event of events) this.#projections.apply(this.#lift(event))
      this.#projections.store()
      update.run(through)
      commit.run()
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

  #fromMemory(after: number): [events: ReadonlyArray<RecordedEvent>, through: number] {
    const events: Array<RecordedEvent> = []
    for (let next = this.#waiting[this.#taken]; next !== undefined; next = this.#waiting[this.#taken]) {
      if (events.length === sliceSize) return [events, events.at(-1)!.position]
      this.#taken++
      this.#characters -= next.payload.length
      if (next.position > after) events.push(next)
    }
    const through = this.#through
    this.#empty(through)
    return [events, through]
  }

  #fromLog(after: number): [events: ReadonlyArray<RecordedEvent>, through: number] {
    const { head } = this.#reader
    const types = [...this.#projections.types.keys()]
    const events = this.#reader.read({ after, types, limit: sliceSize })
    return [events, events.length < sliceSize ? head : events.at(-1)!.position]
  }
}
