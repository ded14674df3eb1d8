/** An answer to an approval: whoever runs the turn takes it up; where nobody does, the request of the last answer goes on with it. */
import { Effect, Option } from "effect"
import type { Duration, Schema } from "effect"
import * as Decision from "../../kernel/calls/Decision.ts"
import * as TurnEvents from "../../kernel/turn/TurnEvents.ts"
import * as TurnLoop from "../../kernel/turn/TurnLoop.ts"
import type { TurnRecord, TurnState } from "../../kernel/turn/TurnState.ts"
import { apply, pending } from "../../kernel/turn/TurnState.ts"
import * as TurnAnswer from "./TurnAnswer.ts"
import * as TurnCancellation from "./TurnCancellation.ts"
import { ApprovalNotFound, TurnConflict } from "./TurnErrors.ts"
import * as TurnExecution from "./TurnExecution.ts"
import * as TurnHistory from "./TurnHistory.ts"
import type { AnswerError, Notify } from "./Turns.ts"
import type { AnswerApproval, Turn } from "./TurnsModels.ts"

/** An approval that can be answered. */
const open = (turn: TurnRecord, approvalId: string): Effect.Effect<void, ApprovalNotFound | TurnConflict> => {
  const approval = turn.approvals.find(({ id }) => id === approvalId)
  const isOpen = turn.status === "requires_approval" || turn.execution !== undefined
  if (approval === undefined) {
    const waiting = isOpen ? pending(turn).map(({ id }) => id) : []
    return Effect.fail(new ApprovalNotFound({ turn_id: turn.id, approval_id: approvalId, pending: waiting }))
  }
  if (isOpen && approval.decided === undefined && approval.answer === undefined) return Effect.void
  return Effect.fail(
    new TurnConflict({
      code: "approval_answered",
      message: `The approval ${approvalId} needs no answer any more: it is ${
        approval.decided ?? (approval.answer === undefined ? "not asked for, since its turn has ended" : "answered")
      }.`
    })
  )
}

/** Nobody runs the turn, and no approval waits. */
const canGoOn = (turn: TurnRecord) =>
  turn.execution === undefined && pending(turn).every(({ answer }) => answer !== undefined)

const evolved = <D extends TurnEvents.StateDefinition>(
  state: TurnState,
  { type }: D,
  payload: D["payload"]["Encoded"]
): TurnState => apply(state, { type, payload: payload as Schema.Json, position: 0 })

/** A turn that does not go on here. */
class Stays {
  readonly turn: Turn

  constructor(turn: Turn) {
    this.turn = turn
  }
}

export interface Given extends TurnExecution.Place {
  readonly turn: string
  readonly approval: string
  readonly answer: AnswerApproval
  readonly grace: Duration.Duration
}

/** The turn as it ended, or as it stands. */
export const answer = (
  services: TurnExecution.Services,
  given: Given,
  notify: Notify | undefined
): Effect.Effect<Turn, AnswerError> => {
  const { hub, running } = services
  const { approval, grace, recording, session, turn } = given
  const { decision, reason = null } = given.answer
  const emit = TurnExecution.emitIn(recording)
  const answered = { turn, approval_id: approval, decision, reason }
  const withAnswer = (state: TurnState) => evolved(state, TurnEvents.ApprovalAnswered, answered)
  const turnOf = (state: TurnState) => TurnHistory.turnOf(state, session, turn)

  const goOn = (state: TurnState, after: number) =>
    Effect.map(Effect.orDie(turnOf(state)), (record): TurnExecution.Begun | Stays => {
      if (!canGoOn(record)) return new Stays(TurnAnswer.toTurn(record, session))
      TurnLoop.begin({ turn, execution: recording.options.requestId }, undefined, emit)
      return { turn, state, beginning: undefined, settings: record.settings, after }
    })

  /** Whoever runs it takes the answer up; where it is gone, its execution has ended. */
  const taken = Effect.fnUntraced(function*(stays: Stays, execution: string, after: number) {
    const isRecorded = yield* Decision.isRecorded
    const ended = isRecorded || Option.isSome(running.ended(execution)) ? undefined : yield* Effect.interruptible(
      TurnCancellation.abandoned(hub, { session, execution, approval, after, grace, turn })
    )
    if (ended === undefined && !isRecorded) return stays
    return yield* TurnExecution.decided(hub, given, Effect.succeed, (now, asOf) =>
      Effect.gen(function*() {
        const state = withAnswer(now)
        // Another has ended it meanwhile.
        if ((yield* Effect.orDie(turnOf(state))).execution !== execution) return stays
        const place = Decision.ofRequest(recording)
        const abandoned = yield* Decision.make(place, TurnEvents.ExecutionEnded, Effect.succeed(ended))
        return abandoned === undefined
          ? stays
          : yield* goOn(evolved(state, TurnEvents.ExecutionEnded, abandoned.payload), asOf.after)
      }))
  })

  const begun = Effect.gen(function*() {
    const first = yield* TurnExecution.decided(
      hub,
      given,
      (state) => Effect.tap(turnOf(state), (record) => open(record, approval)),
      ({ execution }, { after, state }) =>
        Effect.gen(function*() {
          emit(TurnEvents.ApprovalAnswered, answered)
          return { execution, after, outcome: yield* goOn(withAnswer(state), after) }
        })
    )
    const { after, execution, outcome } = first
    const last = outcome instanceof Stays && execution !== undefined ? yield* taken(outcome, execution, after) : outcome
    return last instanceof Stays ? yield* Effect.fail(last) : last
  })

  return Effect.catchIf(
    TurnExecution.run(services, given, notify, begun),
    (error) => error instanceof Stays,
    (stays) => Effect.succeed(stays.turn)
  )
}
