/**
 * Durable work: what is submitted is done once, in the background, by whichever server is there. Its events stand in the
 * log; Effect's workflow engine, in a database of its own, decides who does it and when.
 */
import { Clock, Context, Effect, Layer, Schedule, Schema, Scope, Stream } from "effect"
import { randomBytes } from "node:crypto"
import { hostname } from "node:os"
import * as Draft from "../../events/log/Draft.ts"
import type { AppendFailed } from "../../events/log/EventHub.ts"
import { EventHub } from "../../events/log/EventHub.ts"
import type { EventLogUnavailable, ExpectedVersion } from "../../events/log/EventLog.ts"
import { ProjectionTables } from "../../events/log/ProjectionTables.ts"
import type { EventDraft } from "../../events/types/Envelope.ts"
import { CurrentPrincipal } from "../../events/types/Principal.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import { changeOrigin } from "../system/ChangeOrigin.ts"
import { FairPermits } from "./FairPermits.ts"
import { StoppableAttempts } from "./StoppableAttempts.ts"
import type { KindWithCode } from "./WorkAttempt.ts"
import * as WorkAttempt from "./WorkAttempt.ts"
import { WorkSettings } from "./WorkConfiguration.ts"
import { WorkDatabase } from "./WorkDatabase.ts"
import type { Engine, Execution } from "./WorkEngine.ts"
import * as WorkEvents from "./WorkEvents.ts"
import type { WorkKind } from "./WorkKind.ts"
import type { WorkReference } from "./WorkLease.ts"
import { WorkStream } from "./WorkLease.ts"
import { WorkProjection } from "./WorkProjection.ts"
import type { WorkState } from "./WorkState.ts"
import { isOpen } from "./WorkState.ts"
import type { WorkCode, WorkOutcome } from "./WorkTask.ts"

export interface Submission<Input> {
  readonly kind: WorkKind<Input>
  /** Unique within the tenant. */
  readonly workId: string
  /** Where what becomes of it stands: the stream of what is worked on. */
  readonly stream: string
  /** Where that stream is; default: new. */
  readonly expectedVersion?: ExpectedVersion
  readonly input: Input
  /** What is appended with it, before it: all of it is in the log, or nothing. */
  readonly events?: ReadonlyArray<EventDraft>
}

export class Work extends Context.Service<Work, {
  /**
   * Says how work of a kind is done. `settled`: what stands beside the end of work that its code did not finish.
   * `endsItself`: of which input the code is told that it is cancelled, instead of being stopped; default: of none.
   */
  readonly register: <Input, R>(
    kind: WorkKind<Input>,
    code: WorkCode<Input, R>,
    settled?: (outcome: WorkOutcome) => Effect.Effect<ReadonlyArray<EventDraft>, never, R>,
    endsItself?: (input: Input) => boolean
  ) => Effect.Effect<void, never, R>
  /** Returns once it is in the log: from then on it is done, whatever happens to this server. */
  readonly submit: <Input>(submission: Submission<Input>) => Effect.Effect<void, AppendFailed>
  /** Work that nobody has begun is cancelled at once; who has begun stops soon. Gives the state after it. */
  readonly cancel: (reference: WorkReference) => Effect.Effect<WorkState | undefined, EventLogUnavailable>
  readonly get: (reference: WorkReference) => Effect.Effect<WorkState | undefined, EventLogUnavailable>
  /** Age of the oldest work that nobody has begun, milliseconds; null: there is none. */
  readonly oldestQueued: Effect.Effect<number | null, EventLogUnavailable>
  /** To be called when every kind is registered: goes on with what is open. */
  readonly start: Effect.Effect<void>
}>()("strata/kernel/work/Work") {
  static readonly layer = Layer.effect(Work, Effect.suspend(() => make))
}

const idle: Engine = {
  execute: () => Effect.void,
  isDone: () => Effect.succeed(true),
  poll: Effect.void,
  clean: Effect.void
}

/** How often the log is compared with what the engine does. */
const reviewInterval = "15 seconds"

/** How often what has ended is cleared from the engine's tables: twice this after its end, at the latest. */
const cleaningInterval = "20 seconds"

/** Work is left to whoever submitted it for so long, milliseconds. */
const submitTime = 5000

const maxReviewed = 10_000

