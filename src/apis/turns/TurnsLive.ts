/** Turns over the log: what a session has come to is read from it, and what a turn does is added to it. */
import { Effect, Layer, Option, Stream } from "effect"
import { EventHub } from "../../events/log/EventHub.ts"
import { ProjectionTables } from "../../events/log/ProjectionTables.ts"
import * as Bytes from "../../kernel/bytes/Bytes.ts"
import * as ByteSource from "../../kernel/bytes/ByteSource.ts"
import { Hooks } from "../../kernel/hooks/Hooks.ts"
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import { ServedApi } from "../../kernel/modules/ServedApi.ts"
import { CurrentRecording } from "../../kernel/requests/Recording.ts"
import * as RequestInput from "../../kernel/requests/RequestInput.ts"
import { Requests } from "../../kernel/requests/Requests.ts"
import * as SessionGuard from "../../kernel/sessions/SessionGuard.ts"
import * as SessionLog from "../../kernel/sessions/SessionLog.ts"
import * as TurnLoop from "../../kernel/turn/TurnLoop.ts"
import type { TurnRecord, TurnState } from "../../kernel/turn/TurnState.ts"
import { pending } from "../../kernel/turn/TurnState.ts"
import { Inference } from "../inference/Inference.ts"
import { ToolRuntime } from "../tool-runtime/ToolRuntime.ts"
import { RunningTurns } from "./RunningTurns.ts"
import * as TurnAnswer from "./TurnAnswer.ts"
import * as TurnApprovals from "./TurnApprovals.ts"
import * as TurnCancellation from "./TurnCancellation.ts"
import { TurnConflict, TurnInvalid } from "./TurnErrors.ts"
import * as TurnExecution from "./TurnExecution.ts"
import * as TurnFrames from "./TurnFrames.ts"
import * as TurnHistory from "./TurnHistory.ts"
import * as TurnInput from "./TurnInput.ts"
import type * as TurnPortsLive from "./TurnPortsLive.ts"
import { Turns } from "./Turns.ts"
import { TurnsHandlers } from "./TurnsHandlers.ts"
import type { CreateTurn, Turn } from "./TurnsModels.ts"

const inProgress = (session: string, { id }: TurnRecord) =>
  new TurnConflict({
    code: "turn_in_progress",
    message:
      `The turn ${id} of the session ${session} runs: wait until it has ended, or cancel it (POST /v1/sessions/${session}` +
      `/turns/${id}/cancel). Where the server that ran it is gone, {"mode":"immediate"} closes it.`
  })

const waits = (session: string, { id }: TurnRecord, ids: ReadonlyArray<string>) =>
  new TurnConflict({
    code: "turn_requires_approval",
    message:
      `The turn ${id} waits for approvals (${ids.join(", ")}): answer them with POST /v1/sessions/${session}/turns/` +
      `${id}/approvals/{approval_id}, or cancel the turn.`
  })

