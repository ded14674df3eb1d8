/** Cancels a turn that runs here, in another process, or nowhere any more. */
import { Context, Duration, Effect, Option, Stream } from "effect"
import * as Draft from "../../events/log/Draft.ts"
import type { EventHub } from "../../events/log/EventHub.ts"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { EventDraft, RecordedEvent } from "../../events/types/Envelope.ts"
import { payloadOf } from "../../events/types/Envelope.ts"
import { field } from "../../events/types/JsonAccess.ts"
import { streamOf } from "../../events/types/SessionStream.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import type { Message } from "../../kernel/messages/Message.ts"
import { CurrentRecording } from "../../kernel/requests/Recording.ts"
import { cancelledResult } from "../../kernel/turn/TurnEnd.ts"
import * as TurnEvents from "../../kernel/turn/TurnEvents.ts"
import type { TurnRecord } from "../../kernel/turn/TurnState.ts"
import { openCalls } from "../../kernel/turn/TurnState.ts"

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

const append = (
  hub: Hub,
  session: string,
  events: ReadonlyArray<EventDraft>
): Effect.Effect<void, EventLogUnavailable> =>
  Effect.asVoid(hub.append(streamOf(session), "any", events)).pipe(
    Effect.catchTags({ VersionConflict: Effect.die, EventIdTaken: Effect.die })
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
  readonly turn: TurnRecord
  readonly messages: ReadonlyArray<Message>
  readonly mode: TurnEvents.CancelMode
  readonly after: number
  readonly grace: Duration.Duration
  /** Of a turn that runs in this process: waits for its end. */
  readonly ended: Effect.Effect<void> | undefined
}

/** A turn that waits for somebody, or that nobody runs any more, ends by what is said of it. */
const close = Effect.fnUntraced(
  function*(hub: Hub, { messages, mode, session, turn }: Cancellation, requested: boolean) {
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
    yield* append(hub, session, yield* Effect.all(events))
  }
)

/** Gives when the turn has ended; a graceful one that another process runs may go on for a while. */
export const cancel = Effect.fnUntraced(function*(
  hub: Hub,
  given: Cancellation
): Effect.fn.Return<void, EventLogUnavailable> {
  const { after, ended, grace, mode, session, turn } = given
  const { execution, id, status } = turn
  if (execution === undefined) {
    const isWaiting = status === "requires_approval" || status === "requires_action"
    return isWaiting ? yield* close(hub, given, false) : undefined
  }
  const draft = yield* drafts(session)
  yield* append(hub, session, [yield* draft(TurnEvents.CancelRequested, { turn: id, mode })])
  if (ended !== undefined) return yield* ended
  const hasEnded = yield* comes(
    hub,
    { session, after, within: grace },
    [TurnEvents.ExecutionEnded.type],
    (payload) => field(payload, "execution") === execution
  )
  if (!hasEnded && mode === "immediate") yield* close(hub, given, true)
})
