/** Sessions, read from their table and from the log. */
import { Effect } from "effect"
import type { EventHub } from "../../events/log/EventHub.ts"
import type { ProjectionTables } from "../../events/log/ProjectionTables.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import type { SessionGuard } from "./SessionGuard.ts"
import * as SessionLineage from "./SessionLineage.ts"
import { SessionProjection } from "./SessionProjection.ts"
import * as SessionRow from "./SessionRow.ts"

type Tables = ProjectionTables["Service"]

/** The sessions behind one, in the order they began. */
export const list = Effect.fnUntraced(function*(
  tables: Tables,
  guard: SessionGuard,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number }
) {
  const position = after === undefined ? 0 : (yield* guard.read(after)).position
  const rows = yield* tables.list(SessionProjection, {
    tenant: yield* CurrentTenant,
    after: position,
    limit,
    filter: yield* guard.filter
  })
  return yield* Effect.forEach(rows, SessionRow.toListed)
})

/** Where a session comes from, and what was forked from it, as far as it may be read. */
export const lineage = Effect.fnUntraced(function*(
  log: Pick<EventHub["Service"], "read">,
  tables: Tables,
  guard: SessionGuard,
  id: string
) {
  const links = yield* SessionLineage.load(log, id)
  const ancestors = links.slice(0, -1).map(({ sessionId, upTo }) => ({ session_id: sessionId, left_at_position: upTo }))
  const { children, has_more } = yield* SessionLineage.children(tables, id)
  return {
    object: "session.lineage" as const,
    session_id: id,
    depth: ancestors.length,
    ancestors: yield* guard.readable(ancestors),
    children: yield* guard.readable(children),
    has_more
  }
})
