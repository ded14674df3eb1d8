/** One execution of a turn, from where its beginning stands in the log to its end. */
import { Effect, Result, Scope } from "effect"
import { EventHub } from "../../events/log/EventHub.ts"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import { VersionConflict } from "../../events/log/EventLog.ts"
import type { Definition, Payload } from "../../events/types/Event.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import * as Decision from "../../kernel/calls/Decision.ts"
import type { Hooks } from "../../kernel/hooks/Hooks.ts"
import type { SessionNotFound } from "../../kernel/http/SessionErrors.ts"
import type { Recording } from "../../kernel/requests/Recording.ts"
import * as TurnLoop from "../../kernel/turn/TurnLoop.ts"
import type * as TurnRun from "../../kernel/turn/TurnRun.ts"
import type { TurnSettings } from "../../kernel/turn/TurnSettings.ts"
import { defaultLimits } from "../../kernel/turn/TurnSettings.ts"
import * as TurnSignals from "../../kernel/turn/TurnSignals.ts"
import type { TurnState } from "../../kernel/turn/TurnState.ts"
import type { RunningTurns } from "./RunningTurns.ts"
import * as TurnAnswer from "./TurnAnswer.ts"
import type { TurnConflict } from "./TurnErrors.ts"
import * as TurnHistory from "./TurnHistory.ts"
import * as TurnPortsLive from "./TurnPortsLive.ts"
import type { Notify } from "./Turns.ts"
import type { Turn } from "./TurnsModels.ts"

/** What an execution has begun with. */
export interface Begun {
  readonly turn: string
  readonly state: TurnState
  readonly beginning: TurnLoop.Begin
  readonly settings: TurnSettings | undefined
  readonly after: number
}

export interface Services {
  readonly hub: EventHub["Service"]
  readonly hooks: Hooks["Service"]
  readonly served: TurnPortsLive.Served
  readonly running: RunningTurns
}

/** Where it runs: a request that stands in the session. */
export interface Place {
  readonly session: string
  readonly recording: Recording
}

export const emitIn = (recording: Recording) => <D extends Definition>(definition: D, payload: Payload<D>) =>
  recording.emit(definition, payload, { causationId: recording.origin })

/**
 * What a session's turns allow, and what follows from it, is in the log right behind what it was read from: a refusal, too,
 * for a verification reads what stands before the request.
 */
export const decided = <A, E, B>(
  hub: EventHub["Service"],
  { recording, session }: Place,
  allow: (state: TurnState) => Effect.Effect<A, E>,
  emit: (allowed: A, asOf: TurnHistory.AsOf) => Effect.Effect<B>
): Effect.Effect<B, E | TurnConflict | SessionNotFound | EventLogUnavailable> =>
  TurnHistory.decided(session, (asOf) =>
    Effect.gen(function*() {
      const allowed = yield* Effect.result(allow(asOf.state))
      const following: Effect.Effect<Result.Result<B, E>> = Result.isSuccess(allowed)
        ? Effect.map(emit(allowed.success, asOf), Result.succeed)
        : Effect.succeed(Result.fail(allowed.failure))
      const committed = yield* recording.commitAt(asOf.version, following).pipe(
        Effect.catchTags({ VersionConflict: (conflict) => Effect.succeed(conflict), EventIdTaken: Effect.die })
      )
      return committed instanceof VersionConflict ? committed : yield* Effect.fromResult(committed)
    })).pipe(Effect.provideService(EventHub, hub))

/** `begun` has emitted how the execution begins, and it is in the log; where it fails, none has begun. */
export const run = <E>(
  { hooks, hub, running, served }: Services,
  { recording, session }: Place,
  notify: Notify | undefined,
  begun: Effect.Effect<Begun, E>
): Effect.Effect<Turn, E> => {
  const execution = recording.options.requestId
  let sequence_number = 0
  const options = Effect.fnUntraced(function*({ after, beginning, settings, state, turn }: Begun) {
    const signals = (yield* Decision.isRecorded)
      ? TurnSignals.silent
      : yield* TurnSignals.make(hub, {
        tenant: yield* CurrentTenant,
        sessionId: session,
        turn,
        execution,
        after,
        maxSeconds: settings?.limits?.max_seconds ?? defaultLimits.max_seconds
      })
    const options: TurnRun.Options = {
      recording,
      ports: TurnPortsLive.make(served, recording, after),
      signals,
      hooks,
      state,
      turn,
      stream: notify !== undefined,
      notify: (update) =>
        notify === undefined ? Effect.void : Effect.forEach(
          TurnAnswer.toEvents(update, session),
          (event) => notify({ ...event, sequence_number: ++sequence_number }),
          { discard: true }
        )
    }
    return { options, beginning }
  })
  return Effect.scope.pipe(
    Effect.flatMap((scope) =>
      TurnLoop.runBegun(Effect.flatMap(begun, options).pipe(Effect.provideService(Scope.Scope, scope)))
    ),
    Effect.map(({ turn }) => TurnAnswer.toTurn(turn, session)),
    Effect.scoped,
    (run) => running.during(execution, run)
  )
}
