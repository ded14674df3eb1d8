/** A session's events again, as they happened. */
import { Deferred, Effect, Layer, Stream } from "effect"
import { Events } from "../../apis/events/Events.ts"
import { SessionReplay, Sessions } from "../../apis/sessions/Sessions.ts"
import { parseTypes } from "../../events/EventLog.ts"
import { Stopping } from "../EventsLive.ts"
import * as Pacing from "../replay/Pacing.ts"

export const layer = Layer.effect(
  SessionReplay,
  Effect.gen(function*() {
    const sessions = yield* Sessions
    const events = yield* Events
    const stopping = yield* Stopping
    return SessionReplay.of({
      show: (id, { after, level, max_pause_ms, speed, type }) =>
        Effect.map(sessions.get(id), () =>
          Pacing.paced(
            events.stream({ sessionId: id, after, level, types: parseTypes(type), limit: undefined, follow: false }),
            { speed, maxPause: max_pause_ms }
          ).pipe(Stream.interruptWhen(Deferred.await(stopping))))
    })
  })
)
