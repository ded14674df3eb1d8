/** Begins, joins and ends sessions: a request names one, or gets one of its own. */
import { Clock, Effect, Random, Semaphore } from "effect"
import * as Draft from "../../events/log/Draft.ts"
import type { EventHub } from "../../events/log/EventHub.ts"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import { readAll } from "../../events/log/ReadAll.ts"
import { ConfiguredRules } from "../../events/redaction/RedactionRules.ts"
import type { EventDraft, RecordedEvent } from "../../events/types/Envelope.ts"
import * as EventIds from "../../events/types/EventIds.ts"
import type { Principal } from "../../events/types/Principal.ts"
import { CurrentPrincipal } from "../../events/types/Principal.ts"
import { RecentMap } from "../../events/types/RecentMap.ts"
import { streamOf } from "../../events/types/SessionStream.ts"
import * as Tenant from "../../events/types/Tenant.ts"
import { SessionExists, SessionNotFound } from "../http/SessionErrors.ts"
import type { JoinedSession, OpenedSession } from "../requests/RequestSessions.ts"
import * as SessionEvents from "./SessionEvents.ts"
import type { SessionGuard } from "./SessionGuard.ts"

/** Sessions that are held as having begun, those of late; the rest is read from the log. */
const leastHeld = 2000

interface Begun extends JoinedSession {
  readonly ended: boolean
  readonly owner: Principal | null
}

/** What its lifecycle events say of a session; undefined where it never began. */
const stateOf = (lifecycle: ReadonlyArray<RecordedEvent>) => {
  const [first, last] = [lifecycle[0], lifecycle.at(-1)]
  if (first === undefined || last === undefined) return undefined
  const turned = lifecycle.findLast(({ type }) =>
    type === SessionEvents.Ended.type || type === SessionEvents.Resumed.type
  )
  return {
    owner: SessionEvents.ownerOf(first),
    parentSessionId: first.parentSessionId,
    ended: turned?.type === SessionEvents.Ended.type,
    last
  }
}

/** The beginning of a session that the server opens for nobody in particular. */
const anonymousStart = (tenant: string, sessionId: string, time: number): EventDraft => ({
  id: EventIds.nth(sessionId, 1),
  type: SessionEvents.Started.type,
  level: SessionEvents.Started.level,
  schemaVersion: SessionEvents.Started.version,
  time,
  tenant,
  sessionId,
  parentSessionId: null,
  requestId: null,
  attempt: null,
  causationId: null,
  provider: null,
  principal: null,
  payload: JSON.stringify({ session_id: sessionId, opened_by: "server" })
})

