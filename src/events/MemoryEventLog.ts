/** The log in memory: for tests and for the runs that verify a replay. */
import { Effect, Layer, Result } from "effect"
import type { RecordedEvent } from "./Envelope.ts"
import { includes } from "./Event.ts"
import type { Append, Appended, Read, VersionConflict } from "./EventLog.ts"
import { conflictOf, EventLog, typeMatches } from "./EventLog.ts"

export const layer = Layer.sync(EventLog, () => {
  const events: Array<RecordedEvent> = []
  const versions = new Map<string, number>()

  const append = (append: Append): Result.Result<Appended, VersionConflict> => {
    let version = versions.get(append.stream) ?? 0
    const conflict = conflictOf(append, version)
    if (conflict !== undefined) return Result.fail(conflict)
    for (const draft of append.events) {
      events.push({ ...draft, stream: append.stream, version: ++version, position: events.length + 1 })
    }
    versions.set(append.stream, version)
    return Result.succeed({ version, position: events.length })
  }

  const matches = (read: Read) => (event: RecordedEvent): boolean =>
    includes(read.level ?? "raw", event.level) &&
    (read.sessionId === undefined || read.sessionId === event.sessionId) &&
    (read.requestId === undefined || read.requestId === event.requestId) &&
    (read.stream === undefined || read.stream === event.stream) &&
    typeMatches(read.types, event.type)

  return EventLog.of({
    commit: (group) => Effect.sync(() => group.map(append)),
    read: (options) => Effect.sync(() => events.slice(options.after).filter(matches(options)).slice(0, options.limit)),
    head: Effect.sync(() => events.length)
  })
})
