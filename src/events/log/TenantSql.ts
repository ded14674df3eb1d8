/** What SQL says of the tenant in a query: so that the planner takes the right index. */
import { defaultTenant } from "../types/Tenant.ts"
import type { Filter } from "./EventLog.ts"

/** How a database is told. */
export interface Dialect {
  /** A query of every tenant there is, from one to the next of the index that begins with it. */
  readonly all: (table: string) => string
  /** The column, so that no index is taken for it. */
  readonly withoutIndex: string
}

export interface TenantSql {
  /** Of what is read by position. `place`: of the parameter. */
  readonly byPosition: (tenant: string, place: string) => string
  /** Of a filter, for the tables of events and facts. `add` takes a parameter and gives its place. Undefined: nothing. */
  readonly clause: (
    table: "events" | "facts",
    filter: Filter,
    add: (tenant: string) => string
  ) => string | undefined
}

export const make = ({ all, withoutIndex }: Dialect): TenantSql => {
  /** Most of a table is the default tenant's, and the others have an index of their own. */
  const byPosition = (tenant: string, place: string): string =>
    tenant === defaultTenant ? `${withoutIndex} = ${place}` : `tenant = ${place} AND tenant <> ''`

  return {
    byPosition,
    clause: (table, { id, requestId, sessionId, stream, streams, tenant }, add) => {
      const isOfStream = sessionId !== undefined || stream !== undefined || streams !== undefined
      if (tenant === undefined) return isOfStream ? `tenant IN (${all(table)})` : undefined
      if (isOfStream) return `tenant = ${add(tenant)}`
      // Ids lead to few rows by themselves.
      return id === undefined && requestId === undefined
        ? byPosition(tenant, add(tenant))
        : `${withoutIndex} = ${add(tenant)}`
    }
  }
}
