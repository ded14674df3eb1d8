/** Removes old payloads from PostgreSQL; its vacuum makes the space they took free again. */
import { Effect } from "effect"
import * as FactCodec from "../facts/FactCodec.ts"
import * as FactPruning from "../facts/FactPruning.ts"
import type { PrunableLevel, Prune, Pruned } from "../log/PayloadRetention.ts"
import { PayloadRetention } from "../log/PayloadRetention.ts"
import type { Database, Queries, Row } from "./PostgresDatabase.ts"
import * as PostgresFacts from "./PostgresFacts.ts"
import { attempt, unavailable } from "./PostgresFailure.ts"
import { bigints, binaries, integers } from "./PostgresParameters.ts"

/** What is younger than asked for and passed before a search ends: imported events may stand out of order of time. */
const mostSkipped = 1000

/** Columns of `log_state` by level. */
const columns = {
  debug: { bytes: "debug_bytes", pruned: "debug_pruned" },
  raw: { bytes: "raw_bytes", pruned: "raw_pruned" }
} as const

/** What remains of an event with a row of its own. */
const remains = "null"

/** What holds payloads of the level, in order: events with rows of their own, and facts with how many. */
const search = ({ level, limit }: Prune) => ({
  sql:
    `(SELECT position, position AS last, time, 1 AS events, false AS is_fact, octet_length(payload) AS bytes FROM events
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
    `UPDATE events SET payload = '${remains}', pruned_at = $1 WHERE position = ANY($2::bigint[]) AND pruned_at IS NULL
     RETURNING position`,
    [BigInt(now), positionsOf(rows)]
  )
  const bytes = new Map(rows.map((row) => [Number(row["position"]), Number(row["bytes"])]))
  const freed = updated.map((row) => bytes.get(Number(row["position"]))! - remains.length)
  return { events: updated.length, bytes: freed.reduce((sum, each) => sum + each, 0) } satisfies Pruned
})

/** A fact before and after, with what its row says that nobody else has changed it. */
const pruned = (row: Row, options: Prune) => {
  const { fact, place } = PostgresFacts.toFact(row)
  const after = FactPruning.prune(fact, options)
  const change = (level: PrunableLevel) =>
    FactPruning.charactersOf(after, level) - FactPruning.charactersOf(fact, level)
  return {
    position: place.position,
    events: FactPruning.prunable(fact, options),
    bytes: FactCodec.encode(after),
    debug: Number(row["unpruned_debug"]),
    raw: Number(row["unpruned_raw"]),
    changes: { debug: change("debug"), raw: change("raw") }
  }
}

const pruneFacts = Effect.fnUntraced(function*(queries: Queries, rows: ReadonlyArray<Row>, options: Prune) {
  const { level } = options
  if (rows.length === 0) return { events: 0, bytes: 0, excerpts: 0, missed: Infinity }
  const stored = yield* queries.query("SELECT * FROM facts WHERE position = ANY($1::bigint[])", [positionsOf(rows)])
  const facts = yield* attempt("be pruned", () => stored.map((row) => pruned(row, options)))
  const updated = yield* queries.query(
    `UPDATE facts SET fact = p.fact, unpruned_${level} = 0, ${level}_time = NULL
     FROM unnest($1::bigint[], $2::integer[], $3::integer[], $4::bytea[]) AS p (position, debug, raw, fact)
     WHERE facts.position = p.position AND unpruned_debug = p.debug AND unpruned_raw = p.raw
     RETURNING facts.position`,
    [
      bigints(facts.map(({ position }) => position)),
      integers(facts.map(({ debug }) => debug)),
      integers(facts.map(({ raw }) => raw)),
      binaries(facts.map(({ bytes }) => bytes))
    ]
  )
  const positions = new Set(updated.map((row) => Number(row["position"])))
  let [events, bytes, excerpts, missed] = [0, 0, 0, Infinity]
  for (const fact of facts) {
    if (!positions.has(fact.position)) {
      missed = Math.min(missed, fact.position)
      continue
    }
    events += fact.events
    bytes -= fact.changes[level]
    // What debug showed of raw is its own now.
    if (level === "raw") excerpts += fact.changes.debug
  }
  return { events, bytes, excerpts, missed }
})

export const make = (database: Database): PayloadRetention["Service"] => {
  const prune = (options: Prune) =>
    database.transaction(Effect.fnUntraced(function*(queries) {
      const { parameters, sql } = search(options)
      const { events, facts, through } = choose(yield* queries.query(sql, parameters), options)
      const ofEvents = yield* pruneEvents(queries, events, options)
      const ofFacts = yield* pruneFacts(queries, facts, options)
      const sum: Pruned = { events: ofEvents.events + ofFacts.events, bytes: ofEvents.bytes + ofFacts.bytes }
      if (sum.events === 0) return sum
      const names = columns[options.level]
      yield* queries.query(
        `UPDATE log_state SET ${names.pruned} = greatest(${names.pruned}, $1), raw_bytes = raw_bytes - $2,
         debug_bytes = debug_bytes - $3`,
        [
          // What another process has changed meanwhile is looked at again.
          BigInt(Math.min(through, ofFacts.missed - 1)),
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
