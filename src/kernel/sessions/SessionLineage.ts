/** Where a session comes from: the sessions it was forked from, and what it inherits of each. */
import { Effect, Option, Stream } from "effect"
import { SessionNotFound } from "../../apis/sessions/Sessions.ts"
import type { SessionLineage } from "../../apis/sessions/SessionsModels.ts"
import type { RecordedEvent } from "../../events/Envelope.ts"
import type { EventHub } from "../../events/EventHub.ts"
import type { EventLogUnavailable } from "../../events/EventLog.ts"
import { readAll } from "../../events/ReadAll.ts"
import { lifecycleTypes, Started, streamOf } from "../../events/SessionEvents.ts"
import * as SessionState from "./SessionState.ts"

type Log = Pick<EventHub["Service"], "read">

/** A session of a lineage, and the part of it that is inherited. */
export interface Link {
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
  const { forked_at_position, parent_session_id } = rest.reduce(SessionState.evolve, SessionState.initial(first))
  const parent = parent_session_id === null || forked_at_position === null
    ? undefined
    : { sessionId: parent_session_id, position: forked_at_position }
  return { sessionId, began: first.position, parent }
}

const readOrigin = (log: Log, sessionId: string) =>
  Effect.map(
    readAll(log, { stream: streamOf(sessionId), types: lifecycleTypes }),
    (lifecycle) => originOf(sessionId, lifecycle)
  )

/** The lineage of a session: its root first, itself last. A parent that is not in the log ends it. */
export const load = Effect.fn("SessionLineage.load")(function*(
  log: Log,
  sessionId: string
): Effect.fn.Return<ReadonlyArray<Link>, SessionNotFound | EventLogUnavailable> {
  const self = yield* readOrigin(log, sessionId)
  if (self === undefined) return yield* new SessionNotFound({ session_id: sessionId })
  const links: Array<Link> = []
  let origin: Origin | undefined = self
  let upTo = Infinity
  while (origin !== undefined && !links.some((link) => link.sessionId === origin?.sessionId)) {
    links.unshift({ sessionId: origin.sessionId, began: origin.began, upTo })
    if (origin.parent === undefined) break
    upTo = Math.min(upTo, origin.parent.position)
    origin = yield* readOrigin(log, origin.parent.sessionId)
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

const pageSize = 1000

/** The events of one session up to where it was left. */
const own = (log: Log, { sessionId, upTo }: Link): Stream.Stream<RecordedEvent, EventLogUnavailable> =>
  Stream.paginate(0, (after: number) =>
    Effect.map(log.read({ sessionId, after, limit: pageSize }), (page) => {
      const last = page.at(-1)
      const events = last === undefined || last.position <= upTo
        ? page
        : page.filter(({ position }) => position <= upTo)
      return [events, last === undefined || events.length < pageSize ? Option.none() : Option.some(last.position)]
    }))

/** The same, page by page. */
export const stream = (log: Log, links: ReadonlyArray<Link>): Stream.Stream<RecordedEvent, EventLogUnavailable> =>
  Stream.flatMap(Stream.fromIterable(links), (link) => own(log, link))

/** Children listed of a session. */
const maximumChildren = 1000

type Child = SessionLineage["children"][number]

/** Every session that was forked from this one, from those, and so on. A fork stands behind its parent. */
export const children = Effect.fn("SessionLineage.children")(function*(log: Log, sessionId: string) {
  const depths = new Map([[sessionId, 0]])
  const found: Array<Omit<Child, "forked_at_position">> = []
  for (const { parentSessionId, sessionId } of yield* readAll(log, { types: [Started.type] })) {
    const depth = parentSessionId === null ? undefined : depths.get(parentSessionId)
    if (sessionId === null || parentSessionId === null || depth === undefined || depths.has(sessionId)) continue
    depths.set(sessionId, depth + 1)
    found.push({ session_id: sessionId, parent_session_id: parentSessionId, depth: depth + 1 })
  }
  const children = yield* Effect.forEach(
    found.slice(0, maximumChildren),
    (child) =>
      Effect.map(readOrigin(log, child.session_id), (origin): Child => ({
        ...child,
        forked_at_position: origin?.parent?.position ?? 0
      }))
  )
  return { children, has_more: found.length > maximumChildren }
})
