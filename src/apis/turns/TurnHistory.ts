/** The turns of a session, read from the log with what it inherits. */
import { Effect, Stream } from "effect"
import type { EventHub } from "../../events/log/EventHub.ts"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { SessionNotFound } from "../../kernel/http/SessionErrors.ts"
import * as EventPages from "../../kernel/sessions/EventPages.ts"
import * as SessionLineage from "../../kernel/sessions/SessionLineage.ts"
import * as TurnState from "../../kernel/turn/TurnState.ts"

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
