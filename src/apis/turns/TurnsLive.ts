/** Turns over the log: what a session has come to is read from it, and what a turn does is added to it. */
import { Effect, Layer, Option, Stream } from "effect"
import { EventHub } from "../../events/log/EventHub.ts"
import { ProjectionTables } from "../../events/log/ProjectionTables.ts"
import { CurrentTenant, qualified } from "../../events/types/Tenant.ts"
import * as Bytes from "../../kernel/bytes/Bytes.ts"
import * as ByteSource from "../../kernel/bytes/ByteSource.ts"
import * as Decision from "../../kernel/calls/Decision.ts"
import { Hooks } from "../../kernel/hooks/Hooks.ts"
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import { ServedApi } from "../../kernel/modules/ServedApi.ts"
import { CurrentRecording } from "../../kernel/requests/Recording.ts"
import type { Recording } from "../../kernel/requests/Recording.ts"
import * as RequestInput from "../../kernel/requests/RequestInput.ts"
import { Requests } from "../../kernel/requests/Requests.ts"
import * as SessionGuard from "../../kernel/sessions/SessionGuard.ts"
import * as SessionLog from "../../kernel/sessions/SessionLog.ts"
import * as TurnEvents from "../../kernel/turn/TurnEvents.ts"
import * as TurnLoop from "../../kernel/turn/TurnLoop.ts"
import { defaultLimits } from "../../kernel/turn/TurnSettings.ts"
import * as TurnSignals from "../../kernel/turn/TurnSignals.ts"
import type { TurnRecord, TurnState } from "../../kernel/turn/TurnState.ts"
import { evolve, pending } from "../../kernel/turn/TurnState.ts"
import { Inference } from "../inference/Inference.ts"
import { ToolRuntime } from "../tool-runtime/ToolRuntime.ts"
import { RunningTurns } from "./RunningTurns.ts"
import * as TurnAnswer from "./TurnAnswer.ts"
import * as TurnCancellation from "./TurnCancellation.ts"
import { ApprovalNotFound, TurnConflict, TurnInvalid, TurnNotFound } from "./TurnErrors.ts"
import * as TurnFrames from "./TurnFrames.ts"
import * as TurnHistory from "./TurnHistory.ts"
import * as TurnInput from "./TurnInput.ts"
import * as TurnPortsLive from "./TurnPortsLive.ts"
import type { PreparedTurn } from "./Turns.ts"
import { Turns } from "./Turns.ts"
import { TurnsHandlers } from "./TurnsHandlers.ts"
import type { CreateTurn, Turn } from "./TurnsModels.ts"

const inProgress = (session: string, turn: string | undefined) => {
  const named = turn === undefined ? "Another turn" : `The turn ${turn}`
  const path = `POST /v1/sessions/${session}/turns/${turn ?? "{turn_id}"}/cancel`
  return new TurnConflict({
    code: "turn_in_progress",
    message:
      `${named} of the session ${session} runs: wait until it has ended, or cancel it (${path}). Where the server ` +
      "that ran it is gone, {\"mode\":\"immediate\"} closes it."
  })
}

const waits = (session: string, { id }: TurnRecord, ids: ReadonlyArray<string>) =>
  new TurnConflict({
    code: "turn_requires_approval",
    message:
      `The turn ${id} waits for approvals (${ids.join(", ")}): answer them with POST /v1/sessions/${session}/turns/` +
      `${id}/approvals/{approval_id}, or cancel the turn.`
  })