const make = Effect.gen(function*() {
  const hub = yield* EventHub
  const tables = yield* ProjectionTables
  const database = yield* WorkDatabase
  const scope = yield* Effect.scope
  const kinds = new Map<string, KindWithCode>()
  const runner = `${hostname()}-${process.pid}-${randomBytes(4).toString("hex")}`

  const stopping = new StoppableAttempts()
  const permits = new FairPermits((yield* WorkSettings).max_concurrency)
  const attempt = (reference: WorkReference) =>
    stopping.run(permits.run(reference.tenant, WorkAttempt.run({ hub, kinds, runner }, reference)))

  const begin = Effect.gen(function*() {
    const WorkEngine = yield* Effect.promise(() => import("./WorkEngine.ts"))
    const client = yield* database.client
    const made = yield* WorkEngine.make({ runner, shared: database.shared, client, attempt })
    // Closed before the engine: what is under way is left while it can still say so.
    yield* Effect.addFinalizer(() => stopping.stop)
    return made
  }).pipe(
    Effect.tapCause((cause) => Effect.logError("Work in the background can't be done", cause)),
    Effect.orDie,
    Scope.provide(scope)
  )
  const engine = database.works ? yield* Effect.cached(begin) : Effect.succeed(idle)

  const openRows = (limit: number) => tables.list(WorkProjection, { where: { open: 1 }, limit })

  /** What the log shows open and the engine does not know of is given to it. */
  const review = (youngest: number) =>
    Effect.gen(function*() {
      const now = yield* Clock.currentTimeMillis
      const rows = yield* openRows(maxReviewed)
      for (const { document, tenant } of rows) {
        if (now - document.changed_at < youngest || !kinds.has(document.kind)) continue
        const first: Execution = { tenant, workId: document.work_id, stream: document.stream, generation: 0 }
        const { execute, isDone } = yield* engine
        yield* execute((yield* isDone(first)) ? { ...first, generation: document.changed_at } : first)
      }
    }).pipe(Effect.catchCause((cause) => Effect.logWarning("Open work could not be reviewed", cause)))

  const wakeOthers = Effect.forkIn(
    Stream.runForEach(
      hub.changes,
      () => Effect.andThen(Effect.flatMap(engine, ({ poll }) => poll), Effect.sleep("100 millis"))
    ),
    scope
  )

  // What is there when the server starts, nobody is about to give to the engine: its submitter may be gone.
  const keepReviewing = Effect.forkIn(
    Effect.andThen(review(0), Effect.repeat(Effect.delay(review(submitTime), reviewInterval), Schedule.forever)),
    scope
  )

  const keepCleaning = Effect.flatMap(engine, ({ clean }) => clean).pipe(
    Effect.catchCause((cause) => Effect.logWarning("What the engine has done with could not be cleared", cause)),
    Effect.delay(cleaningInterval),
    Effect.repeat(Schedule.forever),
    Effect.forkIn(scope)
  )

  const started = database.works === false ? Effect.void : yield* Effect.cached(
    Effect.all([Effect.forkIn(engine, scope), keepReviewing, keepCleaning, ...database.shared ? [wakeOthers] : []])
  )

  return Work.of({
    register: (kind, code, settled = () => Effect.succeed([]), endsItself = () => false) =>
      Effect.map(Effect.context<never>(), (context) => {
        kinds.set(kind.name, {
          kind: kind as unknown as WorkKind,
          code: {
            endsItself: (input) => endsItself(input as never),
            run: (task) => Effect.provideContext(code(task as never) as ReturnType<WorkCode<unknown>>, context),
            settled: (outcome) =>
              Effect.provideContext(settled(outcome) as Effect.Effect<ReadonlyArray<EventDraft>>, context)
          }
        })
      }),
    submit: Effect.fnUntraced(function*({ events = [], expectedVersion = "none", input, kind, stream, workId }) {
      const encoded = yield* Effect.orDie(Schema.encodeEffect(kind.input)(input))
      const draft = yield* Draft.make(WorkEvents.Submitted, {
        work_id: workId,
        kind: kind.name,
        input: encoded,
        principal: yield* CurrentPrincipal
      })
      const origin = yield* changeOrigin
      yield* hub.append(stream, expectedVersion, [...events, { ...draft, ...origin }])
      const tenant = yield* CurrentTenant
      yield* Effect.andThen(
        Effect.flatMap(engine, ({ execute }) => execute({ tenant, workId, stream, generation: 0 })),
        started
      ).pipe(Effect.catchCause((cause) => Effect.logError(`Work ${workId} waits`, cause)), Effect.forkIn(scope))
    }),
    cancel: Effect.fnUntraced(function*(reference) {
      const stream = new WorkStream(hub, reference)
      const state = yield* stream.refresh
      if (state === undefined || !isOpen(state)) return state
      const ids = { work_id: state.workId, kind: state.kind }
      const request = yield* Draft.make(WorkEvents.CancelRequested, ids)
      const origin = yield* changeOrigin
      yield* stream.append([{ ...request, ...origin }], (now) => now !== undefined && isOpen(now)).pipe(
        Effect.catchTag("LeaseLost", () => Effect.void)
      )
      // Nobody has it: an attempt that ends it at once is as good as any.
      if (state.status !== "running") yield* WorkAttempt.run({ hub, kinds, runner }, reference)
      return yield* stream.refresh
    }),
    get: (reference) => new WorkStream(hub, reference).refresh,
    oldestQueued: Effect.gen(function*() {
      const [oldest] = yield* tables.list(WorkProjection, { where: { status: "queued" }, limit: 1 })
      // Whoever submitted it may have a clock that is ahead.
      return oldest === undefined ? null : Math.max(0, (yield* Clock.currentTimeMillis) - oldest.document.submitted_at)
    }),
    start: Effect.gen(function*() {
      const isOpen = database.shared || (yield* Effect.orElseSucceed(openRows(1), () => [])).length > 0
      if (isOpen) yield* started
    })
  })
})
