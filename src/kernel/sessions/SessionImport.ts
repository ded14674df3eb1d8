/** Takes a session out of a file into the log: its events under new positions, and what they were recorded against. */
import { Effect, Struct } from "effect"
import * as Draft from "../../events/log/Draft.ts"
import type { EventHub } from "../../events/log/EventHub.ts"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import { readAll } from "../../events/log/ReadAll.ts"
import { Redactor } from "../../events/redaction/Redactor.ts"
import type { EventDraft, RecordedEvent } from "../../events/types/Envelope.ts"
import type { Principal } from "../../events/types/Principal.ts"
import { streamOf } from "../../events/types/SessionStream.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import * as Dialects from "../dialects/Dialects.ts"
import type { SessionFileRefused } from "../http/SessionErrors.ts"
import { SessionExists } from "../http/SessionErrors.ts"
import { Request } from "../requests/ApiEvents.ts"
import type { checker } from "./ImportedEvent.ts"
import type { Part } from "./ImportedParts.ts"
import * as ImportedParts from "./ImportedParts.ts"
import type { Registration } from "./SessionEvents.ts"
import { Imported, lifecycleTypes, owned, Started } from "./SessionEvents.ts"
import type { SessionFile } from "./SessionFile.ts"
import type { Addition, Importer } from "./SessionImportPlan.ts"
import * as SessionImportPlan from "./SessionImportPlan.ts"
import * as SessionState from "./SessionState.ts"

type Hub = Pick<EventHub["Service"], "read" | "append">

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

/** As the log stores it, for the tenant that imports: what is a secret here is masked. */
const toDraft = (redactor: Redactor, tenant: string) => (recorded: RecordedEvent): EventDraft =>
  redactor.draft({ ...Struct.omit(recorded, ["position", "stream", "version", "prunedAt"]), tenant })

/** Where a fork was forked, in the positions of the log the file was written from. */
const forkedAt = (events: ReadonlyArray<RecordedEvent>): number | null =>
  events.filter(({ type }) => lifecycleTypes.some((each) => each === type))
    .reduce(SessionState.evolve(Dialects.none), SessionState.initial(events[0]!)).forked_at_position

/** The sessions of the file that a part inherits from. */
const ancestorsOf = ({ parentSessionId }: Part, parts: ReadonlyArray<Part>): ReadonlySet<string> => {
  const ancestors = new Set<string>()
  let parent = parentSessionId
  while (parent !== null && !ancestors.has(parent)) {
    ancestors.add(parent)
    parent = parts.find(({ sessionId }) => sessionId === parent)?.parentSessionId ?? null
  }
  return ancestors
}

export interface Outcome {
  readonly sessionId: string
  /** Events that were not in the log before, those of ancestors included. */
  readonly events: number
}

/** A file can't speak for somebody else: whose it is and who asked is who imports it, where that is known. */
const ownedBy = (principal: Principal | null) => (event: EventDraft): EventDraft => {
  if (principal === null) return event
  const own = { ...event, principal: principal.id }
  if (event.type === Started.type) {
    return { ...own, payload: JSON.stringify({ ...JSON.parse(event.payload), ...owned(principal) }) }
  }
  if (event.type !== Request.base.type) return own
  const { principal_attributes: _, ...payload } = JSON.parse(event.payload)
  const { attributes } = principal
  const attributed = Object.keys(attributes).length === 0 ? {} : { principal_attributes: attributes }
  return { ...own, payload: JSON.stringify({ ...payload, ...attributed }) }
}

/** Imports a file that was read, all of it or nothing; what of it is in the log already stays as it is. */
export const run = Effect.fn("SessionImport.run")(function*(
  hub: Hub,
  file: SessionFile,
  check: ReturnType<typeof checker>,
  importer: Importer
): Effect.fn.Return<Outcome, SessionFileRefused | SessionExists | EventLogUnavailable> {
  const redactor = yield* Redactor.configured
  const tenant = yield* CurrentTenant
  const parts = yield* ImportedParts.of(file, check)
  const additions = yield* SessionImportPlan.make(hub, parts, redactor, importer)
  /** The position here of each event of the file. */
  const positions = new Map<string, number>()
  let imported = 0

  const positionHere = (there: number | null, ancestors: ReadonlySet<string>): number | null => {
    const event = there === null ?
      undefined :
      file.events.findLast(({ id, position, sessionId }) =>
        position <= there && ancestors.has(sessionId ?? "") && positions.has(id)
      )
    return event === undefined ? null : positions.get(event.id) ?? null
  }

  const add = Effect.fnUntraced(function*(addition: Addition) {
    const { added, events, existing, parentSessionId, sessionId } = addition
    const stream = streamOf(sessionId)
    if (added.length > 0) {
      const summary = yield* Draft.make(Imported, {
        session_id: sessionId,
        events: added.length,
        strata_version: file.header.version === 2 ? file.header.strata_version : null,
        exported_at: file.header.version === 2 ? file.header.exported_at : null,
        forked_at_position: positionHere(forkedAt(events), ancestorsOf(addition, parts.parts)),
        registrations: registrationsFor(file, addition)
      }, { sessionId, parentSessionId })
      const taken = () => new SessionExists({ session_id: sessionId })
      yield* hub.append(stream, existing.at(-1)?.version ?? "none", [
        ...added.map(toDraft(redactor, tenant)).map(ownedBy(importer.principal)),
        summary
      ]).pipe(Effect.catchTags({ VersionConflict: taken, EventIdTaken: taken }))
      imported += added.length
    }
    for (const { id, position } of yield* readAll(hub, { tenant, stream })) positions.set(id, position)
  })

  yield* Effect.forEach(additions, add, { discard: true })
  return { sessionId: parts.main, events: imported }
})
