/** Where the past of a session is read by who goes on with it: the log; in a verification, what was before the request. */
import { Context, Effect } from "effect"
import { EventHub } from "../../events/log/EventHub.ts"

type Log = Pick<EventHub["Service"], "read">

/** In a verification: the log it was recorded in, up to the request that runs. */
export const RecordedSessionLog = Context.Reference<Log | undefined>(
  "strata/kernel/sessions/SessionLog/RecordedSessionLog",
  { defaultValue: () => undefined }
)

export const current: Effect.Effect<Log, never, EventHub> = Effect.flatMap(
  RecordedSessionLog,
  (recorded) => recorded === undefined ? EventHub : Effect.succeed(recorded)
)
