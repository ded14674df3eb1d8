/** One attempt at a piece of work: takes the lease, runs the kind's code, writes what has come of it. */
import { Cause, Clock, Duration, Effect, Exit, Option, Result, Schema, Stream } from "effect"
import * as Draft from "../../events/log/Draft.ts"
import type { EventHub } from "../../events/log/EventHub.ts"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import { CurrentPrincipal } from "../../events/types/Principal.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import { CurrentCall } from "../calls/Call.ts"
import { CurrentRecording } from "../requests/Recording.ts"
import * as WorkEvents from "./WorkEvents.ts"
import type { WorkFailure } from "./WorkFailure.ts"
import type { WorkKind } from "./WorkKind.ts"
import { WorkFailed } from "./WorkKind.ts"
import type { LeaseLost, WorkReference } from "./WorkLease.ts"
import { WorkStream } from "./WorkLease.ts"
import type { WorkState } from "./WorkState.ts"
import { isOpen, lostAttempts } from "./WorkState.ts"
import type { RegisteredWork, WorkTask } from "./WorkTask.ts"
import { CurrentWork } from "./WorkTask.ts"

/** What follows. `retryAt`: milliseconds since 1970; undefined: nothing does. */
export interface AttemptEnd {
  readonly retryAt: number | undefined
}

export interface KindWithCode {
  readonly kind: WorkKind
  readonly code: RegisteredWork
}

export interface Worker {
  readonly hub: EventHub["Service"]
  /** The process, for people. */
  readonly runner: string
  readonly kinds: ReadonlyMap<string, KindWithCode>
}

interface Attempt extends KindWithCode {
  readonly worker: Worker
  readonly stream: WorkStream
  /** As it stood when the attempt began. */
  readonly state: WorkState
}

type Holds = (state: WorkState | undefined) => boolean
type Outcome = { readonly status: "cancelled" } | { readonly status: "failed"; readonly error: WorkFailure }
type Ends = Effect.Effect<AttemptEnd, LeaseLost | EventLogUnavailable>

const ended: AttemptEnd = { retryAt: undefined }

/** Work whose workers are lost so often is likely what they are lost of. */
const maxLostAttempts = 10

const internal: WorkFailure = { type: "server_error", message: "The work failed inside the server; its log says why." }
const lost: WorkFailure = {
  type: "server_error",
  message: `${maxLostAttempts} servers were lost while they did it. It is not tried again.`
}

const unreadable: WorkFailure = {
  type: "server_error",
  message: "What was submitted is not what this version of the server does. Submit it again."
}

const stillOpen: Holds = (now) => now !== undefined && isOpen(now)

const idsOf = ({ kind, workId }: WorkState) => ({ work_id: workId, kind })

/** Ends work that its code did not finish. */
const settle = ({ code, state, stream }: Attempt, outcome: Outcome, holds: Holds): Ends =>
  Effect.gen(function*() {
    // Without what its code would say the work has an end all the same: else it would be tried for ever.
    const besides = yield* Effect.catchDefect(
      code.settled({ workId: state.workId, input: state.input, ...outcome }),
      (defect) => Effect.as(Effect.logError(`What stands beside the end of ${state.workId} is not known`, defect), [])
    )
    const ids = { ...idsOf(state), attempt: stream.state?.attempts ?? 0 }
    const end = outcome.status === "failed"
      ? yield* Draft.make(WorkEvents.Failed, { ...ids, error: outcome.error })
      : yield* Draft.make(WorkEvents.Cancelled, ids)
    yield* stream.append([...besides, end], holds)
    return ended
  })

/** Who takes it must be the first since it was read. */
const take = Effect.fnUntraced(function*({ code, state, stream, worker }: Attempt, input: unknown) {
  const ids = { ...idsOf(state), attempt: state.attempts + 1 }
  const started = yield* Draft.make(WorkEvents.Started, { ...ids, runner: worker.runner })
  const { version: epoch } = yield* stream.append([started], (now) => stillOpen(now) && now?.epoch === state.epoch)
  const isMine: Holds = (now) => stillOpen(now) && now?.epoch === epoch
  /** Set once it waits. */
  let resumeAt: number | undefined
  const task: WorkTask<unknown> = {
    workId: state.workId,
    stream: stream.reference.stream,
    input,
    attempt: ids.attempt,
    epoch,
    causationId: started.id,
    cancelRequested: state.cancelRequested && code.endsItself(input),
    append: (events) => stream.append(events, isMine),
    pause: (events, time) =>
      Effect.gen(function*() {
        const paused = yield* Draft.make(WorkEvents.Paused, { ...ids, resume_at: time })
        yield* stream.append([...events, paused], isMine)
        resumeAt = time
      }),
    finish: (events) =>
      Effect.flatMap(
        Draft.make(WorkEvents.Finished, ids),
        (finished) => Effect.asVoid(stream.append([...events, finished], isMine))
      )
  }
  return { isMine, task, resumeAt: () => resumeAt }
})