/** `open` and `join` are for requests, `create` and `end` for whoever asks for just that. */
export const make = Effect.fn("SessionOpening.make")(function*(
  hub: Pick<EventHub["Service"], "append" | "head" | "read">,
  guard: Pick<SessionGuard, "join">
) {
  /** What stands behind this position is of this run. */
  const runBegan = yield* hub.head
  const rules = yield* ConfiguredRules
  /** By tenant and id. */
  const held = new RecentMap<string, Begun>(leastHeld)
  const lock = Semaphore.makeUnsafe(1)

  const hold = (tenant: string, sessionId: string, session: Begun) =>
    held.set(Tenant.qualified(tenant, sessionId), session)

  const heldOf = (tenant: string, sessionId: string) => held.get(Tenant.qualified(tenant, sessionId))

  const start = (sessionId: string, openedBy: "client" | "server", owner: Principal | null) =>
    Draft.make(
      SessionEvents.Started,
      { session_id: sessionId, opened_by: openedBy, ...SessionEvents.owned(owner) },
      // An id of our own counts the session's first event, so that it can stand in its request's fact.
      { sessionId, ...(openedBy === "server" ? { id: EventIds.nth(sessionId, 1) } : {}) }
    )

  /** True where the session is new. */
  const begin = Effect.fnUntraced(function*(sessionId: string) {
    const owner = yield* CurrentPrincipal
    const tenant = yield* Tenant.CurrentTenant
    const started = yield* start(sessionId, "client", owner)
    return yield* hub.append(streamOf(sessionId), "none", [started]).pipe(
      Effect.map(() => {
        hold(tenant, sessionId, { parentSessionId: null, ended: false, owner })
        return true
      }),
      Effect.catchTags({ VersionConflict: () => Effect.succeed(false), EventIdTaken: Effect.die })
    )
  })

  const read = (tenant: string, sessionId: string) =>
    Effect.map(
      readAll(hub, { tenant, stream: streamOf(sessionId), types: SessionEvents.lifecycleTypes }),
      stateOf
    )

  const append = (sessionId: string, draft: Effect.Effect<EventDraft>) =>
    Effect.flatMap(draft, (event) => hub.append(streamOf(sessionId), "any", [event])).pipe(
      Effect.catchTags({ VersionConflict: Effect.die, EventIdTaken: Effect.die })
    )

  /** One at a time, so that a session is resumed once though many requests race. */
  const rejoin = (sessionId: string): Effect.Effect<JoinedSession, SessionExists | EventLogUnavailable> =>
    lock.withPermit(Effect.gen(function*() {
      const tenant = yield* Tenant.CurrentTenant
      const session = heldOf(tenant, sessionId)
      if (session?.ended === false) return yield* admitted(sessionId, session)
      const existing = yield* read(tenant, sessionId)
      if (existing !== undefined) yield* guard.join(sessionId, existing.owner)
      const parentSessionId = existing?.parentSessionId ?? null
      const ofEarlierRun = existing === undefined || existing.last.position <= runBegan ||
        existing.last.type === SessionEvents.Imported.type
      if (existing?.ended === true || ofEarlierRun) {
        yield* append(
          sessionId,
          Draft.make(SessionEvents.Resumed, { session_id: sessionId }, { sessionId, parentSessionId })
        )
      }
      const joined = { parentSessionId, ended: false, owner: existing?.owner ?? null }
      hold(tenant, sessionId, joined)
      return joined
    }))

  const admitted = (sessionId: string, session: Begun) => Effect.as(guard.join(sessionId, session.owner), session)

  const fresh: JoinedSession = { parentSessionId: null }

  return {
    /** A new session with an id of its own; its beginning is left to the request. */
    open: Effect.withFiber<OpenedSession>((fiber) => {
      const owner = fiber.getRef(CurrentPrincipal)
      const tenant = fiber.getRef(Tenant.CurrentTenant)
      const clock = fiber.getRef(Clock.Clock)
      const sessionId = EventIds.make(clock, fiber.getRef(Random.Random))
      hold(tenant, sessionId, { parentSessionId: null, ended: false, owner })
      // An id of our own is nothing to mask.
      return owner === null && rules.isEmpty
        ? Effect.succeed({ sessionId, started: anonymousStart(tenant, sessionId, clock.currentTimeMillisUnsafe()) })
        : Effect.map(start(sessionId, "server", owner), (started) => ({ sessionId, started }))
    }),
    /** Makes sure that a session has begun, and resumes it where it ended or is of an earlier run. */
    join: Effect.fnUntraced(function*(
      sessionId: string
    ): Effect.fn.Return<JoinedSession, SessionExists | EventLogUnavailable> {
      const session = heldOf(yield* Tenant.CurrentTenant, sessionId)
      if (session?.ended === false) return yield* admitted(sessionId, session)
      if (session === undefined && (yield* begin(sessionId))) return fresh
      return yield* rejoin(sessionId)
    }),
    /** Begins a session before its first request; gives its id. */
    create: Effect.fnUntraced(function*(named: string | undefined) {
      const sessionId = named ?? (yield* EventIds.next)
      return (yield* begin(sessionId)) ? sessionId : yield* new SessionExists({ session_id: sessionId })
    }),
    /** Ends a session; one that has ended stays as it is. */
    end: (sessionId: string, status: SessionEvents.Outcome, reason: string | undefined) =>
      lock.withPermit(Effect.gen(function*() {
        const tenant = yield* Tenant.CurrentTenant
        const existing = yield* read(tenant, sessionId)
        if (existing === undefined) return yield* new SessionNotFound({ session_id: sessionId })
        const { ended, owner, parentSessionId } = existing
        if (!ended) {
          yield* append(
            sessionId,
            Draft.make(
              SessionEvents.Ended,
              { session_id: sessionId, status, ...(reason === undefined ? {} : { reason }) },
              { sessionId, parentSessionId }
            )
          )
        }
        hold(tenant, sessionId, { parentSessionId, ended: true, owner })
      }))
  }
})
