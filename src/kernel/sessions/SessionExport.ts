/** Writes a session into a file that can be replayed elsewhere: with what it inherits and what it ran against. */
import { Clock, Effect, Stream } from "effect"
import type { Schema } from "effect"
import type { EventHub } from "../../events/log/EventHub.ts"
import { addAll } from "../../events/types/AddAll.ts"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { payloadOf, toIsoTime } from "../../events/types/Envelope.ts"
import { canonical } from "../../events/types/JsonDifference.ts"
import { streamOf } from "../../events/types/SessionStream.ts"
import { version } from "../http/Version.ts"
import * as ProviderEvents from "../provider/ProviderEvents.ts"
import type { AnyResourceKind } from "../resources/ResourceKind.ts"
import { CurrentResourceKinds } from "../resources/ResourceKinds.ts"
import * as ResourceTable from "../resources/ResourceTable.ts"
import * as SessionContext from "../sessions/SessionContext.ts"
import * as Registrations from "./Registrations.ts"
import type { Registration } from "./SessionEvents.ts"
import { lifecycleTypes } from "./SessionEvents.ts"
import * as SessionFile from "./SessionFile.ts"
import * as SessionLineage from "./SessionLineage.ts"
import * as VisibleRegistrations from "./VisibleRegistrations.ts"

type Log = Pick<EventHub["Service"], "read">

/** The tables in force, each entry with the event that would make it, and the one that would end it. */
interface Entry {
  readonly registered: Omit<Registration, "after_event_id">
  readonly unregistered: Omit<Registration, "after_event_id">
}

const tablesAt = (
  kinds: ReadonlyArray<AnyResourceKind>,
  context: SessionContext.SessionContext,
  position: number
): ReadonlyMap<string, Entry> => {
  const entries = new Map<string, Entry>()
  for (const each of SessionContext.providersAt(context, position)) {
    const { api, provider_id } = each
    entries.set(`provider ${api}/${provider_id}`, {
      registered: { type: ProviderEvents.Registered.type, payload: each as unknown as Schema.Json },
      unregistered: { type: ProviderEvents.Unregistered.type, payload: { api, provider_id } }
    })
  }
  const inForce = SessionContext.inForce(context, position)
  for (const kind of kinds) {
    for (const each of ResourceTable.evolve(kind, ResourceTable.empty, inForce).entries.values()) {
      entries.set(`${kind.type} ${each.identifier}`, {
        registered: { type: kind.registered.type, payload: kind.toPayload(each) },
        unregistered: { type: kind.unregistered.type, payload: kind.unregistration(each.identifier) }
      })
    }
  }
  return entries
}

/** What must be registered and unregistered so that one becomes the other. */
const difference = (
  before: ReadonlyMap<string, Entry>,
  after: ReadonlyMap<string, Entry>,
  after_event_id: string | null
): ReadonlyArray<Registration> => [
  ...[...before].filter(([key]) => !after.has(key)).map(([, { unregistered }]) => ({
    after_event_id,
    ...unregistered
  })),
  ...[...after].filter(([key, { registered }]) => canonical(before.get(key)?.registered) !== canonical(registered))
    .map(([, { registered }]) => ({ after_event_id, ...registered }))
]

/** The registrations in force at each of the events, in order: all that hold for the first, then the changes. */
export const registrationsOf = (
  kinds: ReadonlyArray<AnyResourceKind>,
  events: ReadonlyArray<RecordedEvent>,
  contextOf: (event: RecordedEvent) => SessionContext.SessionContext
): ReadonlyArray<Registration> => {
  const registrations: Array<Registration> = []
  let context: SessionContext.SessionContext | undefined
  let before: RecordedEvent | undefined
  for (const event of events) {
    const current = contextOf(event)
    const after_event_id = before?.id ?? null
    if (current === context) {
      const from = before?.position ?? 0
      const changes = current.registrations.filter(({ position }) => position > from && position <= event.position)
      registrations.push(
        ...changes.map((change) => ({ after_event_id, type: change.type, payload: payloadOf(change) }))
      )
    } else {
      const previous = context === undefined
        ? new Map<string, Entry>()
        : tablesAt(kinds, context, before?.position ?? 0)
      addAll(registrations, difference(previous, tablesAt(kinds, current, event.position), after_event_id))
    }
    context = current
    before = event
  }
  return registrations
}

/** Without the payloads that nobody asks for: a session may be large. */
const light = (event: RecordedEvent): RecordedEvent =>
  lifecycleTypes.some((type) => type === event.type) ? event : { ...event, payload: "null" }

/** An ancestor of which nothing is inherited is still part of the lineage: it begins, and is left at once. */
const withBeginnings = (log: Log, links: ReadonlyArray<SessionLineage.Link>) =>
  Effect.forEach(links, (link) =>
    link.began <= link.upTo
      ? Effect.succeed(SessionLineage.stream(log, [link]))
      : Effect.map(
        log.read({ tenant: link.tenant, stream: streamOf(link.sessionId), types: lifecycleTypes, after: 0, limit: 2 }),
        (beginning) => Stream.fromIterable(beginning)
      ))

/** The lines of the file. The session's header comes first, so it is read twice. */
export const lines = Effect.fn("SessionExport.lines")(function*(log: Log, sessionId: string) {
  const links = yield* SessionLineage.load(log, sessionId)
  const parts = yield* withBeginnings(log, links)
  const events = Stream.flatMap(Stream.fromIterable(parts), (part) => part)
  const all = yield* Stream.runCollect(Stream.map(events, light))
  const here = yield* SessionContext.registrations(log)
  const kinds = (yield* CurrentResourceKinds).all
  const issueOf = Registrations.checker(kinds)
  const contexts = links.map((link) => {
    const own = all.filter((event) => event.sessionId === link.sessionId)
    return [link.sessionId, SessionContext.finder(own, here, (each) => issueOf(each) === undefined)] as const
  })
  const contextOf = new Map(contexts)
  const header: SessionFile.Header = {
    format: "strata.session",
    version: 2,
    description: `Session ${sessionId}, exported by Strata.`,
    session_id: sessionId,
    strata_version: version,
    exported_at: toIsoTime(yield* Clock.currentTimeMillis),
    registrations: yield* VisibleRegistrations.of(
      kinds,
      registrationsOf(kinds, all, (event) => contextOf.get(event.sessionId ?? "")!(event))
    )
  }
  return SessionFile.write(header, events)
})
