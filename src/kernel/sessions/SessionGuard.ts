/** Who may read, update and join a session: every operation on sessions asks here, and nowhere else. */
import { Effect } from "effect"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import { ProjectionTables } from "../../events/log/ProjectionTables.ts"
import type { Row } from "../../events/projections/Projection.ts"
import type { Principal } from "../../events/types/Principal.ts"
import { CurrentPrincipal } from "../../events/types/Principal.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import { AccessControl } from "../access/AccessControl.ts"
import type { AccessResource } from "../access/AccessResource.ts"
import { unknownOwner } from "../access/AccessResource.ts"
import { SessionExists, SessionNotFound } from "../http/SessionErrors.ts"
import type { Session } from "./SessionModels.ts"
import { SessionProjection } from "./SessionProjection.ts"
import * as SessionRow from "./SessionRow.ts"

export const resourceOf = (id: string, owner: Principal | null): AccessResource => ({ type: "session", id, owner })

export type SessionGuard = Effect.Success<typeof make>

export const make = Effect.gen(function*() {
  const access = yield* AccessControl
  const tables = yield* ProjectionTables

  const find = (tenant: string, id: string) => tables.get(SessionProjection, tenant, id)

  const row = Effect.fnUntraced(function*(
    id: string
  ): Effect.fn.Return<Row<Session>, SessionNotFound | EventLogUnavailable> {
    return (yield* find(yield* CurrentTenant, id)) ?? (yield* new SessionNotFound({ session_id: id }))
  })

  const ofRow = (row: Row<Session>) => resourceOf(row.key, SessionRow.ownerOf(row))

  const absent = (id: string) => () => new SessionNotFound({ session_id: id })

  const permits = (action: "read" | "update", id: string, owner: Principal | null) =>
    access.permits(action, resourceOf(id, owner))

  return {
    /** The row of a session, whoever asks: for what has passed the guard already. */
    row,
    /** The row of a session that may be read; any other is absent. */
    read: Effect.fnUntraced(function*(id: string) {
      const session = yield* row(id)
      yield* access.authorizeRead(ofRow(session), absent(id))
      return session
    }),
    update: Effect.fnUntraced(function*(id: string) {
      yield* access.authorize("update", ofRow(yield* row(id)), absent(id))
    }),
    /** Whose it is may join it, and who may update it. */
    join: Effect.fnUntraced(function*(id: string, owner: Principal | null) {
      const principal = yield* CurrentPrincipal
      if (principal !== null && principal.id === owner?.id) return
      const taken = new SessionExists({ session_id: id })
      yield* access.authorize("update", resourceOf(id, owner), () => taken).pipe(Effect.mapError(() => taken))
    }),
    permits,
    /** As the access rules know it; of a session that is not there, nobody knows whose it would be. */
    resource: (tenant: string, id: string) =>
      Effect.map(
        find(tenant, id),
        (session) => session === undefined ? resourceOf(id, unknownOwner) : ofRow(session)
      ),
    /** What is named of other sessions, without those that are not there or may not be read. */
    readable: <A extends { readonly session_id: string }>(named: ReadonlyArray<A>) =>
      Effect.filter(named, ({ session_id }) =>
        Effect.flatMap(
          Effect.flatMap(CurrentTenant, (tenant) => find(tenant, session_id)),
          (session) => session === undefined ? Effect.succeed(false) : access.permits("read", ofRow(session))
        )),
    /** The rows that may be read, as a condition of a query. */
    filter: access.filter("read", "session")
  }
})
