/** Takes a session out of a file into the log: its events under new positions, and what they were recorded against. */
import { Effect, Struct } from "effect"
import * as Draft from "../../events/log/Draft.ts"
import type { EventHub } from "../../events/log/EventHub.ts"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import { readAll } from "../../events/log/ReadAll.ts"
import { Redactor } from "../../events/redaction/Redactor.ts"
import type { EventDraft, RecordedEvent } from "../../events/types/Envelope.ts"
import * as EventIds from "../../events/types/EventIds.ts"
import type { Principal } from "../../events/types/Principal.ts"
import type { SessionFile } from "../replay/SessionFile.ts"
import { SessionFileRefused } from "./SessionErrors.ts"
import type { Registration } from "./SessionEvents.ts"
import { Imported, lifecycleTypes, owned, ownerOf, Started, streamOf } from "./SessionEvents.ts"
import { validId } from "./SessionOpening.ts"
import * as SessionState from "./SessionState.ts"

type Hub = Pick<EventHub["Service"], "read" | "append">

/** The part of a file that belongs to one session. */
interface Part {
  readonly sessionId: string
  readonly events: ReadonlyArray<RecordedEvent>
}

const refused = (message: string) => new SessionFileRefused({ reason: "invalid", message })

/** The counter of a beginning that no file brought: no request has so many events. */
const madeUp = 0xffff

/** A file may leave out how a session began. */
const withBeginning = (sessionId: string, events: ReadonlyArray<RecordedEvent>): ReadonlyArray<RecordedEvent> => {
  const first = events[0]!
  if (first.type === Started.type) return events
  const { level, type, version } = Started
  return [{
    ...first,
    id: EventIds.nth(first.id, madeUp),
    type,
    level,
    schemaVersion: version,
    requestId: null,
    attempt: null,
    causationId: null,
    provider: null,
    principal: null,
    payload: JSON.stringify({ session_id: sessionId, opened_by: "import" })
  }, ...events]
}

/** The sessions of a file, in the order they stand in it: ancestors first. */
const partsOf = Effect.fnUntraced(function*({ events, header }: SessionFile) {
  const parts = new Map<string, Array<RecordedEvent>>()
  for (const event of events) {
    const { id, sessionId } = event
    if (sessionId === null || !validId.test(sessionId)) {
      return yield* refused(`The event ${id} of the session file has no session, or one that is no id: ${sessionId}.`)
    }
    const part = parts.get(sessionId)
    if (part === undefined) parts.set(sessionId, [event])
    else part.push(event)
  }
  const named = header.version === 2 ? header.session_id : events.at(-1)?.sessionId
  if (named === undefined || named === null || !parts.has(named)) {
    return yield* refused("The session file holds no event of its session.")
  }
  return {
    main: named,
    parts: [...parts].map(([sessionId, own]): Part => ({ sessionId, events: withBeginning(sessionId, own) }))
  }
})

const isOwn = ({ type }: RecordedEvent): boolean => type !== Imported.type

/** The events of a part that are not in the log yet; undefined where the log holds another session of this id. */
const missing = (
  given: ReadonlyArray<RecordedEvent>,
  existing: ReadonlyArray<RecordedEvent>
): ReadonlyArray<RecordedEvent> | undefined => {
  const [wanted, there] = [given.filter(isOwn), existing.filter(isOwn)]
  const common = Math.min(wanted.length, there.length)
  if (wanted.slice(0, common).some(({ id }, index) => id !== there[index]!.id)) return undefined
  if (wanted.length <= common) return []
  return common === 0 ? given : given.slice(given.indexOf(wanted[common - 1]!) + 1)
}

/** The registrations that concern a part: what was said before it began holds from its beginning. */
const registrationsFor = (file: SessionFile, { events }: Part): ReadonlyArray<Registration> | null => {
  if (file.header.version === 1) return null
  const places = new Map(file.events.map(({ id }, index) => [id, index]))
  const [first, last] = [places.get(events[0]!.id) ?? 0, places.get(events.at(-1)!.id) ?? 0]
  return file.header.registrations.flatMap((registration) => {
    const place = registration.after_event_id === null ? -1 : places.get(registration.after_event_id) ?? -1
    if (place > last) return []
    return [place < first ? { ...registration, after_event_id: null } : registration]
  })
}

