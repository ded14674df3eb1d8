/** Where a session comes from: the sessions it was forked from, and what it inherits of each. */
import { Effect, Stream, Struct } from "effect"
import type { EventHub } from "../../events/log/EventHub.ts"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { ProjectionTables } from "../../events/log/ProjectionTables.ts"
import { readAll } from "../../events/log/ReadAll.ts"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { streamOf } from "../../events/types/SessionStream.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import * as Dialects from "../dialects/Dialects.ts"
import { SessionNotFound } from "../http/SessionErrors.ts"
import * as EventPages from "./EventPages.ts"
import { lifecycleTypes } from "./SessionEvents.ts"
import type { SessionLineage } from "./SessionModels.ts"
import { SessionProjection } from "./SessionProjection.ts"
import * as SessionState from "./SessionState.ts"

type Log = Pick<EventHub["Service"], "read">

/** A session of a lineage, and the part of it that is inherited. */
export interface Link {
  readonly tenant: string
  readonly sessionId: string
  /** Position of its first event. */
  readonly began: number
  /** Position of the last event that counts. */
  readonly upTo: number
}

interface Origin {
  readonly sessionId: string
  readonly began: number
  readonly parent: { readonly sessionId: string; readonly position: number } | undefined
}

const originOf = (sessionId: string, lifecycle: ReadonlyArray<RecordedEvent>): Origin | undefined => {
  const [first, ...rest] = lifecycle
  if (first === undefined) return undefined
  const { forked_at_position, parent_session_id } = rest.reduce(
    SessionState.evolve(Dialects.none),
    SessionState.initial(first)
  )
  const parent = parent_session_id === null || forked_at_position === null
    ? undefined
    : { sessionId: parent_session_id, position: forked_at_position }
  return { sessionId, began: first.position, parent }
}

const readOrigin = (log: Log, tenant: string, sessionId: string) =>
  Effect.map(
    readAll(log, { tenant, stream: streamOf(sessionId), types: lifecycleTypes }),
    (lifecycle) => originOf(sessionId, lifecycle)
  )

/** The lineage of a session: its root first, itself last. A parent that is not in the log ends it. */
export const load = Effect.fn("SessionLineage.load")(function*(
  log: Log,
  sessionId: string
): Effect.fn.Return<ReadonlyArray<Link>, SessionNotFound | EventLogUnavailable> {
  const tenant = yield* CurrentTenant
  const self = yield* readOrigin(log, tenant, sessionId)
  if (self === undefined) return yield* new SessionNotFound({ session_id: sessionId })
  const links: Array<Link> = []
  let origin: Origin | undefined = self
  let upTo = Infinity
  while (origin !== undefined && !links.some((link) => link.sessionId === origin?.sessionId)) {
    links.unshift({ tenant, sessionId: origin.sessionId, began: origin.began, upTo })
    if (origin.parent === undefined) break
    upTo = Math.min(upTo, origin.parent.position)
    origin = yield* readOrigin(log, tenant, origin.parent.sessionId)
  }
  return links
})

/**
 * The events of a lineage up to a position, in order: what its last session is folded from. `select` says what is kept
 * of each; undefined for nothing.
 */
export const events = Effect.fn("SessionLineage.events")(function*(
  log: Log,
  links: ReadonlyArray<Link>,
  select: (event: RecordedEvent) => RecordedEvent | undefined = (event) => event,
  upTo = Infinity
) {
  const events: Array<RecordedEvent> = []
  /** Of the last event there is, and of the last one up to the position; kept or not. */
  let last = 0
  let lastUpTo = 0
  yield* Stream.runForEach(stream(log, links), (event) =>
    Effect.sync(() => {
      last = event.position
      if (event.position > upTo) return
      lastUpTo = event.position
      const selected = select(event)
      if (selected !== undefined) events.push(selected)
    }))
  return { events, last, lastUpTo }
})

/** The events of a lineage, of each session up to where it was left. */
export const stream = (log: Log, links: ReadonlyArray<Link>): Stream.Stream<RecordedEvent, EventLogUnavailable> =>
  Stream.flatMap(
    Stream.fromIterable(links),
    ({ sessionId, tenant, upTo }) => EventPages.stream(log, { tenant, sessionId }, { upTo })
  )

/** Children listed of a session. */
const maximumChildren = 1000

type Child = SessionLineage["children"][number]

/** Every session that was forked from this one, from those, and so on, in the order they began. */
export const children = Effect.fn("SessionLineage.children")(function*(
  tables: ProjectionTables["Service"],
  sessionId: string
) {
  const tenant = yield* CurrentTenant
  const forks: Array<Child & { readonly position: number }> = []
  const visited = new Set([sessionId])
  let parents = [sessionId]
  for (let depth = 1; parents.length > 0 && forks.length <= maximumChildren; depth++) {
    const next: Array<string> = []
    for (const parent of parents) {
      const rows = yield* tables.list(SessionProjection, { tenant, where: { parent }, limit: maximumChildren + 1 })
      for (const { document, key, position } of rows) {
        if (visited.has(key)) continue
        visited.add(key)
        next.push(key)
        const forked_at_position = document.forked_at_position ?? 0
        forks.push({ session_id: key, parent_session_id: parent, depth, forked_at_position, position })
      }
    }
    parents = next
  }
  const children = forks.sort((one, other) => one.position - other.position).slice(0, maximumChildren)
  return {
    children: children.map((child): Child => Struct.omit(child, ["position"])),
    has_more: forks.length > maximumChildren
  }
})
