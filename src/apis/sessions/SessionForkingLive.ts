/** Forks a session: a child that begins where the parent was, with what is to be different. Nothing is copied. */
import { Effect, Layer } from "effect"
import type { Schema } from "effect"
import * as Draft from "../../events/log/Draft.ts"
import { EventHub } from "../../events/log/EventHub.ts"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import * as EventIds from "../../events/types/EventIds.ts"
import { CurrentPrincipal } from "../../events/types/Principal.ts"
import { SessionExists, type SessionNotFound, SessionRequestInvalid } from "../../kernel/http/SessionErrors.ts"
import { Modules } from "../../kernel/modules/ModuleSet.ts"
import { CurrentRecording } from "../../kernel/requests/Recording.ts"
import { streamOf } from "../../kernel/requests/SessionStream.ts"
import type { Messages, Overrides } from "../../kernel/sessions/ForkOverrides.ts"
import * as ForkOverrides from "../../kernel/sessions/ForkOverrides.ts"
import type { Folded } from "../../kernel/sessions/LineageState.ts"
import * as LineageState from "../../kernel/sessions/LineageState.ts"
import * as SessionEvents from "../../kernel/sessions/SessionEvents.ts"
import { validId } from "../../kernel/sessions/SessionOpening.ts"
import { SessionForking, Sessions } from "./Sessions.ts"
import type { ForkSession, SessionFork } from "./SessionsModels.ts"

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
  const known = ForkOverrides.knownToolCalls(conversation, messages)
  const unknown = given.find((id) => !known.includes(id))
  if (unknown === undefined) return Effect.void
  const hint = known.length === 0 ? "there are none" : `there is: ${known.join(", ")}`
  return Effect.fail(
    invalid(`tool_results.${unknown}`, `The conversation has no tool call \`${unknown}\` up to there; ${hint}.`)
  )
}

/** The parameters of the inherited request, with the conversation and the model of the fork. */
const nextRequest = (
  { conversation, request }: Folded,
  messages: Messages | null,
  model: string | undefined
): Schema.JsonObject | null =>
  messages === null || messages.length === 0 || model === undefined
    ? null
    : conversation.request(request, model, messages)

export const layer = Layer.effect(
  SessionForking,
  Effect.gen(function*() {
    const hub = yield* EventHub
    const { dialects } = yield* Modules
    const sessions = yield* Sessions

    const atTurn = Effect.fnUntraced(function*(id: string, turn: number) {
      const { turns } = (yield* LineageState.load(hub, dialects, id)).state
      const found = turns[turn - 1]
      if (found !== undefined) return found.position
      const range = turns.length === 0 ? "it has none yet" : `it has turns 1 to ${turns.length}`
      return yield* invalid("turn", `Turn ${turn} is not in the session ${id}: ${range}.`)
    })

    const begin = Effect.fnUntraced(function*(
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
      yield* hub.append(streamOf(child), "none", drafts)
    })

    const fork = Effect.fn("SessionForking.fork")(function*(
      id: string,
      { position, session_id, turn, ...overrides }: ForkSession
    ): Effect.fn.Return<
      SessionFork,
      SessionNotFound | SessionExists | SessionRequestInvalid | EventLogUnavailable
    > {
      if (position !== undefined && turn !== undefined) {
        return yield* invalid("turn", "Give `position` or `turn`, not both.")
      }
      if (session_id !== undefined && !validId.test(session_id)) {
        return yield* invalid(
          "session_id",
          "A session's id is 1 to 128 letters, digits, dots, colons, dashes or underscores."
        )
      }
      const folded = yield* LineageState.load(
        hub,
        dialects,
        id,
        turn === undefined ? position : yield* atTurn(id, turn)
      )
      const { conversation, state } = folded
      yield* checkToolResults(folded, overrides.messages ?? state.messages, overrides)
      const child = session_id ?? (yield* EventIds.next)
      yield* begin(child, id, { position: state.position, turn: state.turns.length, ...overrides }).pipe(
        Effect.catchTags({
          VersionConflict: () => Effect.fail(new SessionExists({ session_id: child })),
          EventIdTaken: Effect.die
        })
      )
      const messages = ForkOverrides.messages(conversation, state.messages, overrides)
      return {
        object: "session.fork",
        session: yield* sessions.get(child),
        turn: state.turns.length,
        open_tool_calls: ForkOverrides.openToolCalls(conversation, messages ?? []),
        next_request: nextRequest(folded, messages, ForkOverrides.model(folded.model, overrides))
      }
    })

    return SessionForking.of({ fork })
  })
)
