/** Begins and ends sessions by request. */
import { Effect, Layer } from "effect"
import { SessionOpening } from "../../kernel/sessions/SessionOpening.ts"
import { SessionLifecycle, Sessions } from "./Sessions.ts"

export const layer = Layer.effect(
  SessionLifecycle,
  Effect.gen(function*() {
    const opening = yield* SessionOpening
    const sessions = yield* Sessions
    return SessionLifecycle.of({
      create: ({ id }) => Effect.flatMap(opening.create(id), sessions.get),
      end: (id, { reason, status = "completed" }) => Effect.andThen(opening.end(id, status, reason), sessions.get(id))
    })
  })
)
