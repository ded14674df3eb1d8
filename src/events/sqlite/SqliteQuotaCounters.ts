/** Counters of quotas in SQLite: each counts in one statement. */
import { Effect } from "effect"
import type { DatabaseSync, StatementSync } from "node:sqlite"
import { QuotaCounters } from "../log/QuotaCounters.ts"
import { attempt } from "./SqliteAttempt.ts"

const count = `
  INSERT INTO quota_counters (tenant, key, window, count) VALUES (?4, ?1, ?2, 1)
  ON CONFLICT (tenant, key) DO UPDATE SET count = CASE WHEN window < ?2 THEN 1 ELSE count + 1 END, window = max(window, ?2)
  WHERE window < ?2 OR count < ?3`

export const make = (database: DatabaseSync): QuotaCounters["Service"] => {
  let statement: StatementSync | undefined
  return QuotaCounters.of({
    take: ({ key, limit, tenant, window }) =>
      attempt("be written", () => {
        statement ??= database.prepare(count)
        return statement.run(key, window, limit, tenant).changes === 1
      }),
    forget: (before) =>
      Effect.asVoid(
        attempt("be written", () => database.prepare("DELETE FROM quota_counters WHERE window < ?").run(before))
      )
  })
}
