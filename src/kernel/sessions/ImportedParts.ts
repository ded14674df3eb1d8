/** A session file taken apart: the sessions it holds, ancestors first, each whole in itself. */
import { Effect } from "effect"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import * as EventIds from "../../events/types/EventIds.ts"
import { SessionFileRefused } from "../http/SessionErrors.ts"
import type { FirstIssue } from "../issues/FirstIssue.ts"
import type { checker } from "./ImportedEvent.ts"
import { Forked, Started } from "./SessionEvents.ts"
import type { SessionFile } from "./SessionFile.ts"

/** The part of a file that belongs to one session. */
export interface Part {
  readonly sessionId: string
  readonly parentSessionId: string | null
  /** As the file has it: the beginning may be made up. */
  readonly first: RecordedEvent
  readonly events: ReadonlyArray<RecordedEvent>
}

export interface Parts {
  /** The session the file is of. */
  readonly main: string
  readonly parts: ReadonlyArray<Part>
  /** What is wrong with an event, in the words of the file. */
  readonly refuse: (event: RecordedEvent, issue: FirstIssue) => SessionFileRefused
}

const remedy = "Nothing was imported. Export the session anew, or mend what is named."

export const refused = (message: string, param: string | null = null) =>
  new SessionFileRefused({ param, message: `${message} ${remedy}` })

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

/** What of an event does not fit those before it. */
const misplaced = (
  event: RecordedEvent,
  before: ReadonlyArray<RecordedEvent>,
  requests: ReadonlyMap<string, string>
): FirstIssue | undefined => {
  const [first, last] = [before[0], before.at(-1)]
  const { parentSessionId, position, requestId, sessionId, type } = event
  if (requestId !== null && requests.get(requestId) !== sessionId) {
    return { path: "requestId", message: "another session of the file has this request" }
  }
  if (first === undefined || last === undefined) return undefined
  if (position <= last.position) return { path: "position", message: `it stands behind position ${last.position}` }
  if (parentSessionId !== first.parentSessionId) {
    return { path: "parentSessionId", message: "it is another than that of the session's first event" }
  }
  if (type === Started.type) return { path: "type", message: "the session has begun before" }
  return type === Forked.type && before.some((each) => each.type !== Started.type)
    ? { path: "type", message: "a session is forked where it begins, and once" }
    : undefined
}

const described = (line: number, { id }: RecordedEvent, { message, path }: FirstIssue) =>
  `Line ${line} of the session file (event ${id.slice(0, 64)}) is refused: ${path}: ${message}.`

/** Looks at every event before any is stored. */
export const of = Effect.fnUntraced(function*(
  { events, header, lines }: SessionFile,
  check: ReturnType<typeof checker>
): Effect.fn.Return<Parts, SessionFileRefused> {
  const lineOf = new Map(events.map((event, index) => [event, lines[index]!]))
  const refuse = (event: RecordedEvent, issue: FirstIssue) =>
    refused(described(lineOf.get(event) ?? 1, event, issue), issue.path)
  const registered = header.version === 2 ? check.registrations(header.registrations) : undefined
  if (registered !== undefined) {
    return yield* refused(
      `Line 1 of the session file is refused: ${registered.path}: ${registered.message}.`,
      registered.path
    )
  }
  const own = new Map<string, Array<RecordedEvent>>()
  const requests = new Map<string, string>()
  const ids = new Set<string>()
  for (const event of events) {
    const issue = check.event(event)
    if (issue !== undefined) return yield* refuse(event, issue)
    const sessionId = event.sessionId!
    if (event.requestId !== null && !requests.has(event.requestId)) requests.set(event.requestId, sessionId)
    if (ids.has(event.id)) return yield* refuse(event, { path: "id", message: "it stands twice in the file" })
    ids.add(event.id)
    const before = own.get(sessionId) ?? []
    const place = misplaced(event, before, requests)
    if (place !== undefined) return yield* refuse(event, place)
    own.set(sessionId, before)
    before.push(event)
  }
  const main = header.version === 2 ? header.session_id : events.at(-1)?.sessionId
  if (main === undefined || main === null || !own.has(main)) {
    return yield* refused("The session file holds no event of its session.", header.version === 2 ? "session_id" : null)
  }
  const parts = [...own].map(([sessionId, events]): Part => ({
    sessionId,
    parentSessionId: events[0]!.parentSessionId,
    first: events[0]!,
    events: withBeginning(sessionId, events)
  }))
  return { main, parts, refuse }
})
