/** Where recordings come from: the log, one session of it, or a session file. */
import { Context, Effect, FileSystem, Layer, Schema } from "effect"
import { EventHub } from "../../events/log/EventHub.ts"
import type { Read } from "../../events/log/EventLog.ts"
import { typeMatches } from "../../events/log/EventLog.ts"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import * as SessionFile from "../sessions/SessionFile.ts"

export class RecordingUnavailable extends Schema.TaggedError<RecordingUnavailable>()("RecordingUnavailable", {
  source: Schema.String,
  detail: Schema.String
}) {
  override get message(): string {
    return `The recording ${this.source} can't be used: ${this.detail}`
  }
}

/** Neither session nor file: the whole log. */
export interface Source {
  readonly session?: string | undefined
  readonly file?: string | undefined
}

/** Events by position, up to a head that may move on. */
export type RecordingLog = Pick<EventHub["Service"], "read" | "head">

/** The events of a file, at the positions 1, 2, 3 … in it, to be read by type and position. */
const ofFile = (events: ReadonlyArray<RecordedEvent>): RecordingLog => {
  const numbered = events.map((event, index) => ({ ...event, position: index + 1 }))
  const page = ({ after, limit, types }: Read): ReadonlyArray<RecordedEvent> => {
    const matching: Array<RecordedEvent> = []
    for (let index = after; index < numbered.length && matching.length < limit; index++) {
      const event = numbered[index]!
      if (typeMatches(types, event.type)) matching.push(event)
    }
    return matching
  }
  return { head: Effect.succeed(numbered.length), read: (options) => Effect.sync(() => page(options)) }
}

export class ReplaySources extends Context.Service<ReplaySources, {
  /** The log a source is read from; fails where there is no such session, or the file is not one. */
  open(source: Source): Effect.Effect<RecordingLog, RecordingUnavailable>
}>()("strata/kernel/replay/ReplaySources") {
  static readonly layer = Layer.effect(
    ReplaySources,
    Effect.gen(function*() {
      const hub = yield* EventHub
      const files = yield* FileSystem.FileSystem

      const unavailable = (source: string) => (error: { readonly message: string }) =>
        new RecordingUnavailable({ source, detail: error.message })

      const openSession = Effect.fnUntraced(function*(sessionId: string) {
        const tenant = yield* CurrentTenant
        const recorded = yield* Effect.mapError(
          hub.read({ tenant, sessionId, after: 0, limit: 1 }),
          unavailable(sessionId)
        )
        if (recorded.length > 0) return hub
        return yield* new RecordingUnavailable({ source: sessionId, detail: "there is no such session" })
      })

      return ReplaySources.of({
        open: ({ file, session }) => {
          if (file !== undefined) {
            return Effect.flatMap(files.readFileString(file), SessionFile.parse).pipe(
              Effect.mapBoth({ onSuccess: ({ events }) => ofFile(events), onFailure: unavailable(file) })
            )
          }
          return session === undefined ? Effect.succeed(hub) : openSession(session)
        }
      })
    })
  )
}
