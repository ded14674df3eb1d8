/** Turns of sessions, for whoever asks over HTTP or in the process. */
import { Context } from "effect"
import type { Effect, Stream } from "effect"
import type { AppendFailed } from "../../events/log/EventHub.ts"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { AccessDenied } from "../../kernel/http/AccessDenied.ts"
import type { SessionExists, SessionNotFound } from "../../kernel/http/SessionErrors.ts"
import type { CancelMode } from "../../kernel/turn/TurnEvents.ts"
import type { ApprovalNotFound, TurnConflict, TurnInvalid, TurnNotFound } from "./TurnErrors.ts"
import type { AnswerApproval, CreateTurn, Turn, TurnStreamEvent } from "./TurnsModels.ts"

export type CreateError = TurnConflict | TurnInvalid | SessionNotFound | EventLogUnavailable
export type AnswerError = CreateError | TurnNotFound | ApprovalNotFound
/** Of a request that is run for it. */
export type RunError = AppendFailed | SessionExists

/**
 * A turn that may run: `run` runs it, and gives it as it ended; where somebody is to
 * be notified of what happens, answers of the model are streamed. It is to be run, or given up with `release`; nothing else
 * runs in the session meanwhile.
 */
export interface PreparedTurn {
  readonly run: (notify?: (event: TurnStreamEvent) => Effect.Effect<void>) => Effect.Effect<Turn>
  readonly release: Effect.Effect<void>
}

export class Turns extends Context.Service<Turns, {
  /** Runs a turn in a session, which begins by it where it is not there. Within a request of that session it is a part of it. */
  create(session: string, request: CreateTurn): Effect.Effect<Turn, CreateError | RunError>
  /** The same, event by event; the last holds the turn. Who leaves the stream cancels the turn. */
  stream(session: string, request: CreateTurn): Stream.Stream<TurnStreamEvent, CreateError | RunError>
  /** For who answers requests: checked, and not begun. */
  prepare(session: string, request: CreateTurn): Effect.Effect<PreparedTurn, CreateError>
  /** Answers an approval; undefined where another request, or further answers, go on with the turn: it is given as it stands. */
  answer(
    session: string,
    turn: string,
    approval: string,
    answer: AnswerApproval
  ): Effect.Effect<{ readonly turn: Turn; readonly resumed: PreparedTurn | undefined }, AnswerError>
  cancel(
    session: string,
    turn: string,
    mode: CancelMode
  ): Effect.Effect<Turn, TurnNotFound | SessionNotFound | AccessDenied | EventLogUnavailable>
  list(session: string): Effect.Effect<ReadonlyArray<Turn>, SessionNotFound | EventLogUnavailable>
  get(session: string, turn: string): Effect.Effect<Turn, TurnNotFound | SessionNotFound | EventLogUnavailable>
}>()("strata/apis/turns/Turns") {}
