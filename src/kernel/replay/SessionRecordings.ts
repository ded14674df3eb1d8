/** Where recordings come from: the log, or a session file. */
import { Context, Effect, FileSystem, Layer, Schema } from "effect"
import type { RecordedEvent } from "../../events/Envelope.ts"
import { EventHub } from "../../events/EventHub.ts"
import { readAll } from "../../events/ReadAll.ts"
import * as SessionFile from "./SessionFile.ts"

export class RecordingUnavailable extends Schema.TaggedError<RecordingUnavailable>()("RecordingUnavailable", {
  source: Schema.String,
  detail: Schema.String
}) {
  override get message(): string {
    return `The recording ${this.source} can't be used: ${this.detail}`
  }
}

export type Source = { readonly session: string } | { readonly file: string }

export class SessionRecordings extends Context.Service<SessionRecordings, {
  load(source: Source): Effect.Effect<ReadonlyArray<RecordedEvent>, RecordingUnavailable>
}>()("strata/kernel/replay/SessionRecordings") {
  static readonly layer = Layer.effect(
    SessionRecordings,
    Effect.gen(function*() {
      const hub = yield* EventHub
      const files = yield* FileSystem.FileSystem

      const unavailable = (source: string) => (error: { readonly message: string }) =>
        new RecordingUnavailable({ source, detail: error.message })

      return SessionRecordings.of({
        load: (source) => {
          if ("file" in source) {
            return Effect.flatMap(files.readFileString(source.file), SessionFile.parse).pipe(
              Effect.mapError(unavailable(source.file))
            )
          }
          const missing = new RecordingUnavailable({ source: source.session, detail: "there is no such session" })
          return readAll(hub, { sessionId: source.session }).pipe(
            Effect.mapError(unavailable(source.session)),
            Effect.filterOrFail((events) => events.length > 0, () => missing)
          )
        }
      })
    })
  )
}
