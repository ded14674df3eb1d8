/**
 * Folds the log into the tables of the projections behind the writer: no append waits for it. What was just written is
 * folded from memory, what an earlier process left is read again.
 */
import { Effect } from "effect"
import type { DatabaseSync } from "node:sqlite"
import { expand } from "../facts/Expansion.ts"
import type { Appendable } from "../facts/Fact.ts"
import type { Place } from "../facts/FactEvents.ts"
import * as FactEvents from "../facts/FactEvents.ts"
import type { Slice } from "../projections/UnfoldedEvents.ts"
import { UnfoldedEvents } from "../projections/UnfoldedEvents.ts"
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

/** Events that are folded at once: requests wait for it. */
const sliceSize = 256

/** Rows that are stored at once, but for those of the last slice: requests wait for it. A row that changes before is stored once. */
const mostRows = 1024

export class SqliteFolding {
  readonly #projections: SqliteProjections
  readonly #reader: SqliteReader
  readonly #lift: Lift
  readonly #types: FactEvents.Types
  readonly #database: DatabaseSync
  readonly #statements
  /** Undefined until this process has folded. */
  #folded: number | undefined
  /** Up to here events are folded whose rows may still have to be stored; undefined: all rows are stored. */
  #ahead: number | undefined
  /** As it was written, and its bytes. */
  #written: Array<Written> = []
  #bytes = 0
  #wake: (() => void) | undefined
  readonly #unfolded = new UnfoldedEvents()

  constructor(database: DatabaseSync, projections: SqliteProjections, reader: SqliteReader, lift: Lift) {
    this.#database = database
    this.#projections = projections
    this.#reader = reader
    this.#lift = lift
    this.#types = FactEvents.typesOf(projections.types.keys())
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
    const written = this.#written
    const [first] = written
    if (first === undefined) return
    this.#written = []
    this.#bytes = 0
    const last = written.at(-1)!
    this.#unfolded.add(
      written.flatMap(({ appended, place }) => expand([appended], place, this.#types)),
      first.place.position - 1,
      last.place.position + last.count - 1
    )
  }

  /** The log is read again, and how far the tables are: what is folded and not stored is let go. */
  forget(): void {
    this.#projections.rolledBack()
    this.#folded = undefined
    this.#ahead = undefined
    this.#expand()
    this.#unfolded.clear()
  }

  /** Folds a slice; false where the tables hold all that stands in the log up to `head`. */
  fold(head: number): boolean {
    const position = this.#ahead ?? this.position
    if (this.#ahead === undefined && position >= head) return false
    try {
      const through = position < head ? this.#foldSlice(position) : position
      this.#ahead = through
      if (through < head && this.#projections.size < mostRows) return true
      this.#store(through)
      return through < head
    } catch (cause) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK")
      this.forget()
      throw cause
    }
  }

  /** Gives the position up to which all is folded now. */
  #foldSlice(after: number): number {
    this.#expand()
    const { events, through } = this.#unfolded.take(after, sliceSize) ?? this.#fromLog(after)
    for (const event of events) this.#projections.apply(this.#lift(event))
    return through
  }

  #store(through: number): void {
    const { begin, commit, update } = this.#statements
    begin.run()
    this.#projections.store()
    update.run(through)
    commit.run()
    this.#projections.committed()
    this.#folded = through
    this.#ahead = undefined
  }

  #fromLog(after: number): Slice {
    const { head } = this.#reader
    const types = [...this.#projections.types.keys()]
    const events = this.#reader.read({ after, types, limit: sliceSize })
    return { events, through: events.length < sliceSize ? head : events.at(-1)!.position }
  }
}