/** Ends with true when somebody wants it done no more. */
const cancelRequest = ({ stream, worker }: Attempt) =>
  worker.hub.follow({
    tenant: stream.reference.tenant,
    stream: stream.reference.stream,
    types: [WorkEvents.CancelRequested.type],
    after: stream.position
  }).pipe(Stream.runHead, Effect.as(true))

/** The code failed: it is tried again, or not. */
const failed = (attempt: Attempt, error: WorkFailed, isMine: Holds): Ends =>
  Effect.gen(function*() {
    const { kind, state, stream } = attempt
    const failure = { type: error.type, message: error.message }
    if (!error.retryable || state.retries >= kind.retries) {
      return yield* settle(attempt, { status: "failed", error: failure }, isMine)
    }
    const delay = Duration.toMillis(Duration.fromInputUnsafe(kind.retryDelay)) * 2 ** state.retries
    const retryAt = (yield* Clock.currentTimeMillis) + delay
    const ids = { ...idsOf(state), attempt: state.attempts + 1 }
    const retried = yield* Draft.make(WorkEvents.Retried, { ...ids, error: failure, retry_at: retryAt })
    yield* stream.append([retried], isMine)
    return { retryAt }
  })

const work = (attempt: Attempt): Ends =>
  Effect.gen(function*() {
    const { code, state, stream } = attempt
    const input = Schema.decodeResult(attempt.kind.input)(state.input)
    const endsItself = Result.isSuccess(input) && code.endsItself(input.success)
    if (state.cancelRequested && !endsItself) return yield* settle(attempt, { status: "cancelled" }, stillOpen)
    if (lostAttempts(state) >= maxLostAttempts) {
      return yield* settle(attempt, { status: "failed", error: lost }, stillOpen)
    }
    if (Result.isFailure(input)) {
      yield* Effect.logError(`The input of the work ${state.workId} is none of its kind`, input.failure.message)
      return yield* settle(attempt, { status: "failed", error: unreadable }, stillOpen)
    }
    const { isMine, resumeAt, task } = yield* take(attempt, input.success)
    const running = (task: WorkTask<unknown>) => Effect.provideService(code.run(task), CurrentWork, task)
    /** Ends with true when it was stopped, or has ended as it was told to. */
    const run: Effect.Effect<boolean, WorkFailed | LeaseLost | EventLogUnavailable> = Effect.gen(function*() {
      if (task.cancelRequested) return yield* Effect.as(running(task), true)
      const isStopped = yield* Effect.raceFirst(Effect.as(running(task), false), cancelRequest(attempt))
      // It may have been said just when it began to wait.
      if (!endsItself || !(isStopped || stream.state?.cancelRequested === true)) return isStopped
      return yield* Effect.as(running({ ...task, cancelRequested: true }), true)
    })
    const exit = yield* Effect.exit(run)
    if (!stillOpen(stream.state)) return ended
    if (Exit.isSuccess(exit)) {
      const retryAt = resumeAt()
      if (stream.state?.status === "waiting" && retryAt !== undefined) return { retryAt }
      if (exit.value) return yield* settle(attempt, { status: "cancelled" }, isMine)
      yield* task.finish([])
      return ended
    }
    if (Cause.hasInterruptsOnly(exit.cause)) return yield* Effect.failCause(exit.cause as Cause.Cause<never>)
    const error = Cause.findErrorOption(exit.cause)
    if (Option.isNone(error)) {
      yield* Effect.logError(`Work ${state.workId} failed`, exit.cause)
      return yield* failed(attempt, new WorkFailed({ ...internal, retryable: false }), isMine)
    }
    return yield* error.value._tag === "WorkFailed" ? failed(attempt, error.value, isMine) : Effect.fail(error.value)
  })

/** In the name of whoever submitted it, and as nobody's request. */
const alone = <A, E>(effect: Effect.Effect<A, E>, { state, stream }: Attempt): Effect.Effect<A, E> =>
  effect.pipe(
    Effect.provideService(CurrentPrincipal, state.principal),
    Effect.provideService(CurrentTenant, stream.reference.tenant),
    Effect.provideService(CurrentRecording, undefined),
    Effect.provideService(CurrentCall, undefined)
  )

export const run = (worker: Worker, reference: WorkReference): Effect.Effect<AttemptEnd, EventLogUnavailable> =>
  Effect.gen(function*() {
    const stream = new WorkStream(worker.hub, reference)
    const state = yield* stream.refresh
    if (!stillOpen(state) || state === undefined) return ended
    const registered = worker.kinds.get(state.kind)
    if (registered === undefined) {
      return yield* Effect.die(new Error(`no module of this server does work of the kind ${state.kind}`))
    }
    const attempt = { ...registered, worker, stream, state }
    return yield* alone(work(attempt), attempt)
  }).pipe(
    // Another worker has it: there is nothing left to do for this one.
    Effect.catchTag("LeaseLost", () => Effect.succeed(ended))
  )
