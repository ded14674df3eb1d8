/** The shapes of facts in the SQLite file, by number. */
import type { DatabaseSync } from "node:sqlite"
import type { Fact } from "../facts/Fact.ts"
import * as FactShape from "../facts/FactShape.ts"
import type { Filter } from "../log/EventLog.ts"
import { typeMatches } from "../log/EventLog.ts"
import { includes } from "../types/Event.ts"

/** The parts up to here. */
interface ShapeNode {
  id?: number
  /** By type, and by which levels the part stands for: 1 to 4; 0 is an event at default level. */
  readonly next: Map<string, Array<ShapeNode | undefined>>
}

export class FactShapes {
  readonly #database: DatabaseSync
  /** By what the events stand in, part by part: a text of them need not be made for each fact. */
  #shapeTree: ShapeNode = { next: new Map() }
  readonly #shapes = new Map<number, FactShape.FactShape>()

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  /** The number of a fact's shape, within the transaction that stores it. */
  idOf(fact: Fact): number {
    let node = this.#shapeTree
    for (const part of fact.parts) {
      let nodes = node.next.get(part.type)
      if (nodes === undefined) node.next.set(part.type, nodes = [])
      const levels = part.kind === "event" ? 0 : 1 + Number(part.debug !== null) + 2 * Number(part.raw !== null)
      node = nodes[levels] ??= { next: new Map() }
    }
    return node.id ??= this.#stored(FactShape.textOf(fact))
  }

  #stored(text: string): number {
    this.#database.prepare("INSERT OR IGNORE INTO fact_shapes (shape) VALUES (?)").run(text)
    return Number(this.#database.prepare("SELECT id FROM fact_shapes WHERE shape = ?").get(text)?.["id"])
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
    this.#shapeTree = { next: new Map() }
    this.#shapes.clear()
  }

  #refresh(): void {
    const last = [...this.#shapes.keys()].at(-1) ?? 0
    for (const row of this.#database.prepare("SELECT id, shape FROM fact_shapes WHERE id > ? ORDER BY id").all(last)) {
      this.#shapes.set(Number(row["id"]), FactShape.ofText(String(row["shape"])))
    }
  }
}
