/** A session's events again, as they happened. */
import { Deferred, Effect, Layer, Stream } from "effect"
import { parseTypes } from "../../events/log/EventLog.ts"
import * as Pacing from "../../kernel/replay/Pacing.ts"
import { Stopping } from "../../kernel/requests/Stopping.ts"
import { Events } from "../events/Events.ts"
import { SessionReplay, Sessions } from "./Sessions.ts"

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
