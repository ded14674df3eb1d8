/** Cancels a turn that runs here, in another process, or nowhere any more. */
import { Context, Duration, Effect, Option, Stream } from "effect"
import * as Draft from "../../events/log/Draft.ts"
import type { EventHub } from "../../events/log/EventHub.ts"
import type { EventLogUnavailable, VersionConflict } from "../../events/log/EventLog.ts"
import type { EventDraft, RecordedEvent } from "../../events/types/Envelope.ts"
import { payloadOf } from "../../events/types/Envelope.ts"
import { field } from "../../events/types/JsonAccess.ts"
import { streamOf } from "../../events/types/SessionStream.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import type { SessionNotFound } from "../../kernel/http/SessionErrors.ts"
import type { Message } from "../../kernel/messages/Message.ts"
import { CurrentRecording } from "../../kernel/requests/Recording.ts"
import { cancelledResult } from "../../kernel/turn/TurnEnd.ts"
import * as TurnEvents from "../../kernel/turn/TurnEvents.ts"
import type { TurnRecord } from "../../kernel/turn/TurnState.ts"
import { openCalls } from "../../kernel/turn/TurnState.ts"
import type { TurnConflict, TurnNotFound } from "./TurnErrors.ts"
import * as TurnHistory from "./TurnHistory.ts"

/** How long a turn of another process may be silent before it is taken to be gone. */
export const TurnGrace = Context.Reference<Duration.Duration>("strata/apis/turns/TurnCancellation/TurnGrace", {
  defaultValue: () => Duration.seconds(5)
})

type Hub = Pick<EventHub["Service"], "append" | "follow">

/** Waits until there is such an event, at most so long; true where it came. */
const comes = Effect.fnUntraced(function*(
  hub: Hub,
  { after, session, within }: { readonly session: string; readonly after: number; readonly within: Duration.Duration },
  types: ReadonlyArray<string>,
  isIt: (payload: unknown) => boolean
) {
  const tenant = yield* CurrentTenant
  const first = hub.follow({ tenant, sessionId: session, types, after }).pipe(
    Stream.filter((event: RecordedEvent) => isIt(payloadOf(event))),
    Stream.runHead
  )
  const came = yield* Effect.timeoutOption(first, within)
  return Option.isSome(Option.flatten(came))
})

const drafts = Effect.fnUntraced(function*(session: string) {
  const recording = yield* CurrentRecording
  const attributes = { sessionId: session, causationId: recording?.origin ?? null }
  return <D extends TurnEvents.StateDefinition>(definition: D, payload: D["payload"]["Encoded"]) =>
    Draft.make(definition, payload, attributes)
})

/** At a version of the session's stream: where it is at another, that conflict. */
const append = (
  hub: Hub,
  session: string,
  version: number,
  events: ReadonlyArray<EventDraft>
): Effect.Effect<VersionConflict | undefined, EventLogUnavailable> =>
  hub.append(streamOf(session), version, events).pipe(
    Effect.as(undefined),
    Effect.catchTags({ VersionConflict: (conflict) => Effect.succeed(conflict), EventIdTaken: Effect.die })
  )

export interface Abandoned {
  readonly session: string
  readonly turn: string
  readonly execution: string
  readonly approval: string
  readonly after: number
  readonly grace: Duration.Duration
}

/** The end of an execution that nobody runs any more: whoever does takes an answer up at once. Undefined: it runs. */
export const abandoned = Effect.fnUntraced(function*(hub: Hub, given: Abandoned) {
  const { after, approval, execution, grace, session, turn } = given
  const types = [TurnEvents.ApprovalGranted.type, TurnEvents.ApprovalDenied.type, TurnEvents.ExecutionEnded.type]
  const lives = yield* comes(
    hub,
    { session, after, within: grace },
    types,
    (payload) => field(payload, "approval_id") === approval || field(payload, "execution") === execution
  )
  return lives
    ? undefined
    : { turn, execution, status: "requires_approval" as const, reason: "abandoned", error: null }
})

export interface Cancellation {
  readonly session: string
  readonly turn: string
  readonly mode: TurnEvents.CancelMode
  readonly grace: Duration.Duration
  /** Of an execution that runs in this process: waits for its end. */
  readonly ended: (execution: string) => Option.Option<Effect.Effect<void>>
}

/** The end of a turn that waits for somebody, or that nobody runs any more. */
const closing = Effect.fnUntraced(
  function*({ mode, session }: Cancellation, turn: TurnRecord, messages: ReadonlyArray<Message>, requested: boolean) {
    const draft = yield* drafts(session)
    const { execution, id, iterations } = turn
    const open = openCalls(messages)
    const events = [
      ...requested ? [] : [draft(TurnEvents.CancelRequested, { turn: id, mode })],
      ...open.length === 0
        ? []
        : [draft(TurnEvents.ToolsAnswered, { turn: id, iteration: iterations, results: open.map(cancelledResult) })],
      ...execution === undefined ? [] : [
        draft(TurnEvents.ExecutionEnded, {
          turn: id,
          execution,
          status: "cancelled" as const,
          reason: "abandoned",
          error: null
        })
      ],
      draft(TurnEvents.CancelCompleted, { turn: id, was_immediate: mode === "immediate" })
    ]
    return yield* Effect.all(events)
  }
)

/** Gives when the turn has ended; a graceful one that another process runs may go on for a while. */
export const cancel = Effect.fnUntraced(function*(
  hub: Hub,
  given: Cancellation
): Effect.fn.Return<void, TurnConflict | TurnNotFound | SessionNotFound | EventLogUnavailable, EventHub> {
  const { ended, grace, mode, session } = given
  const runs = yield* TurnHistory.decided(session, ({ after, state, version }) =>
    Effect.gen(function*() {
      const turn = yield* TurnHistory.turnOf(state, session, given.turn)
      const { execution, id, status } = turn
      if (execution !== undefined) {
        const requested = yield* Effect.flatMap(drafts(session), (draft) =>
          draft(TurnEvents.CancelRequested, { turn: id, mode }))
        return (yield* append(hub, session, version, [requested])) ?? { execution, after }
      }
      const isWaiting = status === "requires_approval" || status === "requires_action"
      if (!isWaiting) {
        return undefined
      }
      return yield* append(hub, session, version, yield* closing(given, turn, state.messages, false))
    }))
  if (runs === undefined) return
  const { after, execution } = runs
  const here = ended(execution)
  if (Option.isSome(here)) return yield* here.value
  const hasEnded = yield* comes(
    hub,
    { session, after, within: grace },
    [TurnEvents.ExecutionEnded.type],
    (payload) => field(payload, "execution") === execution
  )
  if (hasEnded || mode !== "immediate") return
  yield* TurnHistory.decided(session, ({ state, version }) =>
    Effect.gen(function*() {
      const turn = yield* TurnHistory.turnOf(state, session, given.turn)
      if (turn.execution !== execution) return undefined
      return yield* append(hub, session, version, yield* closing(given, turn, state.messages, true))
    }))
})
