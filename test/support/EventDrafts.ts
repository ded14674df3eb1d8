/** Events to append in tests: every field filled, the ones that matter given. */
import type { Filter } from "../../src/events/log/EventLog.ts"
import type { EventDraft, RecordedEvent } from "../../src/events/types/Envelope.ts"

let made = 0

/** Each has an id of its own. */
export const draft = (given: Partial<EventDraft> = {}): EventDraft => ({
  id: `event-${++made}`,
  type: "test:happened",
  level: "default",
  schemaVersion: 1,
  time: 1_763_683_200_000,
  tenant: "",
  sessionId: null,
  parentSessionId: null,
  requestId: null,
  attempt: null,
  causationId: null,
  provider: null,
  principal: null,
  payload: "{}",
  ...given
})

/** So many events. */
export const drafts = (count: number, given: Partial<EventDraft> = {}): ReadonlyArray<EventDraft> =>
  Array.from(
    { length: count },
    (_, index) => draft({ ...given, ...(given.id === undefined ? {} : { id: `${given.id}-${index + 1}` }) })
  )

/** Tenants that a log keeps apart, the default one among them. */
export const tenants = ["", "acme", "acme ' \" %"] as const

const levels = ["default", "debug", "raw"]

/** What a filter means, said once more, as plainly as it can be. */
export const matches = (filter: Filter) => (event: RecordedEvent): boolean => {
  const { id, level = "raw", provider, requestId, sessionId, stream, tenant, types } = filter
  if (levels.indexOf(event.level) > levels.indexOf(level)) return false
  if (tenant !== undefined && event.tenant !== tenant) return false
  if (id !== undefined && event.id !== id) return false
  if (sessionId !== undefined && event.sessionId !== sessionId) return false
  if (requestId !== undefined && event.requestId !== requestId) return false
  if (stream !== undefined && event.stream !== stream) return false
  if (provider !== undefined && event.provider !== provider) return false
  if (types === undefined) return true
  for (const type of types) {
    if (type === event.type) return true
    if (type.endsWith("*") && event.type.indexOf(type.slice(0, -1)) === 0) return true
  }
  return false
}
