/** What is said of the tenant in a query of SQLite. */
import * as TenantSql from "../log/TenantSql.ts"

/** Every tenant there is, from one to the next of the index that begins with it. */
const all = (table: string): string =>
  `WITH RECURSIVE every (tenant) AS (
    SELECT min(tenant) FROM ${table}
    UNION ALL SELECT (SELECT min(tenant) FROM ${table} WHERE tenant > every.tenant) FROM every WHERE tenant IS NOT NULL
  ) SELECT tenant FROM every`

export const { byPosition, clause } = TenantSql.make({ all, withoutIndex: "+tenant" })
