/** What is said of the tenant in a query: so that the planner takes the right index. */
import type { Filter } from "../log/EventLog.ts"
import { defaultTenant } from "../types/Tenant.ts"

/** Every tenant there is, from one to the next of the index that begins with it. */
const all = (table: string): string =>
  `WITH RECURSIVE every AS (
    (SELECT tenant FROM ${table} ORDER BY tenant LIMIT 1)
    UNION ALL
    SELECT (SELECT t.tenant FROM ${table} AS t WHERE t.tenant > every.tenant ORDER BY t.tenant LIMIT 1)
    FROM every WHERE every.tenant IS NOT NULL
  ) SELECT every.tenant FROM every WHERE every.tenant IS NOT NULL`

/** Of what is read by position: most of a table is the default tenant's, and the others have an index of their own. */
export const byPosition = (tenant: string, place: string): string =>
  tenant === defaultTenant ? `tenant || '' = ${place}` : `tenant = ${place} AND tenant <> ''`

/** Of a filter, for the tables of events and facts. `add` takes a parameter and gives its name. Undefined: nothing. */
export const clause = (
  table: "events" | "facts",
  { id, requestId, sessionId, stream, tenant }: Filter,
  add: (parameter: unknown) => string
): string | undefined => {
  const isOfStream = sessionId !== undefined || stream !== undefined
  if (tenant === undefined) return isOfStream ? `tenant IN (${all(table)})` : undefined
  if (isOfStream) return `tenant = ${add(tenant)}`
  // Ids lead to few rows by themselves.
  return id === undefined && requestId === undefined
    ? byPosition(tenant, add(tenant))
    : `tenant || '' = ${add(tenant)}`
}
