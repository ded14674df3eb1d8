/** Forks a session: a child that begins where the parent was, with what is to be different. Nothing is copied. */
import { Effect } from "effect"
import type { Schema } from "effect"
import * as Draft from "../../events/log/Draft.ts"
import type { EventHub } from "../../events/log/EventHub.ts"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import * as EventIds from "../../events/types/EventIds.ts"
import { CurrentPrincipal } from "../../events/types/Principal.ts"
import { streamOf } from "../../events/types/SessionStream.ts"
import type { OperationDialects } from "../dialects/Dialects.ts"
import type { SessionNotFound, SessionUnreadable } from "../http/SessionErrors.ts"
import { SessionExists, SessionRequestInvalid } from "../http/SessionErrors.ts"
import { CurrentRecording } from "../requests/Recording.ts"
import type { Messages, Overrides } from "./ForkOverrides.ts"
import * as ForkOverrides from "./ForkOverrides.ts"
import type { Folded } from "./LineageState.ts"
import * as LineageState from "./LineageState.ts"
import * as SessionEvents from "./SessionEvents.ts"
import { expectedId, validId } from "./SessionId.ts"
import type { ForkSession, Session, SessionFork } from "./SessionModels.ts"

type Hub = Pick<EventHub["Service"], "append" | "read">

const invalid = (param: string, message: string) => new SessionRequestInvalid({ param, message })

/** Every result must belong to a call of the conversation. */
const checkToolResults = (
  { conversation }: Folded,
  messages: Messages | null,
  { tool_results = {} }: Overrides
) => {
  const given = Object.keys(tool_results)
  if (given.length === 0) return Effect.void
  if (messages === null) {
    return Effect.fail(invalid("tool_results", "The inherited turn was not recorded at raw: give its `messages` too."))
  }
  const calls = ForkOverrides.toolCallIds(conversation, messages)
  const callIds = new Set(calls)
  const unknown = given.find((id) => !callIds.has(id))
  if (unknown === undefined) return Effect.void
  const hint = calls.length === 0 ? "there are none" : `there is: ${calls.join(", ")}`
  return Effect.fail(
    invalid(`tool_results.${unknown}`, `The conversation has no tool call \`${unknown}\` up to there; ${hint}.`)
  )
}

/** The parameters of the inherited request, with the conversation and the model of the fork. */
const nextRequest = (
  { next }: Folded,
  messages: Messages | null,
  model: string | undefined
): Schema.JsonObject | null =>
  messages === null || messages.length === 0 || model === undefined ? null : next(model, messages)

/** Where sessions are forked. */
interface Forked {
  readonly hub: Hub
  readonly dialects: OperationDialects
  /** Shows the child once it has begun. */
  readonly session: (id: string) => Effect.Effect<Session, SessionNotFound | SessionUnreadable | EventLogUnavailable>
}

const positionOf = Effect.fnUntraced(function*({ dialects, hub }: Forked, id: string, turn: number) {
  const { turns } = (yield* LineageState.load(hub, dialects, id)).state
  const inherited = turns[turn - 1]
  if (inherited !== undefined) return inherited.position
  const range = turns.length === 0 ? "it has none yet" : `it has turns 1 to ${turns.length}`
  return yield* invalid("turn", `Turn ${turn} is not in the session ${id}: ${range}.`)
})

const begin = Effect.fnUntraced(function*(
  hub: Hub,
  child: string,
  parent: string,
  fork: Omit<SessionEvents.Fork, "session_id" | "parent_session_id">
) {
  const recording = yield* CurrentRecording
  const attributes = { sessionId: child, parentSessionId: parent, causationId: recording?.origin ?? null }
  const drafts = yield* Effect.all([
    Draft.make(SessionEvents.Started, {
      session_id: child,
      opened_by: "fork",
      ...SessionEvents.owned(yield* CurrentPrincipal)
    }, attributes),
    Draft.make(SessionEvents.Forked, { session_id: child, parent_session_id: parent, ...fork }, attributes)
  ])
  yield* hub.append(streamOf(child), "none", drafts).pipe(
    Effect.catchTags({
      VersionConflict: () => Effect.fail(new SessionExists({ session_id: child })),
      EventIdTaken: Effect.die
    })
  )
})

export const fork = Effect.fn("SessionForking.fork")(function*(
  forked: Forked,
  id: string,
  { position, session_id, turn, ...overrides }: ForkSession
): Effect.fn.Return<
  SessionFork,
  SessionNotFound | SessionUnreadable | SessionExists | SessionRequestInvalid | EventLogUnavailable
> {
  if (position !== undefined && turn !== undefined) {
    return yield* invalid("turn", "Give `position` or `turn`, not both.")
  }
  if (session_id !== undefined && !validId.test(session_id)) {
    return yield* invalid("session_id", `A session's id is ${expectedId}.`)
  }
  const { dialects, hub, session } = forked
  const at = turn === undefined ? position : yield* positionOf(forked, id, turn)
  const folded = yield* LineageState.load(hub, dialects, id, at)
  const { conversation, state } = folded
  yield* checkToolResults(folded, overrides.messages ?? state.messages, overrides)
  const child = session_id ?? (yield* EventIds.next)
  yield* begin(hub, child, id, { position: state.position, turn: state.turns.length, ...overrides })
  const messages = ForkOverrides.messages(conversation, state.messages, overrides)
  return {
    object: "session.fork",
    session: yield* session(child),
    turn: state.turns.length,
    open_tool_calls: ForkOverrides.openToolCalls(conversation, messages ?? []),
    next_path: folded.path.replace("{session_id}", encodeURIComponent(child)),
    next_request: nextRequest(folded, messages, ForkOverrides.model(folded.model, overrides))
  }
})
