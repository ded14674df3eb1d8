/** Opens, joins and ends sessions: a request names one, or gets one of its own. */
import { Context, Effect, Layer, Semaphore } from "effect"
import * as Draft from "../../events/log/Draft.ts"
import { EventHub } from "../../events/log/EventHub.ts"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import { readAll } from "../../events/log/ReadAll.ts"
import type { EventDraft, RecordedEvent } from "../../events/types/Envelope.ts"
import * as EventIds from "../../events/types/EventIds.ts"
import type { Principal } from "../../events/types/Principal.ts"
import { CurrentPrincipal } from "../../events/types/Principal.ts"
import { AccessControl } from "../access/AccessControl.ts"
import { SessionExists, SessionNotFound } from "../http/SessionErrors.ts"
import type { JoinedSession } from "../requests/RequestSessions.ts"
import { RequestSessions } from "../requests/RequestSessions.ts"
import { streamOf } from "../requests/SessionStream.ts"
import * as SessionEvents from "./SessionEvents.ts"

/** Sessions known to have begun; the rest is looked up. */
const remembered = 10_000

/** Ids a client may choose. */
export const validId = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/

interface Known extends JoinedSession {
  readonly ended: boolean
  readonly owner: Principal | null
}

export class SessionOpening extends Context.Service<
  SessionOpening,
  RequestSessions["Service"] & {
    /** Begins a session before its first request. */
    create(sessionId: string | undefined): Effect.Effect<string, SessionExists | EventLogUnavailable>
    /** Ends a session; one that has ended stays as it is. */
    end(
      sessionId: string,
      status: SessionEvents.Outcome,
      reason: string | undefined
    ): Effect.Effect<void, SessionNotFound | EventLogUnavailable>
  }
>()("strata/kernel/sessions/SessionOpening") {
  static readonly layer = Layer.effectContext(
    Effect.map(
      Effect.suspend(() => make()),
      (opening) => Context.make(SessionOpening, opening).pipe(Context.add(RequestSessions, opening))
    )
  )
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

const make = Effect.fn("SessionOpening.make")(function*() {
  const hub = yield* EventHub
  const access = yield* AccessControl
  /** What stands behind this position is of this run. */
  const runBegan = yield* hub.head
  const known = new Map<string, Known>()
  const lock = Semaphore.makeUnsafe(1)

  const remember = (sessionId: string, session: Known) => {
    if (known.size >= remembered) known.clear()
    known.set(sessionId, session)
  }

  const start = (sessionId: string, openedBy: "client" | "server", owner: Principal | null) =>
    Draft.make(
      SessionEvents.Started,
      { session_id: sessionId, opened_by: openedBy, ...SessionEvents.owned(owner) },
      { sessionId }
    )

  const admit = Effect.fnUntraced(function*(sessionId: string, { owner }: Known) {
    const principal = yield* CurrentPrincipal
    if (principal !== null && principal.id === owner?.id) return
    const taken = new SessionExists({ session_id: sessionId })
    yield* access.authorize("update", { type: "session", id: sessionId, owner }, () => taken).pipe(
      Effect.mapError(() => taken)
    )
  })

  /** True where the session is new. */
  const begin = Effect.fnUntraced(function*(sessionId: string) {
    const owner = yield* CurrentPrincipal
    const started = yield* start(sessionId, "client", owner)
    return yield* hub.append(streamOf(sessionId), "none", [started]).pipe(
      Effect.map(() => {
        remember(sessionId, { parentSessionId: null, ended: false, owner })
        return true
      }),
      Effect.catchTags({ VersionConflict: () => Effect.succeed(false), EventIdTaken: Effect.die })
    )
  })

  const lookUp = (sessionId: string) =>
    Effect.map(
      readAll(hub, { stream: streamOf(sessionId), types: SessionEvents.lifecycleTypes }),
      stateOf
    )

  const append = (sessionId: string, draft: Effect.Effect<EventDraft>) =>
    Effect.flatMap(draft, (event) => hub.append(streamOf(sessionId), "any", [event])).pipe(
      Effect.catchTags({ VersionConflict: Effect.die, EventIdTaken: Effect.die })
    )

  /** One at a time, so that a session is resumed once though many requests race. */
  const rejoin = (sessionId: string): Effect.Effect<JoinedSession, SessionExists | EventLogUnavailable> =>
    lock.withPermit(Effect.gen(function*() {
      const remembered = known.get(sessionId)
      if (remembered?.ended === false) return yield* admitted(sessionId, remembered)
      const found = yield* lookUp(sessionId)
      if (found !== undefined) yield* admit(sessionId, found)
      const parentSessionId = found?.parentSessionId ?? null
      const ofEarlierRun = found === undefined || found.last.position <= runBegan ||
        found.last.type === SessionEvents.Imported.type
      if (found?.ended === true || ofEarlierRun) {
        yield* append(
          sessionId,
          Draft.make(SessionEvents.Resumed, { session_id: sessionId }, { sessionId, parentSessionId })
        )
      }
      const joined = { parentSessionId, ended: false, owner: found?.owner ?? null }
      remember(sessionId, joined)
      return joined
    }))

  const admitted = (sessionId: string, session: Known) => Effect.as(admit(sessionId, session), session)

  const fresh: JoinedSession = { parentSessionId: null }

  return SessionOpening.of({
    open: Effect.flatMap(EventIds.next, (sessionId) =>
      Effect.flatMap(CurrentPrincipal, (owner) => {
        remember(sessionId, { parentSessionId: null, ended: false, owner })
        return Effect.map(start(sessionId, "server", owner), (started) => ({ sessionId, started }))
      })),
    join: Effect.fnUntraced(function*(sessionId) {
      const session = known.get(sessionId)
      if (session?.ended === false) return yield* admitted(sessionId, session)
      if (session === undefined && (yield* begin(sessionId))) return fresh
      return yield* rejoin(sessionId)
    }),
    create: Effect.fnUntraced(function*(named) {
      const sessionId = named ?? (yield* EventIds.next)
      return (yield* begin(sessionId)) ? sessionId : yield* new SessionExists({ session_id: sessionId })
    }),
    end: (sessionId, status, reason) =>
      lock.withPermit(Effect.gen(function*() {
        const found = yield* lookUp(sessionId)
        if (found === undefined) return yield* new SessionNotFound({ session_id: sessionId })
        const { ended, owner, parentSessionId } = found
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
        remember(sessionId, { parentSessionId, ended: true, owner })
      }))
  })
})
