/** What a filter says of the tenant, for the tables of events and facts: so that the planner takes the right index. */
import type { Filter } from "../log/EventLog.ts"
import { defaultTenant } from "../types/Tenant.ts"

/** Every tenant there is, from one to the next of the index that begins with it. */
const all = (table: string): string =>
  `WITH RECURSIVE every (tenant) AS (
    SELECT min(tenant) FROM ${table}
    UNION ALL SELECT (SELECT min(tenant) FROM ${table} WHERE tenant > every.tenant) FROM every WHERE tenant IS NOT NULL
  ) SELECT tenant FROM every`

/** `add` takes a parameter and gives its place. Undefined: nothing. */
export const clause = (
  table: "events" | "facts",
  { id, requestId, sessionId, stream, tenant }: Filter,
  add: (tenant: string) => string
): string | undefined => {
  const isOfStream = sessionId !== undefined || stream !== undefined
  if (tenant === undefined) return isOfStream ? `tenant IN (${all(table)})` : undefined
  if (isOfStream) return `tenant = ${add(tenant)}`
  // Ids lead to few rows by themselves, and most of a log is of the default tenant: others have an index of their own.
  const isByPosition = id === undefined && requestId === undefined && tenant !== defaultTenant
  return isByPosition ? `tenant = ${add(tenant)} AND tenant <> ''` : `+tenant = ${add(tenant)}`
}
