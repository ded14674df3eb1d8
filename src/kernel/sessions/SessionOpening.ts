/** Opens and joins sessions: a request names one, or gets one of its own. */
import { Clock, Context, Effect, Layer, Random } from "effect"
import * as Draft from "../../events/Draft.ts"
import type { EventDraft } from "../../events/Envelope.ts"
import { EventHub } from "../../events/EventHub.ts"
import * as EventIds from "../../events/EventIds.ts"
import type { EventLogUnavailable } from "../../events/EventLog.ts"
import * as SessionEvents from "../../events/SessionEvents.ts"

/** Sessions known to have begun; the rest is looked up. */
const remembered = 10_000

/** Ids a client may choose. */
export const validId = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/

export interface Opened {
  readonly sessionId: string
  /** The event that begins the session, still to be published. */
  readonly started: EventDraft
}

export class SessionOpening extends Context.Service<SessionOpening, {
  /** A new session with an id of its own. */
  readonly open: Effect.Effect<Opened>
  /** Makes sure that the session a client names has begun. */
  join(sessionId: string): Effect.Effect<void, EventLogUnavailable>
}>()("strata/kernel/sessions/SessionOpening") {
  static readonly layer = Layer.effect(
    SessionOpening,
    Effect.gen(function*() {
      const hub = yield* EventHub
      const known = new Set<string>()

      const remember = (sessionId: string) => {
        if (known.size >= remembered) known.clear()
        known.add(sessionId)
      }

      const start = (sessionId: string, openedBy: "client" | "server") =>
        Draft.make(SessionEvents.Started, { session_id: sessionId, opened_by: openedBy }, { sessionId })

      const join = Effect.fnUntraced(function*(sessionId: string) {
        if (known.has(sessionId)) return
        const started = yield* start(sessionId, "client")
        yield* hub.append(SessionEvents.streamOf(sessionId), "none", [started]).pipe(
          Effect.catchTags({ VersionConflict: () => Effect.void, EventIdTaken: Effect.die })
        )
        remember(sessionId)
      })

      const open = Effect.withFiber<Opened>((fiber) => {
        const sessionId = EventIds.make(fiber.getRef(Clock.Clock), fiber.getRef(Random.Random))
        remember(sessionId)
        return Effect.map(start(sessionId, "server"), (started) => ({ sessionId, started }))
      })

      return SessionOpening.of({ open, join })
    })
  )
}
