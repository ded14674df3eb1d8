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

/** Events that are folded at once: requests wait for it. */
const sliceSize = 256

/** Rows that are stored at once, but for those of the last slice: requests wait for it. A row that changes before is stored once. */
const mostRows = 512

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
  /** Up to here something was written that is to be folded; 0: nobody waits for it. */
  #written = 0
  #wake: (() => void) | undefined
  #full: (() => void) | undefined
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

  /** Remembers the events to fold of what is committed: bodies, which are most of it, are not kept until then. */
  written(written: ReadonlyArray<Written>): void {
    if (this.#projections.tables.size === 0) return
    for (const { appended, count, place } of written) {
      const before = place.position - 1
      this.#unfolded.add(expand([appended], place, this.#types), before, before + count)
    }
    this.#foldWritten()
    // Behind it: what could not be folded is waited for all the same.
    const last = written.at(-1)
    if (last !== undefined) this.#written = last.place.position + last.count - 1
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
  }

  /**
   * Where all before is folded, what was just written is, too, as far as it is a slice: its rows wait until they are
   * stored, and its events for nothing. What fails is folded again, and told, when they are.
   */
  #foldWritten(): void {
    const position = this.#ahead ?? this.#folded
    if (position === undefined || this.#projections.size >= mostRows) return
    try {
      const slice = this.#unfolded.take(position, sliceSize)
      if (slice !== undefined) this.#ahead = this.#apply(slice)
    } catch {
      this.forget()
    }
    if (this.#projections.size >= mostRows) this.#full?.()
  }

  /** Until something is written that stands in no table yet. */
  readonly whenWritten: Effect.Effect<void> = Effect.callback((resume) => {
    if (this.#written > (this.#folded ?? 0)) return resume(Effect.void)
    this.#wake = () => resume(Effect.void)
    return Effect.sync(() => {
      this.#wake = undefined
    })
  })

  /** Until as many rows wait as are stored at once. */
  readonly whenFull: Effect.Effect<void> = Effect.callback((resume) => {
    if (this.#projections.size >= mostRows) return resume(Effect.void)
    this.#full = () => {
      this.#full = undefined
      resume(Effect.void)
    }
    return Effect.sync(() => {
      this.#full = undefined
    })
  })

  /** The log is read again, and how far the tables are: what is folded and not stored is let go. */
  forget(): void {
    this.#projections.rolledBack()
    this.#folded = undefined
    this.#ahead = undefined
    this.#written = 0
    this.#unfolded.clear()
  }

  /** Folds a slice; false where the tables hold all that stands in the log up to `head`. */
  fold(head: number): boolean {
    const position = this.#ahead ?? this.position
    if (this.#ahead === undefined && position >= head) return false
    try {
      const through = position < head ? this.#apply(this.#sliceAfter(position)) : position
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

  #sliceAfter(position: number): Slice {
    return this.#unfolded.take(position, sliceSize) ?? this.#fromLog(position)
  }

  /** Gives the position up to which all is folded now. */
  #apply({ events, through }: Slice): number {
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
