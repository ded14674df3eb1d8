/** What is said of the tenant in a query of PostgreSQL. */
import * as TenantSql from "../log/TenantSql.ts"

/** Every tenant there is, from one to the next of the index that begins with it. */
const all = (table: string): string =>
  `WITH RECURSIVE every AS (
    (SELECT tenant FROM ${table} ORDER BY tenant LIMIT 1)
    UNION ALL
    SELECT (SELECT t.tenant FROM ${table} AS t WHERE t.tenant > every.tenant ORDER BY t.tenant LIMIT 1)
    FROM every WHERE every.tenant IS NOT NULL
  ) SELECT every.tenant FROM every WHERE every.tenant IS NOT NULL`

export const { byPosition, clause } = TenantSql.make({ all, withoutIndex: "tenant || ''" })
