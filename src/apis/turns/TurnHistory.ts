/** The turns of a session, read from the log with what it inherits. */
import { Effect, Stream } from "effect"
import { EventHub } from "../../events/log/EventHub.ts"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import { VersionConflict } from "../../events/log/EventLog.ts"
import { streamOf } from "../../events/types/SessionStream.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import type { SessionNotFound } from "../../kernel/http/SessionErrors.ts"
import { sessionBusy } from "../../kernel/http/SessionErrors.ts"
import * as EventPages from "../../kernel/sessions/EventPages.ts"
import * as SessionLineage from "../../kernel/sessions/SessionLineage.ts"
import * as SessionLog from "../../kernel/sessions/SessionLog.ts"
import * as TurnState from "../../kernel/turn/TurnState.ts"
import { TurnConflict, TurnNotFound } from "./TurnErrors.ts"

/** Only the events of turns are read. */
export const load = Effect.fn("TurnHistory.load")(function*(
  log: Pick<EventHub["Service"], "read">,
  session: string
): Effect.fn.Return<TurnState.TurnState, SessionNotFound | EventLogUnavailable> {
  const links = yield* SessionLineage.load(log, session)
  const events = Stream.flatMap(
    Stream.fromIterable(links),
    ({ sessionId, tenant, upTo }) => EventPages.stream(log, { tenant, sessionId, types: TurnState.types }, { upTo })
  )
  return yield* Stream.runFold(events, () => TurnState.initial, TurnState.evolve)
})

export const turnOf = (
  { turns }: TurnState.TurnState,
  session_id: string,
  turn_id: string
): Effect.Effect<TurnState.TurnRecord, TurnNotFound> => {
  const turn = turns.find(({ id }) => id === turn_id)
  return turn === undefined ? Effect.fail(new TurnNotFound({ session_id, turn_id })) : Effect.succeed(turn)
}

/** What a session's turns have come to, as of a version of its stream. */
export interface AsOf {
  readonly state: TurnState.TurnState
  readonly version: number
  /** A position: what is behind it may not be in the state. */
  readonly after: number
}

/** A session has begun by one event; whether anything stands behind it, the log says. */
const begun = 1

/** Others have added to the session meanwhile, so often in a row. */
const maxConflicts = 100

const busy = (session: string) =>
  new TurnConflict({
    code: sessionBusy,
    message:
      `Other requests write to the session ${session} without a pause, and nothing was done. Try again, with fewer ` +
      "of them at once."
  })

/**
 * What follows from a session's turns, appended where its stream is as it was read: where another request, here or on another
 * server, has added to it meanwhile, it is read and decided again; where that is so without a pause, it fails.
 */
export const decided = Effect.fn("TurnHistory.decided")(function*<A, E, R>(
  session: string,
  decide: (asOf: AsOf) => Effect.Effect<A | VersionConflict, E, R>
): Effect.fn.Return<A, E | TurnConflict | SessionNotFound | EventLogUnavailable, R | EventHub> {
  const hub = yield* EventHub
  const log = yield* SessionLog.current
  const tenant = yield* CurrentTenant
  const read = Effect.gen(function*() {
    const after = yield* hub.head
    return { after, state: yield* load(log, session) }
  }).pipe(Effect.interruptible)
  let version = begun
  let { after, state } = yield* read
  for (let conflicts = 0; conflicts < maxConflicts; conflicts++) {
    const outcome = yield* decide({ state, version, after })
    if (!(outcome instanceof VersionConflict)) return outcome
    version = outcome.actual
    // Most of what a session's stream gets is none of its turns'.
    const news = hub.read({ tenant, stream: streamOf(session), types: TurnState.types, after, limit: 1 })
    if ((yield* Effect.interruptible(news)).length > 0) ({ after, state } = yield* read)
  }
  return yield* busy(session)
})
