/** Does a batch: looks at its input, asks its lines, writes its files. Whoever goes on with it begins where the log stands. */
import { Clock, Effect, Stream } from "effect"
import * as Draft from "../../events/log/Draft.ts"
import { EventHub } from "../../events/log/EventHub.ts"
import { EventLogUnavailable } from "../../events/log/EventLog.ts"
import { ProjectionTables } from "../../events/log/ProjectionTables.ts"
import type { EventDraft } from "../../events/types/Envelope.ts"
import { CurrentPrincipal } from "../../events/types/Principal.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import { InProcessOperations } from "../../kernel/modules/InProcessOperations.ts"
import { ServedApi } from "../../kernel/modules/ServedApi.ts"
import { Requests } from "../../kernel/requests/Requests.ts"
import { WorkSettings } from "../../kernel/work/WorkConfiguration.ts"
import { WorkFailed } from "../../kernel/work/WorkKind.ts"
import { LeaseLost } from "../../kernel/work/WorkLease.ts"
import type { WorkCode, WorkOutcome, WorkTask } from "../../kernel/work/WorkTask.ts"
import type { Files } from "../files/Files.ts"
import { StorageFailed } from "../files/FileStorage.ts"
import * as BatchAnswers from "./BatchAnswers.ts"
import * as BatchAsking from "./BatchAsking.ts"
import { operationOf } from "./BatchEndpoints.ts"
import * as BatchEvents from "./BatchEvents.ts"
import * as BatchFiles from "./BatchFiles.ts"
import * as BatchInput from "./BatchInput.ts"
import type { KeptBatch } from "./BatchKind.ts"
import { BatchKind } from "./BatchKind.ts"
import * as BatchValidation from "./BatchValidation.ts"
import type { Input } from "./BatchWork.ts"
import * as VendorBatchRun from "./VendorBatchRun.ts"
import * as VendorLines from "./VendorLines.ts"

const seconds = Effect.map(Clock.currentTimeMillis, (now) => Math.floor(now / 1000))

const failed = (code: string, message: string, retryable = false) => new WorkFailed({ type: code, message, retryable })

/** A storage may be back in a moment; what is gone is gone. */
const workFailure = (error: Error): WorkFailed | LeaseLost | EventLogUnavailable =>
  error instanceof WorkFailed || error instanceof LeaseLost || error instanceof EventLogUnavailable
    ? error
    : failed(
      "batch_failed",
      error.message,
      error instanceof StorageFailed && !error.missing
    )

const causeOf = (outcome: WorkOutcome): End["errors"] =>
  outcome.status === "cancelled"
    ? []
    : [{ code: outcome.error.type, message: outcome.error.message, line: null, param: null }]

type End = typeof BatchEvents.Ended.payload.Type

const ended = Effect.fnUntraced(function*(end: Omit<End, "at">) {
  return yield* Draft.make(BatchEvents.Ended, { ...end, at: yield* seconds })
})

