/** Removes old payloads from PostgreSQL; its vacuum makes the space they took free again. */
import { Effect } from "effect"
import * as FactCodec from "../facts/FactCodec.ts"
import * as FactPruning from "../facts/FactPruning.ts"
import type { Rewritten } from "../facts/FactRebasing.ts"
import * as FactRebasing from "../facts/FactRebasing.ts"
import type { PrunableLevel, Prune, Pruned } from "../log/PayloadRetention.ts"
import { PayloadRetention } from "../log/PayloadRetention.ts"
import type { Database, Queries, Row } from "./PostgresDatabase.ts"
import * as PostgresFacts from "./PostgresFacts.ts"
import { attempt, unavailable } from "./PostgresFailure.ts"
import { bigints, binaries } from "./PostgresParameters.ts"
import * as PostgresPositions from "./PostgresPositions.ts"

/** What is younger than asked for and passed before a search ends: imported events may stand out of order of time. */
const mostSkipped = 1000

/** Columns of `log_state` by level. */
const columns = {
  debug: { bytes: "debug_bytes", pruned: "debug_pruned_to" },
  raw: { bytes: "raw_bytes", pruned: "raw_pruned_to" }
} as const

/** What remains of an event with a row of its own. */
const remains = "null"

/** What holds payloads of the level, in order: events with rows of their own, and facts with how many. */
const search = ({ level, limit }: Prune) => ({
  sql:
    `(SELECT position, position AS last, time, 1 AS events, false AS is_fact, octet_length(plain_payload) AS bytes FROM events
      WHERE position > (SELECT ${columns[level].pruned} FROM log_state) AND level = $1 AND pruned_at IS NULL
      ORDER BY position LIMIT $2)
    UNION ALL
    (SELECT position, position + count - 1, ${level}_time, unpruned_${level}, true, 0 FROM facts
      WHERE position > (SELECT ${columns[level].pruned} FROM log_state) AND unpruned_${level} > 0
      ORDER BY position LIMIT $2)
    ORDER BY position LIMIT $2`,
  parameters: [level, BigInt(limit + mostSkipped)]
})

interface Chosen {
  readonly events: ReadonlyArray<Row>
  readonly facts: ReadonlyArray<Row>
  /** Up to here all of the level is pruned, with them. */
  readonly through: number
}

/** The oldest, as many as hold so many events. */
const choose = (candidates: ReadonlyArray<Row>, { before, limit }: Prune): Chosen => {
  const chosen: Array<Row> = []
  let [events, skipped, through] = [0, 0, 0]
  for (const row of candidates) {
    if (events >= limit) break
    if (Number(row["time"]) >= before) {
      skipped++
      continue
    }
    chosen.push(row)
    events += Number(row["events"])
    if (skipped === 0) through = Number(row["last"])
  }
  const isFact = (row: Row) => row["is_fact"] === true
  return { events: chosen.filter((row) => !isFact(row)), facts: chosen.filter(isFact), through }
}

const positionsOf = (rows: ReadonlyArray<Row>) => bigints(rows.map((row) => Number(row["position"])))

/** What another process has pruned meanwhile is left out. */
const pruneEvents = Effect.fnUntraced(function*(queries: Queries, rows: ReadonlyArray<Row>, { now }: Prune) {
  if (rows.length === 0) return { events: 0, bytes: 0 } satisfies Pruned
  const updated = yield* queries.query(
    `UPDATE events SET plain_payload = '${remains}', packed_payload = NULL, passages = NULL, pruned_at = $1 WHERE position = ANY($2::bigint[]) AND pruned_at IS NULL
     RETURNING position`,
    [BigInt(now), positionsOf(rows)]
  )
  const bytes = new Map(rows.map((row) => [Number(row["position"]), Number(row["bytes"])]))
  const freed = updated.map((row) => bytes.get(Number(row["position"]))! - remains.length)
  return { events: updated.length, bytes: freed.reduce((sum, each) => sum + each, 0) } satisfies Pruned
})

/** Facts that are pruned, those that refer to them where their bodies go, and what any of them refers to. */
const selectFacts = (level: PrunableLevel): string =>
  `WITH RECURSIVE pruned AS (
     SELECT position, base FROM facts WHERE position = ANY($1::bigint[]) AND unpruned_${level} > 0
   ), referring AS (
     SELECT f.position, f.base FROM facts AS f WHERE ${
    level === "raw" ? "f.base IN (SELECT position FROM pruned)" : "false"
  }
     AND f.position NOT IN (SELECT position FROM pruned)
   ), changed AS (
     SELECT *, true AS is_pruned FROM pruned UNION ALL SELECT *, false FROM referring
   ), ${
    PostgresFacts.sources(
      "SELECT base FROM changed WHERE base IS NOT NULL",
      `SELECT f.position, f.passages FROM facts AS f JOIN changed USING (position) UNION ALL
       SELECT f.position, ${PostgresPositions.ofBodies("f")} FROM facts AS f JOIN changed USING (position)`
    )
  }, those AS (SELECT f.*, changed.is_pruned FROM facts AS f JOIN changed USING (position))
   SELECT those.*, sources.* FROM those FULL JOIN sources ON false`

