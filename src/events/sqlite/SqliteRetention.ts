/** Removes old payloads from the SQLite file; the space they took is used again. */
import type { DatabaseSync } from "node:sqlite"
import * as FactCodec from "../facts/FactCodec.ts"
import * as FactPruning from "../facts/FactPruning.ts"
import type { PrunableLevel, Prune, Pruned } from "../log/PayloadRetention.ts"
import { PayloadRetention } from "../log/PayloadRetention.ts"
import { mergedByPosition } from "./MergedByPosition.ts"
import { attempt } from "./SqliteAttempt.ts"
import type { SqliteReader } from "./SqliteReader.ts"

/** Events younger than asked for that are passed before a search ends: imported ones may stand out of order of time. */
const mostSkipped = 1000

/** What is pruned at once: an event of its own, or the events of a fact. */
interface Candidate {
  readonly events: number
  /** Gives the bytes it frees. */
  readonly prune: () => number
}

/** Everything of the level up to `through` is pruned, with the candidates. */
interface Search {
  readonly candidates: ReadonlyArray<Candidate>
  readonly through: number
}

/** Columns of `log_state` by level. */
const columns = {
  debug: { bytes: "debug_bytes", pruned: "debug_pruned" },
  raw: { bytes: "raw_bytes", pruned: "raw_pruned" }
} as const

/** What remains of a pruned event. */
const remains = "null"

export const make = (database: DatabaseSync, reader: SqliteReader): PayloadRetention["Service"] => {
  const select = database.prepare(
    `SELECT position, time, pruned_at, octet_length(payload) + coalesce(length(compressed), 0) AS bytes
     FROM events WHERE position > ? AND level = ? ORDER BY position`
  )
  const remove = database.prepare(
    `UPDATE events SET payload = '${remains}', compressed = NULL, pruned_at = ? WHERE position = ?`
  )
  const addDebug = database.prepare("UPDATE log_state SET debug_bytes = debug_bytes + ?")
  const stateOf = (column: string): number =>
    Number(database.prepare(`SELECT ${column} AS value FROM log_state`).get()?.["value"] ?? 0)

  /** Those without candidates are young, or pruned already. */
  function* ofRows({ before, level, now }: Prune, through: number): Generator<Place, undefined> {
    for (const row of select.iterate(through, level)) {
      const position = Number(row["position"])
      if (row["pruned_at"] !== null) continue
      const prune = () => {
        remove.run(now, position)
        return Number(row["bytes"]) - remains.length
      }
      yield { position, candidate: Number(row["time"]) < before ? { events: 1, prune } : undefined }
    }
  }

  function* ofFacts(options: Prune, through: number): Generator<Place, undefined> {
    const { before, level } = options
    for (const { count, fact, place } of reader.facts({ after: through })) {
      const position = place.position + count - 1
      const unpruned = FactPruning.prunable(fact, { level, before: Infinity })
      if (position <= through || unpruned === 0) continue
      const events = FactPruning.prunable(fact, { level, before })
      const prune = () => {
        const pruned = FactPruning.prune(fact, options)
        database.prepare("UPDATE facts SET fact = ? WHERE position = ?").run(FactCodec.encode(pruned), place.position)
        const change = (of: PrunableLevel) => FactPruning.charactersOf(pruned, of) - FactPruning.charactersOf(fact, of)
        // What debug showed of raw is its own now.
        if (level === "raw") addDebug.run(change("debug"))
        return -change(level)
      }
      yield { position, candidate: events === unpruned ? { events, prune } : undefined }
    }
  }

  const search = (options: Prune): Search => {
    let through = stateOf(columns[options.level].pruned)
    const candidates: Array<Candidate> = []
    let [events, skipped] = [0, 0]
    for (const { candidate, position } of mergedByPosition(ofRows(options, through), ofFacts(options, through))) {
      if (candidate === undefined) {
        if (++skipped >= mostSkipped) break
        continue
      }
      candidates.push(candidate)
      events += candidate.events
      if (skipped === 0) through = position
      if (events >= options.limit) break
    }
    return { candidates, through }
  }

  const prune = (options: Prune): Pruned => {
    const { bytes: bytesColumn, pruned } = columns[options.level]
    const { candidates, through } = search(options)
    if (candidates.length === 0) return { events: 0, bytes: 0 }
    database.exec("BEGIN IMMEDIATE")
    try {
      const bytes = candidates.reduce((sum, candidate) => sum + candidate.prune(), 0)
      database.prepare(`UPDATE log_state SET ${bytesColumn} = ${bytesColumn} - ?, ${pruned} = ?`).run(bytes, through)
      database.exec("COMMIT")
      return { events: candidates.reduce((sum, candidate) => sum + candidate.events, 0), bytes }
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

interface Place {
  readonly position: number
  readonly candidate: Candidate | undefined
}
