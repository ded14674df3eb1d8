/** Removes old payloads from the SQLite file; the space they took is used again. */
import type { DatabaseSync } from "node:sqlite"
import type { PrunableLevel, Prune, Pruned } from "../log/PayloadRetention.ts"
import { PayloadRetention } from "../log/PayloadRetention.ts"
import { attempt } from "./SqliteAttempt.ts"

/** Events younger than asked for that are passed before a search ends: imported ones may stand out of order of time. */
const patience = 1000

interface Found {
  readonly positions: ReadonlyArray<number>
  readonly bytes: number
  /** Everything of the level up to here is pruned, with what was found. */
  readonly through: number
}

/** Columns of `log_state` by level. */
const columns = {
  debug: { bytes: "debug_bytes", pruned: "debug_pruned" },
  raw: { bytes: "raw_bytes", pruned: "raw_pruned" }
} as const

export const make = (database: DatabaseSync): PayloadRetention["Service"] => {
  const select = database.prepare(
    `SELECT position, time, pruned_at, octet_length(payload) + coalesce(length(compressed), 0) AS bytes
     FROM events WHERE position > ? AND level = ? ORDER BY position`
  )
  const remove = database.prepare(
    "UPDATE events SET payload = 'null', compressed = NULL, pruned_at = ? WHERE position = ?"
  )
  const stateOf = (column: string): number =>
    Number(database.prepare(`SELECT ${column} AS value FROM log_state`).get()?.["value"] ?? 0)

  const search = ({ before, level, limit }: Prune): Found => {
    let through = stateOf(columns[level].pruned)
    const positions: Array<number> = []
    let [bytes, passed] = [0, 0]
    for (const row of select.iterate(through, level)) {
      const position = Number(row["position"])
      if (row["pruned_at"] === null && Number(row["time"]) >= before) {
        if (++passed >= patience) break
        continue
      }
      if (row["pruned_at"] === null) {
        positions.push(position)
        bytes += Number(row["bytes"])
      }
      if (passed === 0) through = position
      if (positions.length >= limit) break
    }
    return { positions, bytes, through }
  }

  const prune = (options: Prune): Pruned => {
    const { bytes: bytesColumn, pruned } = columns[options.level]
    const { bytes, positions, through } = search(options)
    if (positions.length === 0) return { events: 0, bytes: 0 }
    database.exec("BEGIN IMMEDIATE")
    try {
      for (const position of positions) remove.run(options.now, position)
      // What remains is the text `null`.
      const freed = bytes - positions.length * "null".length
      database.prepare(`UPDATE log_state SET ${bytesColumn} = ${bytesColumn} - ?, ${pruned} = ?`).run(freed, through)
      database.exec("COMMIT")
      return { events: positions.length, bytes: freed }
    } catch (cause) {
      if (database.isTransaction) database.exec("ROLLBACK")
      throw cause
    }
  }

  return PayloadRetention.of({
    prune: (options) => attempt("be pruned", () => prune(options)),
    size: (level: PrunableLevel) => attempt("be read", () => stateOf(columns[level].bytes))
  })
}
