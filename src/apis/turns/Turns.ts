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

/** Gets what happens in a turn; where there is one, answers of the model are streamed. */
export type Notify = (event: TurnStreamEvent) => Effect.Effect<void>

export class Turns extends Context.Service<Turns, {
  /** Runs a turn in a session, which begins by it where it is not there. Within a request of that session it is a part of it. */
  create(session: string, request: CreateTurn): Effect.Effect<Turn, CreateError | RunError>
  /** The same, event by event; the last holds the turn. Who leaves the stream cancels the turn. */
  stream(session: string, request: CreateTurn): Stream.Stream<TurnStreamEvent, CreateError | RunError>
  /** For who answers a request of that session: the turn as it ended. What fails, fails before the turn has begun. */
  run(session: string, request: CreateTurn, notify?: Notify): Effect.Effect<Turn, CreateError>
  /**
   * Answers an approval, in a request of that session, and goes on with the turn where it is the last; where another request,
   * or further answers, go on with it, the turn is given as it stands.
   */
  answer(
    session: string,
    turn: string,
    approval: string,
    answer: AnswerApproval,
    notify?: Notify
  ): Effect.Effect<Turn, AnswerError>
  cancel(
    session: string,
    turn: string,
    mode: CancelMode
  ): Effect.Effect<Turn, TurnConflict | TurnNotFound | SessionNotFound | AccessDenied | EventLogUnavailable>
  list(session: string): Effect.Effect<ReadonlyArray<Turn>, SessionNotFound | EventLogUnavailable>
  get(session: string, turn: string): Effect.Effect<Turn, TurnNotFound | SessionNotFound | EventLogUnavailable>
}>()("strata/apis/turns/Turns") {}