const turnOf = ({ turns }: TurnState, session_id: string, turn_id: string) => {
  const turn = turns.find(({ id }) => id === turn_id)
  return turn === undefined ? Effect.fail(new TurnNotFound({ session_id, turn_id })) : Effect.succeed(turn)
}

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
  const running = new RunningTurns()
  const grace = yield* TurnCancellation.TurnGrace
  const keyOf = (session: string) => Effect.map(CurrentTenant, (tenant) => qualified(tenant, session))
  const history = (session: string) =>
    Effect.flatMap(SessionLog.current, (log) => TurnHistory.load(log, session)).pipe(
      Effect.provideService(EventHub, hub)
    )

  /** The turn, from its beginning or from where it waited; `begin`: what it adds first. */
  const prepared = (
    { key, session, state, turn }: {
      readonly key: string
      readonly session: string
      readonly state: TurnState
      readonly turn: string
    },
    recording: Recording,
    begin: TurnInput.Begin | undefined,
    after: number
  ): PreparedTurn => {
    const release = Effect.sync(() => running.release(key))
    const settings = begin?.settings ?? (begin === undefined
      ? state.turns.find(({ id }) => id === turn)?.settings
      : state.turns.at(-1)?.settings)
    const run: PreparedTurn["run"] = (notify) =>
      Effect.gen(function*() {
        let sequence_number = 0
        const signals = (yield* Decision.isRecorded)
          ? TurnSignals.silent
          : yield* TurnSignals.make(hub, {
            tenant: yield* CurrentTenant,
            sessionId: session,
            turn,
            execution: recording.options.requestId,
            after,
            maxSeconds: settings?.limits?.max_seconds ?? defaultLimits.max_seconds
          })
        const ended = yield* TurnLoop.run({
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
        }, begin)
        return TurnAnswer.toTurn(ended.turns.find(({ id }) => id === turn)!, session)
      }).pipe(Effect.scoped, Effect.ensuring(release))
    return { run, release }
  }

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

  const claimed = Effect.fnUntraced(function*<A, E>(
    session: string,
    use: (key: string) => Effect.Effect<A, E>
  ) {
    const key = yield* keyOf(session)
    if (!running.claim(key)) return yield* inProgress(session, undefined)
    return yield* Effect.onError(use(key), () => Effect.sync(() => running.release(key)))
  })

  const prepare: Turns["Service"]["prepare"] = Effect.fnUntraced(function*(session, request) {
    const recording = yield* recordingIn(session)
    return yield* claimed(session, (key) =>
      Effect.gen(function*() {
        const after = yield* hub.head
        const state = yield* history(session)
        const last = state.turns.at(-1)
        if (last?.execution !== undefined) return yield* inProgress(session, last.id)
        if (last?.status === "requires_approval") {
          return yield* waits(session, last, pending(last).map(({ id }) => id))
        }
        const begin = yield* Effect.fromResult(TurnInput.make(request, state))
        return prepared({ key, session, state, turn: recording.options.requestId }, recording, begin, after)
      }))
  })

  const answer: Turns["Service"]["answer"] = Effect.fnUntraced(function*(session, turnId, approvalId, request) {
    const recording = yield* recordingIn(session)
    const key = yield* keyOf(session)
    return yield* running.alone(
      key,
      Effect.gen(function*() {
        const after = yield* hub.head
        let state = yield* history(session)
        const turn = yield* turnOf(state, session, turnId)
        const open = pending(turn)
        const approval = turn.approvals.find(({ id }) => id === approvalId)
        const isOpen = turn.status === "requires_approval" || turn.execution !== undefined
        if (approval === undefined) {
          const unknown = { turn_id: turnId, approval_id: approvalId, pending: isOpen ? open.map(({ id }) => id) : [] }
          return yield* new ApprovalNotFound(unknown)
        }
        if (approval.decided !== undefined || approval.answer !== undefined || !isOpen) {
          return yield* new TurnConflict({
            code: "approval_answered",
            message: `The approval ${approvalId} needs no answer any more: it is ${
              approval.decided ?? (approval.answer === undefined
                ? "not asked for, since its turn has ended"
                : "answered")
            }.`
          })
        }
        const { decision, reason = null } = request
        const add = <D extends TurnEvents.StateDefinition>(definition: D, payload: D["payload"]["Encoded"]) => {
          recording.emit(definition, payload, { causationId: recording.origin })
          state = evolve(state, { type: definition.type, payload: JSON.stringify(payload), position: 0 } as never)
        }
        add(TurnEvents.ApprovalAnswered, { turn: turnId, approval_id: approvalId, decision, reason })
        yield* Effect.catchTags(recording.commit, { VersionConflict: Effect.die, EventIdTaken: Effect.die })
        if (turn.execution !== undefined) {
          const { execution } = turn
          const abandoned = yield* Decision.make(
            Decision.ofRequest(recording),
            TurnEvents.ExecutionEnded,
            running.isRunning(key) ? Effect.succeed(undefined) : TurnCancellation.abandoned(hub, {
              session,
              execution,
              approval: approvalId,
              after,
              grace,
              turn: turnId
            })
          )
          if (abandoned !== undefined) {
            state = evolve(state, {
              type: TurnEvents.ExecutionEnded.type,
              payload: JSON.stringify(abandoned.payload),
              position: 0
            } as never)
          }
        }
        const now = yield* turnOf(state, session, turnId)
        const goesOn = now.execution === undefined && pending(now).every(({ answer }) => answer !== undefined)
        const asItIs = TurnAnswer.toTurn(now, session)
        if (!goesOn) return { turn: asItIs, resumed: undefined }
        if (!running.claim(key)) return yield* inProgress(session, turnId)
        return { turn: asItIs, resumed: prepared({ key, session, state, turn: turnId }, recording, undefined, after) }
      })
    )
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
    const run = Effect.flatMap(prepare(session, request), ({ run }) => run()).pipe(Effect.map((turn) => {
      answer = turn
      return Bytes.json(200, JSON.stringify(turn))
    }))
    yield* requests.run(yield* inputOf(session, request), run)
    return answer!
  })

  const stream: Turns["Service"]["stream"] = (session, request) =>
    Stream.unwrap(Effect.gen(function*() {
      const answer = Effect.flatMap(prepare(session, request), TurnFrames.of)
      const bytes = yield* requests.run(
        yield* inputOf(session, { ...request, stream: true }),
        Effect.map(
          answer,
          (frames) => ({ status: 200, headers: TurnFrames.headers, body: ByteSource.fromStream(frames) })
        )
      )
      return Bytes.isStreamed(bytes) ? TurnFrames.eventsOf(bytes.body.stream) : Stream.empty
    }))

  return Turns.of({
    prepare,
    answer,
    create,
    stream,
    list: Effect.fnUntraced(function*(session) {
      yield* guard.read(session)
      return (yield* history(session)).turns.map((turn) => TurnAnswer.toTurn(turn, session))
    }),
    get: Effect.fnUntraced(function*(session, id) {
      yield* guard.read(session)
      return TurnAnswer.toTurn(yield* turnOf(yield* history(session), session, id), session)
    }),
    cancel: Effect.fnUntraced(function*(session, id, mode) {
      yield* guard.update(session)
      const key = yield* keyOf(session)
      const after = yield* hub.head
      const state = yield* history(session)
      const turn = yield* turnOf(state, session, id)
      yield* TurnCancellation.cancel(hub, {
        session,
        turn,
        messages: state.messages,
        mode,
        after,
        grace,
        ended: running.isRunning(key) ? running.ended(key) : undefined
      })
      return TurnAnswer.toTurn(yield* turnOf(yield* history(session), session, id), session)
    })
  })
})

export const layer = Layer.effect(Turns, make)

export const live = ApiModule.live({ handlers: TurnsHandlers, layer })