/** The facts as they become: none of them is written yet. */
const changesOf = (rows: ReadonlyArray<Row>, options: Prune) => {
  const sources = PostgresFacts.sourcesOf(rows.filter((row) => row["source_position"] !== null))
  const placed = (isPruned: boolean) =>
    rows.filter((row) => row["is_pruned"] === isPruned).map((row) => PostgresFacts.toFact(row, sources))
  return {
    pruned: placed(true).map(({ fact, place }): Rewritten => ({
      before: fact,
      fact: FactPruning.prune(fact, options),
      place
    })),
    rebased: FactRebasing.rebase(placed(false))
  }
}

const write = (queries: Queries, changes: ReadonlyArray<Rewritten>, also: string) =>
  queries.query(
    `UPDATE facts SET fact = c.fact, base = c.base, body_passages = NULL${also}
     FROM unnest($1::bigint[], $2::bytea[], $3::bigint[]) AS c (position, fact, base) WHERE facts.position = c.position`,
    [
      bigints(changes.map(({ place }) => place.position)),
      binaries(changes.map(({ fact }) => FactCodec.encode(fact))),
      bigints(changes.map(({ fact }) => PostgresFacts.positionOfBase(fact)))
    ]
  )

/** While no other process appends or prunes. */
const pruneFacts = Effect.fnUntraced(function*(queries: Queries, rows: ReadonlyArray<Row>, options: Prune) {
  const { level } = options
  if (rows.length === 0) return { events: 0, bytes: 0, excerpts: 0 }
  const stored = yield* queries.query(selectFacts(level), [positionsOf(rows)])
  const { pruned, rebased } = yield* attempt("be pruned", () => changesOf(stored, options))
  yield* write(queries, pruned, `, unpruned_${level} = 0, ${level}_time = NULL`)
  if (rebased.length > 0) yield* write(queries, rebased, "")
  let [events, bytes, excerpts] = [0, 0, 0]
  for (const { before } of pruned) events += FactPruning.prunable(before, options)
  for (const { before, fact } of [...pruned, ...rebased]) {
    const [earlier, now] = [FactPruning.charactersOf(before), FactPruning.charactersOf(fact)]
    const change = (of: PrunableLevel) => now[of] - earlier[of]
    bytes -= change(level)
    // What debug showed of raw is its own now.
    if (level === "raw") excerpts += change("debug")
  }
  return { events, bytes, excerpts }
})

export const make = (database: Database): PayloadRetention["Service"] => {
  const prune = (options: Prune) =>
    database.transaction(Effect.fnUntraced(function*(queries) {
      const { parameters, sql } = search(options)
      const { events, facts, through } = choose(yield* queries.query(sql, parameters), options)
      if (events.length + facts.length === 0) return { events: 0, bytes: 0 } satisfies Pruned
      yield* queries.query("SELECT 1 FROM log_state FOR UPDATE")
      const ofEvents = yield* pruneEvents(queries, events, options)
      const ofFacts = yield* pruneFacts(queries, facts, options)
      const sum: Pruned = { events: ofEvents.events + ofFacts.events, bytes: ofEvents.bytes + ofFacts.bytes }
      if (sum.events === 0) return sum
      const names = columns[options.level]
      yield* queries.query(
        `UPDATE log_state SET ${names.pruned} = greatest(${names.pruned}, $1), raw_bytes = raw_bytes - $2,
         debug_bytes = debug_bytes - $3`,
        [
          BigInt(through),
          BigInt(options.level === "raw" ? sum.bytes : 0),
          BigInt(options.level === "raw" ? -ofFacts.excerpts : sum.bytes)
        ]
      )
      return sum
    }))

  /** As text: PostgreSQL compresses it behind this. */
  const size = (level: PrunableLevel) =>
    Effect.map(
      database.query(`SELECT ${columns[level].bytes} AS bytes FROM log_state`),
      ([row]) => Number(row?.["bytes"] ?? 0)
    )

  return PayloadRetention.of({
    prune: (options) => unavailable("be pruned")(prune(options)),
    size: (level) => unavailable("be read")(size(level))
  })
}
