/** Whom Strata works for when nobody asked: it looks after providers, and after its log. */
import type { Principal } from "./Principal.ts"

/** Its name in events; nobody else may have it. */
export const systemName = "system"

export const systemPrincipal: Principal = { id: systemName, attributes: {} }

/** Nothing that comes from outside is the same value, whatever it is called. */
export const isSystem = (principal: Principal | null): boolean => principal === systemPrincipal
