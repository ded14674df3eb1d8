/** The shapes of facts in the SQLite file, by number. */
import type { DatabaseSync } from "node:sqlite"
import type { Fact } from "../facts/Fact.ts"
import * as FactShape from "../facts/FactShape.ts"
import type { Filter } from "../log/EventLog.ts"
import { typeMatches } from "../log/EventLog.ts"
import { includes } from "../types/Event.ts"

export class FactShapes {
  readonly #database: DatabaseSync
  readonly #ids = new Map<string, number>()
  readonly #shapes = new Map<number, FactShape.FactShape>()

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  /** The number of a fact's shape, within the transaction that stores it. */
  idOf(fact: Fact): number {
    const text = FactShape.textOf(fact)
    let id = this.#ids.get(text)
    if (id === undefined) {
      this.#database.prepare("INSERT OR IGNORE INTO fact_shapes (shape) VALUES (?)").run(text)
      id = Number(this.#database.prepare("SELECT id FROM fact_shapes WHERE shape = ?").get(text)?.["id"])
      this.#ids.set(text, id)
    }
    return id
  }

  /** The shapes that may hold what a filter lets through; undefined: all do. */
  matching({ level = "raw", types }: Filter): ReadonlyArray<number> | undefined {
    if (types === undefined && level === "raw") return undefined
    this.#refresh()
    return [...this.#shapes].flatMap(([id, shape]) =>
      shape.some(([type, of]) => includes(level, of) && typeMatches(types, type)) ? [id] : []
    )
  }

  /** What a rolled back transaction numbered is forgotten. */
  rolledBack(): void {
    this.#ids.clear()
    this.#shapes.clear()
  }

  #refresh(): void {
    const last = [...this.#shapes.keys()].at(-1) ?? 0
    for (const row of this.#database.prepare("SELECT id, shape FROM fact_shapes WHERE id > ? ORDER BY id").all(last)) {
      this.#shapes.set(Number(row["id"]), FactShape.ofText(String(row["shape"])))
    }
  }
}
