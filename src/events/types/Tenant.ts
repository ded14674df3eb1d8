/** Whom an event belongs to: names of streams, sessions, rows and groups are unique within a tenant. */
import { Context } from "effect"

/** The tenant of a server that knows no others. */
export const defaultTenant = ""

/** Of what the server keeps for itself and no client lists: its own consumer groups. */
export const serverTenant = "strata:server"

/** The tenant that a fiber works for. */
export const CurrentTenant = Context.Reference<string>("strata/events/types/Tenant/CurrentTenant", {
  defaultValue: () => defaultTenant
})

/** As readers of the log receive it: the default one is none. */
export const toWire = (tenant: string): string | null => tenant === defaultTenant ? null : tenant

/** The same back. */
export const ofWire = (tenant: string | null): string => tenant ?? defaultTenant

/** What the names of other tenants begin with. */
const mark = "\u0000"

/** A name and its tenant as one text, which no other two share. The default tenant's names stand for themselves. */
export const qualified = (tenant: string, name: string): string =>
  tenant === defaultTenant && !name.startsWith(mark) ? name : `${mark}${tenant.length} ${tenant}${name}`