export const make = Effect.fnUntraced(function*(files: Files["Service"] | undefined) {
  const hub = yield* EventHub
  const tables = yield* ProjectionTables
  const requests = yield* Requests
  const { operations } = yield* ServedApi
  const inProcess = yield* InProcessOperations
  const { max_concurrent_requests_per_batch: concurrency } = yield* WorkSettings
  const sources = { hub, files }
  const byVendor = yield* VendorBatchRun.make(sources)

  const current = (id: string) =>
    Effect.flatMap(
      CurrentTenant,
      (tenant) => Effect.map(tables.get(BatchKind.projection, tenant, id), (row) => row?.document.value)
    )

  /** Gives the batch once its lines may be asked; undefined: it has failed. */
  const validated = Effect.fnUntraced(function*(task: WorkTask<Input>, batch: KeptBatch) {
    if (batch.in_progress_at !== null) return batch
    const { errors, total } = batch.input_file_id === null
      ? { errors: [], total: batch.total }
      : yield* BatchValidation.run(BatchInput.read(sources, batch))
    if (errors.length > 0) {
      const file = yield* BatchFiles.writeErrors(sources, batch)
      const all = [...errors, ...file.errors]
      yield* task.finish([
        yield* ended({ ...BatchFiles.none, status: "failed", error_file_id: file.id, errors: all })
      ])
      return undefined
    }
    yield* task.append([yield* Draft.make(BatchEvents.Started, { total, at: yield* seconds })])
    return yield* current(batch.id)
  })

  /** How its lines are asked now. */
  const askingOf = Effect.fnUntraced(function*(task: WorkTask<Input>, batch: KeptBatch) {
    const answering = yield* inProcess.answering
    const operation = operationOf(operations, batch.endpoint)
    if (operation === undefined) {
      return yield* failed("endpoint_not_served", `${batch.endpoint} is not served here any more.`)
    }
    const refusal = answering.refusal(yield* CurrentPrincipal, operation)
    if (refusal !== undefined) return yield* failed("access_denied", refusal)
    const answered = yield* BatchAnswers.lines(hub, batch.id)
    const { headers = {} } = task.input
    return { requests, answering, operation, task, batch: batch.id, headers, concurrency, answered }
  })

  /** True where each line has an answer, false where the time was over before. */
  const asked = Effect.fnUntraced(function*(task: WorkTask<Input>, batch: KeptBatch) {
    const asking = yield* askingOf(task, batch)
    const all = Effect.as(BatchAsking.run(asking, BatchInput.lines(sources, batch)), true)
    const left = batch.expires_at * 1000 - (yield* Clock.currentTimeMillis)
    // All of them may have their answer already.
    if (batch.completed + batch.failed === batch.total) return true
    if (left <= 0) return false
    return yield* Effect.raceFirst(all, Effect.as(Effect.sleep(left), false))
  })

  /** Undefined: it goes on later, or has ended. */
  const doneByVendor = Effect.fnUntraced(function*(task: WorkTask<Input>, batch: KeptBatch, provider: string) {
    const asking = yield* askingOf(task, batch)
    const course = yield* byVendor(task, batch, provider, asking.answering)
    if (course._tag === "failed") {
      const last = (yield* current(batch.id)) ?? batch
      const { errors: unwritten, written } = yield* BatchFiles.writeWhatCanBe(sources, last, "failed")
      yield* task.finish([yield* ended({ ...written, status: "failed", errors: [...course.errors, ...unwritten] })])
    }
    if (course._tag !== "answered") return undefined
    const { answerOf, status } = course
    const lines = Stream.filter(BatchInput.lines(sources, batch), ({ line }) => answerOf(line) !== undefined)
    const given = (line: number) => VendorLines.callOf(provider, answerOf(line)!)
    yield* BatchAsking.run({ ...asking, given }, lines)
    // Its end is that of the cancellation.
    return task.cancelRequested ? undefined : status
  })

  const run: WorkCode<Input> = (task) =>
    Effect.gen(function*() {
      const submitted = yield* current(task.input.batch)
      if (submitted === undefined) return
      const batch = yield* validated(task, submitted)
      if (batch === undefined) return
      const { provider_id } = batch
      const status = provider_id !== undefined
        ? yield* doneByVendor(task, batch, provider_id)
        : (yield* asked(task, batch))
        ? "completed"
        : "expired"
      if (status === undefined) return
      yield* task.append([yield* Draft.make(BatchEvents.Finalizing, { at: yield* seconds })])
      const last = (yield* current(batch.id)) ?? batch
      const written = yield* BatchFiles.write(sources, last, status)
      yield* task.finish([yield* ended({ ...written, status, errors: [] })])
    }).pipe(Effect.mapError(workFailure))

  /** What stands beside the end of a batch that was stopped, or could not be done: the answers there are, in its files. */
  const settled = (outcome: WorkOutcome): Effect.Effect<ReadonlyArray<EventDraft>> =>
    Effect.gen(function*() {
      const { status, workId } = outcome
      const batch = yield* current(workId)
      if (batch === undefined) return []
      const { errors, written } = yield* BatchFiles.writeWhatCanBe(sources, batch, status)
      return [yield* ended({ ...written, status, errors: [...causeOf(outcome), ...errors] })]
    }).pipe(
      Effect.catch((error) =>
        Effect.gen(function*() {
          yield* Effect.logWarning(`The batch ${outcome.workId} could not be read`, error)
          return [yield* ended({ ...BatchFiles.none, status: outcome.status, errors: causeOf(outcome) })]
        })
      )
    )

  return { run, settled }
})