const make = Effect.gen(function*() {
  const hub = yield* EventHub
  const guard = yield* SessionGuard.make
  const hooks = yield* Hooks
  const requests = yield* Requests
  const { operations } = yield* ServedApi
  const served: TurnPortsLive.Served = {
    inference: Option.getOrUndefined(yield* Effect.serviceOption(Inference)),
    tools: Option.getOrUndefined(yield* Effect.serviceOption(ToolRuntime)),
    tables: yield* ProjectionTables
  }
  const services: TurnExecution.Services = { hub, hooks, served, running: new RunningTurns() }
  const grace = yield* TurnCancellation.TurnGrace
  const history = (session: string) =>
    Effect.flatMap(SessionLog.current, (log) => TurnHistory.load(log, session)).pipe(
      Effect.provideService(EventHub, hub)
    )

  /** The recording of a request that stands in the session. */
  const recordingIn = (session: string) =>
    Effect.flatMap(
      CurrentRecording,
      (recording) =>
        recording !== undefined && recording.options.sessionId === session ? Effect.succeed(recording) : Effect.fail(
          new TurnInvalid({
            param: "session_id",
            code: null,
            message: `A turn of the session ${session} can't be run within a request of another.`
          })
        )
    )

  const run: Turns["Service"]["run"] = Effect.fnUntraced(function*(session, request, notify) {
    const recording = yield* recordingIn(session)
    const turn = recording.options.requestId
    const allow = (state: TurnState): Effect.Effect<TurnInput.Begin, TurnConflict | TurnInvalid> => {
      const last = state.turns.at(-1)
      if (last?.execution !== undefined) return Effect.fail(inProgress(session, last))
      if (last?.status === "requires_approval") {
        return Effect.fail(waits(session, last, pending(last).map(({ id }) => id)))
      }
      return Effect.fromResult(TurnInput.make(request, state))
    }
    const place = { session, recording }
    const begun = TurnExecution.decided(
      hub,
      place,
      allow,
      (beginning, { after, state }) =>
        Effect.sync((): TurnExecution.Begun => {
          TurnLoop.begin({ turn, execution: turn }, beginning, TurnExecution.emitIn(recording))
          return { turn, state, beginning, settings: beginning.settings ?? state.turns.at(-1)?.settings, after }
        })
    )
    return yield* TurnExecution.run(services, place, notify, begun)
  })

  /** As its client would ask over HTTP. */
  const inputOf = (session: string, payload: CreateTurn) => {
    const operation = operations.find(({ id }) => id === "createTurn")
    return operation === undefined
      ? Effect.die(new Error("the API turns is not served"))
      : Effect.succeed(RequestInput.make(operation, { params: { session_id: session }, payload, session }))
  }

  const create: Turns["Service"]["create"] = Effect.fnUntraced(function*(session, request) {
    let answer: Turn | undefined
    const answered = Effect.map(run(session, request), (turn) => {
      answer = turn
      return Bytes.json(200, JSON.stringify(turn))
    })
    yield* requests.run(yield* inputOf(session, request), answered)
    return answer!
  })

  const stream: Turns["Service"]["stream"] = (session, request) =>
    Stream.unwrap(Effect.gen(function*() {
      const answered = Effect.map(
        TurnFrames.of((notify) => run(session, request, notify)),
        (frames): Bytes.Bytes =>
          Stream.isStream(frames)
            ? { status: 200, headers: TurnFrames.headers, body: ByteSource.fromStream(frames) }
            : Bytes.json(200, JSON.stringify(frames))
      )
      const bytes = yield* requests.run(yield* inputOf(session, { ...request, stream: true }), answered)
      return Bytes.isStreamed(bytes) ? TurnFrames.eventsOf(bytes.body.stream) : Stream.empty
    }))

  return Turns.of({
    run,
    answer: Effect.fnUntraced(function*(session, turn, approval, answer, notify) {
      const recording = yield* recordingIn(session)
      return yield* TurnApprovals.answer(services, { session, recording, turn, approval, answer, grace }, notify)
    }),
    create,
    stream,
    list: Effect.fnUntraced(function*(session) {
      yield* guard.read(session)
      return (yield* history(session)).turns.map((turn) => TurnAnswer.toTurn(turn, session))
    }),
    get: Effect.fnUntraced(function*(session, id) {
      yield* guard.read(session)
      return TurnAnswer.toTurn(yield* TurnHistory.turnOf(yield* history(session), session, id), session)
    }),
    cancel: Effect.fnUntraced(function*(session, id, mode) {
      yield* guard.update(session)
      yield* TurnCancellation.cancel(hub, {
        session,
        turn: id,
        mode,
        grace,
        ended: (execution) => services.running.ended(execution)
      }).pipe(Effect.provideService(EventHub, hub))
      return TurnAnswer.toTurn(yield* TurnHistory.turnOf(yield* history(session), session, id), session)
    })
  })
})

export const layer = Layer.effect(Turns, make)

export const live = ApiModule.live({ handlers: TurnsHandlers, layer })
