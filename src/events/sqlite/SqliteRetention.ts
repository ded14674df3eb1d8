/** Removes old payloads from the SQLite file; the space they took is used again. */
import type { DatabaseSync } from "node:sqlite"
import * as BodyReference from "../facts/BodyReference.ts"
import * as FactCodec from "../facts/FactCodec.ts"
import * as FactPruning from "../facts/FactPruning.ts"
import type { Rewritten } from "../facts/FactRebasing.ts"
import * as FactRebasing from "../facts/FactRebasing.ts"
import type { RecentBodies } from "../facts/RecentBodies.ts"
import type { PrunableLevel, Prune, Pruned } from "../log/PayloadRetention.ts"
import { PayloadRetention } from "../log/PayloadRetention.ts"
import { mergedByPosition } from "./MergedByPosition.ts"
import { attempt } from "./SqliteAttempt.ts"
import * as SqliteFacts from "./SqliteFacts.ts"
import type { SqliteReader } from "./SqliteReader.ts"

/** Events younger than asked for that are passed before a search ends: imported ones may stand out of order of time. */
const mostSkipped = 1000

/** What is pruned at once: an event of its own, or the events of a fact. */
interface Candidate {
  readonly events: number
  /** Of an event of its own: gives the bytes it frees. */
  readonly prune?: () => number
  readonly fact?: SqliteFacts.StoredFact
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

export const make = (
  database: DatabaseSync,
  reader: SqliteReader,
  bodies: RecentBodies
): PayloadRetention["Service"] => {
  const select = database.prepare(
    `SELECT position, time, pruned_at, octet_length(payload) + coalesce(length(compressed), 0) AS bytes
     FROM events WHERE position > ? AND level = ? ORDER BY position`
  )
  const remove = database.prepare(
    // The table itself: of an older file that is only read, readers see it with its tenant.
    `UPDATE main.events SET payload = '${remains}', compressed = NULL, pruned_at = ? WHERE position = ?`
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

  function* ofFacts({ before, level }: Prune, through: number): Generator<Place, undefined> {
    for (const stored of reader.facts({ after: through })) {
      const { count, fact, place } = stored
      const position = place.position + count - 1
      const unpruned = FactPruning.prunable(fact, { level, before: Infinity })
      if (position <= through || unpruned === 0) continue
      const events = FactPruning.prunable(fact, { level, before })
      yield { position, candidate: events === unpruned ? { events, fact: stored } : undefined }
    }
  }

  /** Facts as they become: made before any of them is written, for they may refer to each other. */
  const changesOf = (pruned: ReadonlyArray<SqliteFacts.StoredFact>, options: Prune): ReadonlyArray<Rewritten> => {
    const positions = new Set(pruned.map(({ place }) => place.position))
    const changes = pruned.map(({ fact, place }) => ({
      before: fact,
      fact: FactPruning.prune(fact, options),
      place
    }))
    if (options.level === "debug") return changes
    const referring = [...positions].flatMap((position) => reader.referringTo(position))
      .filter(({ place }) => !positions.has(place.position))
    return [...changes, ...FactRebasing.rebase(referring)]
  }

  /** Gives the bytes of the level that it frees. */
  const pruneFacts = (pruned: ReadonlyArray<SqliteFacts.StoredFact>, options: Prune): number => {
    const { level } = options
    const changed = changesOf(pruned, options).map((change) => ({ ...change, bytes: FactCodec.encode(change.fact) }))
    // Older files, which are only read, have no bases.
    const update = database.prepare(SqliteFacts.update)
    let freed = 0
    for (const { before, bytes, fact, place } of changed) {
      update.run(bytes, BodyReference.baseOf(fact)?.position ?? null, place.position)
      const [earlier, now] = [FactPruning.charactersOf(before), FactPruning.charactersOf(fact)]
      const change = (of: PrunableLevel) => now[of] - earlier[of]
      // What debug showed of raw is its own now.
      if (level === "raw") addDebug.run(change("debug"))
      freed -= change(level)
    }
    return freed
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
      const facts = candidates.flatMap(({ fact }) => fact ?? [])
      const ofRows = candidates.reduce((sum, candidate) => sum + (candidate.prune?.() ?? 0), 0)
      const bytes = ofRows + pruneFacts(facts, options)
      database.prepare(`UPDATE log_state SET ${bytesColumn} = ${bytesColumn} - ?, ${pruned} = ?`).run(bytes, through)
      database.exec("COMMIT")
      if (options.level === "raw") {
        reader.pruned()
        for (const { fact: { tenant }, place: { position, stream } } of facts) {
          bodies.forget(tenant, stream, (gone) => gone === position)
        }
      }
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
