/** Removes old payloads from PostgreSQL; its vacuum makes the space they took free again. */
import { Effect } from "effect"
import type { PrunableLevel, Prune, Pruned } from "../log/PayloadRetention.ts"
import { PayloadRetention } from "../log/PayloadRetention.ts"
import type { Database } from "./PostgresDatabase.ts"
import { unavailable } from "./PostgresFailure.ts"
import { bigints } from "./PostgresParameters.ts"

/** Events younger than asked for that are passed before a search ends: imported ones may stand out of order of time. */
const patience = 1000

/** Columns of `log_state` by level. */
const columns = {
  debug: { bytes: "debug_bytes", pruned: "debug_pruned" },
  raw: { bytes: "raw_bytes", pruned: "raw_pruned" }
} as const

/** What remains is the text `null`. */
const rest = "null".length

export const make = (database: Database): PayloadRetention["Service"] => {
  const prune = Effect.fnUntraced(function*({ before, level, limit, now }: Prune) {
    const names = columns[level]
    return yield* database.transaction(Effect.fnUntraced(function*(queries) {
      const candidates = yield* queries.query(
        `SELECT position, time, octet_length(payload) AS bytes FROM events
         WHERE position > (SELECT ${names.pruned} FROM log_state) AND level = $1 AND pruned_at IS NULL
         ORDER BY position LIMIT $2`,
        [level, BigInt(limit + patience)]
      )
      const old = candidates.filter((row) => Number(row["time"]) < before).slice(0, limit)
      if (old.length === 0) return { events: 0, bytes: 0 } satisfies Pruned
      const bytes = new Map(old.map((row) => [Number(row["position"]), Number(row["bytes"])]))
      const updated = yield* queries.query(
        `UPDATE events SET payload = 'null', pruned_at = $1 WHERE position = ANY($2::bigint[]) AND pruned_at IS NULL
         RETURNING position`,
        [BigInt(now), bigints([...bytes.keys()])]
      )
      const freed = updated.reduce((sum, row) => sum + bytes.get(Number(row["position"]))! - rest, 0)
      // Up to the first that stays, all of the level is pruned.
      const last = Number(old.at(-1)?.["position"])
      const first = candidates.find((row) => Number(row["time"]) >= before)
      const through = first === undefined ? last : Math.min(last, Number(first["position"]) - 1)
      yield* queries.query(
        `UPDATE log_state SET ${names.bytes} = ${names.bytes} - $1, ${names.pruned} = greatest(${names.pruned}, $2)`,
        [BigInt(freed), BigInt(through)]
      )
      return { events: updated.length, bytes: freed } satisfies Pruned
    }))
  })

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