/** As the log stores it: what is a secret here is masked. */
const toDraft = (redactor: Redactor) => (recorded: RecordedEvent): EventDraft =>
  redactor.draft(Struct.omit(recorded, ["position", "stream", "version", "prunedAt"]))

/** Where a fork was forked, in the positions of the log the file was written from. */
const forkedAt = (events: ReadonlyArray<RecordedEvent>): number | null =>
  events.filter(({ type }) => lifecycleTypes.some((each) => each === type))
    .reduce(SessionState.evolve, SessionState.initial(events[0]!)).forked_at_position

export interface Outcome {
  readonly sessionId: string
  /** Events that were not in the log before, those of ancestors included. */
  readonly events: number
}

/** Who imports, and into which of the sessions that are there already. */
export interface Importer {
  readonly principal: Principal | null
  mayAddTo(sessionId: string, owner: Principal | null): Effect.Effect<boolean>
}

/** A file can't speak for somebody else: whose it is and who asked is who imports it, where that is known. */
const ownedBy = (principal: Principal | null) => (event: EventDraft): EventDraft => {
  if (principal === null) return event
  const own = { ...event, principal: principal.id }
  return event.type === Started.type
    ? { ...own, payload: JSON.stringify({ ...JSON.parse(event.payload), ...owned(principal) }) }
    : own
}

/** Imports a file that was read; what of it is in the log already stays as it is. */
export const run = Effect.fn("SessionImport.run")(function*(
  hub: Hub,
  file: SessionFile,
  { mayAddTo, principal }: Importer
): Effect.fn.Return<Outcome, SessionFileRefused | EventLogUnavailable> {
  const redactor = yield* Redactor.configured
  const { main, parts } = yield* partsOf(file)
  /** The position here of each event of the file. */
  const positions = new Map<string, number>()
  let imported = 0

  const positionHere = (there: number | null): number | null => {
    const event = there === null
      ? undefined
      : file.events.findLast(({ id, position }) => position <= there && positions.has(id))
    return event === undefined ? null : positions.get(event.id) ?? null
  }

  const taken = (sessionId: string) =>
    new SessionFileRefused({
      reason: "conflict",
      message:
        `There is another session \`${sessionId}\` here, with other events than the file's. Nothing of it was changed.`
    })

  const elsewhere = (id: string, stream: string) =>
    new SessionFileRefused({
      reason: "conflict",
      message: `The event ${id} of the file stands in the log already, in ${stream}: under another session than here.`
    })

  const importPart = Effect.fnUntraced(function*(part: Part) {
    const { events, sessionId } = part
    const stream = streamOf(sessionId)
    const existing = yield* readAll(hub, { stream })
    const added = missing(events, existing)
    if (added === undefined) return yield* taken(sessionId)
    const [began] = existing
    if (began !== undefined && !(yield* mayAddTo(sessionId, ownerOf(began)))) return yield* taken(sessionId)
    if (added.length > 0) {
      const summary = yield* Draft.make(Imported, {
        session_id: sessionId,
        events: added.length,
        strata_version: file.header.version === 2 ? file.header.strata_version : null,
        exported_at: file.header.version === 2 ? file.header.exported_at : null,
        forked_at_position: positionHere(forkedAt(events)),
        registrations: registrationsFor(file, part)
      }, { sessionId, parentSessionId: events[0]!.parentSessionId })
      yield* hub.append(stream, existing.at(-1)?.version ?? "none", [
        ...added.map(toDraft(redactor)).map(ownedBy(principal)),
        summary
      ]).pipe(
        Effect.catchTags({
          VersionConflict: () => taken(sessionId),
          EventIdTaken: ({ id, stream }) => elsewhere(id, stream)
        })
      )
      imported += added.length
    }
    for (const { id, position } of yield* readAll(hub, { stream })) positions.set(id, position)
  })

  yield* Effect.forEach(parts, importPart, { discard: true })
  return { sessionId: main, events: imported }
})
