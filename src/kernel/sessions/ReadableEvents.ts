/**
 * Which events of the log the principal of the moment may read: all, or those of sessions that are asked about one by
 * one, for a session may begin, and be somebody's, after who follows it has come.
 */
import { Array, Effect, Stream } from "effect"
import type { EventLogUnavailable, Filter } from "../../events/log/EventLog.ts"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { CurrentPrincipal } from "../../events/types/Principal.ts"
import { sessionOf } from "../../events/types/SessionStream.ts"
import * as Tenant from "../../events/types/Tenant.ts"
import { AccessControl } from "../access/AccessControl.ts"
import type { AccessResource } from "../access/AccessResource.ts"
import { qualifiedId, unknownOwner, wholeLog } from "../access/AccessResource.ts"
import { AccessDenied } from "../http/AccessDenied.ts"
import * as SessionGuard from "./SessionGuard.ts"

/** What tells whose an event is, stored or not. */
type Owned = Pick<RecordedEvent, "tenant" | "sessionId" | "stream">

/** What somebody may read of a stream of events. */
export type Readable = <Event extends Owned>(
  events: Stream.Stream<Event, EventLogUnavailable>
) => Stream.Stream<Event, EventLogUnavailable>

export interface Asked extends Pick<Filter, "sessionId" | "stream"> {
  readonly follow: boolean
}

/** Sessions that are held for a reader. */
const maximumHeld = 1000

const denied = (resource: AccessResource) => () => new AccessDenied({ action: "read", resource: qualifiedId(resource) })

/** By its envelope and by its stream: both have to be readable. */
const sessionsOf = ({ sessionId, stream }: Owned): ReadonlyArray<string> => {
  const ofStream = sessionOf(stream)
  return sessionId === null
    ? ofStream === undefined ? [] : [ofStream]
    : ofStream === undefined || ofStream === sessionId
    ? [sessionId]
    : [sessionId, ofStream]
}

/** Asks about each event; what is withheld of a session is a denial, recorded once. */
const filterBy = (
  access: AccessControl["Service"],
  find: (tenant: string, id: string) => Effect.Effect<AccessResource, EventLogUnavailable>
) => {
  const held = new Map<string, AccessResource>()
  const denials = new Set<string>()

  const sessionFor = Effect.fnUntraced(function*(tenant: string, id: string) {
    const key = Tenant.qualified(tenant, id)
    const cached = held.get(key)
    if (cached !== undefined) return cached
    const session = yield* find(tenant, id)
    if (held.size >= maximumHeld) held.clear()
    if (session.owner !== unknownOwner) held.set(key, session)
    return session
  })

  const mayRead = Effect.fnUntraced(function*(tenant: string, id: string) {
    const session = yield* sessionFor(tenant, id)
    if (yield* access.permits("read", session)) return true
    const key = Tenant.qualified(tenant, id)
    if (!denials.has(key)) {
      if (denials.size >= maximumHeld) denials.clear()
      denials.add(key)
      yield* Effect.ignore(access.authorizeRead(session, denied(session)))
    }
    return false
  })

  /** An event of no session is for who may read all. */
  return Effect.fnUntraced(function*(event: Owned) {
    const sessions = sessionsOf(event)
    for (const id of sessions) if (!(yield* mayRead(event.tenant, id))) return false
    return sessions.length > 0
  })
}

export const make = Effect.gen(function*() {
  const access = yield* AccessControl
  const guard = yield* SessionGuard.make

  /** Whether there could be a session of this name to read: that says nothing of the one there is. */
  const couldBeRead = Effect.fnUntraced(function*(id: string) {
    const principal = yield* CurrentPrincipal
    return (yield* guard.permits("read", id, principal)) || (yield* guard.permits("read", id, null))
  })

  /**
   * Fails unless who asks may read the whole log, or the session that is named. Who follows may wait for a session: for
   * one that has not begun and for one that is hidden alike, and in silence.
   */
  return Effect.fnUntraced(function*(
    { follow, sessionId, stream }: Asked
  ): Effect.fn.Return<Readable, AccessDenied | EventLogUnavailable> {
    if (yield* access.permits("read", wholeLog)) return (events) => events
    const tenant = yield* Tenant.CurrentTenant
    const id = sessionId ?? sessionOf(stream)
    if (id === undefined || !(follow && (yield* couldBeRead(id)))) {
      const resource = id === undefined ? wholeLog : yield* guard.resource(tenant, id)
      yield* access.authorizeRead(resource, denied(resource))
    }
    const mayRead = filterBy(access, guard.resource)
    const principal = yield* CurrentPrincipal
    return (events) =>
      events.pipe(
        // Page by page, so that they go out together.
        Stream.chunks,
        Stream.mapEffect((page) => Effect.filter(page, mayRead)),
        Stream.filter(Array.isArrayNonEmpty),
        Stream.flattenArray,
        Stream.provideService(CurrentPrincipal, principal),
        Stream.provideService(Tenant.CurrentTenant, tenant)
      )
  })
})
