/** Counters of quotas in PostgreSQL: one statement each, so that several processes count together. */
import { Effect } from "effect"
import { QuotaCounters } from "../log/QuotaCounters.ts"
import type { Database } from "./PostgresDatabase.ts"
import { unavailable } from "./PostgresFailure.ts"

const count = `INSERT INTO quota_counters AS q (tenant, key, began, count) VALUES ($4, $1, $2, 1)
  ON CONFLICT (tenant, key) DO UPDATE SET
    count = CASE WHEN q.began < $2 THEN 1 ELSE q.count + 1 END, began = greatest(q.began, $2)
  WHERE q.began < $2 OR q.count < $3
  RETURNING key`

export const make = (database: Database): QuotaCounters["Service"] => {
  const written = (sql: string, parameters: ReadonlyArray<unknown>) =>
    unavailable("be written")(database.query(sql, parameters))
  return QuotaCounters.of({
    take: ({ key, limit, tenant, window }) =>
      Effect.map(written(count, [key, BigInt(window), BigInt(limit), tenant]), (rows) => rows.length > 0),
    forget: (before) => Effect.asVoid(written("DELETE FROM quota_counters WHERE began < $1", [BigInt(before)]))
  })
}
