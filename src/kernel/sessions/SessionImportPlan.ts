/** What a session file adds to the log, found before any of it is stored: nothing stands against any part. */
import { Effect } from "effect"
import type { EventHub } from "../../events/log/EventHub.ts"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import { readAll } from "../../events/log/ReadAll.ts"
import type { Redactor } from "../../events/redaction/Redactor.ts"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import type { Principal } from "../../events/types/Principal.ts"
import { streamOf } from "../../events/types/SessionStream.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import { SessionExists } from "../http/SessionErrors.ts"
import type { SessionFileRefused } from "../http/SessionErrors.ts"
import type { Part, Parts } from "./ImportedParts.ts"
import { Imported, ownerOf } from "./SessionEvents.ts"

/** A part as it is to be added to what the log has of its session. */
export interface Addition extends Part {
  readonly existing: ReadonlyArray<RecordedEvent>
  readonly added: ReadonlyArray<RecordedEvent>
}

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

/** Who imports, and what of the sessions that are there already is theirs to read and to add to. */
export interface Importer {
  readonly principal: Principal | null
  permits(action: "read" | "update", sessionId: string, owner: Principal | null): Effect.Effect<boolean>
}

/** What is to be added, once nothing stands against any of it. */
export const make = Effect.fnUntraced(function*(
  hub: Pick<EventHub["Service"], "read">,
  { parts, refuse }: Parts,
  redactor: Redactor,
  { permits }: Importer
): Effect.fn.Return<ReadonlyArray<Addition>, SessionFileRefused | SessionExists | EventLogUnavailable> {
  const tenant = yield* CurrentTenant
  const additions: Array<Addition> = []

  const ownerHere = (sessionId: string) =>
    Effect.map(
      hub.read({ tenant, stream: streamOf(sessionId), after: 0, limit: 1 }),
      ([began]) => began === undefined ? undefined : { owner: ownerOf(began) }
    )

  const isReadable = Effect.fnUntraced(function*(sessionId: string) {
    const here = yield* ownerHere(sessionId)
    return here !== undefined && (yield* permits("read", sessionId, here.owner))
  })

  /** True where an event of these stands in the log, under another session. */
  const isElsewhere = Effect.fnUntraced(function*(events: ReadonlyArray<RecordedEvent>) {
    const checked = new Set<string>()
    for (const { id, requestId, sessionId } of events) {
      // A request's own events go by its id; each of its calls has ids of its own.
      const ofRequest = requestId !== null && requestId.slice(0, 32) === id.slice(0, 32)
      const key = requestId === null ? id : id.slice(0, 32)
      if (checked.has(key)) continue
      checked.add(key)
      const [there] = yield* hub.read({ ...ofRequest ? { requestId } : { id }, after: 0, limit: 1 })
      if (there !== undefined && (requestId === null || there.tenant !== tenant || there.sessionId !== sessionId)) {
        return true
      }
    }
    return false
  })

  for (const part of parts) {
    const { events, first, parentSessionId, sessionId } = part
    if (redactor.text(sessionId) !== sessionId) {
      return yield* refuse(first, { path: "sessionId", message: "it looks like a key, and it would be stored" })
    }
    const isInFile = additions.some((each) => each.sessionId === parentSessionId)
    if (parentSessionId !== null && !isInFile && !(yield* isReadable(parentSessionId))) {
      return yield* refuse(first, {
        path: "parentSessionId",
        message:
          `the session ${parentSessionId} does not stand before it in the file, nor is it one here that you may read`
      })
    }
    const existing = yield* readAll(hub, { tenant, stream: streamOf(sessionId) })
    const added = missing(events, existing)
    const [began] = existing
    const owner = began === undefined ? null : ownerOf(began)
    const mayBe = added !== undefined && (began === undefined || (
      (yield* permits("read", sessionId, owner)) && (added.length === 0 || (yield* permits("update", sessionId, owner)))
    ))
    if (!mayBe || (yield* isElsewhere(added))) return yield* new SessionExists({ session_id: sessionId })
    additions.push({ ...part, existing, added })
  }
  return additions
})
