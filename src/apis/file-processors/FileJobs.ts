/** Files that are processed in the background: durable work, whose chunks and end stand in the log together. */
import { Clock, Effect, Queue, Schema } from "effect"
import * as Draft from "../../events/log/Draft.ts"
import { CurrentPrincipal } from "../../events/types/Principal.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import { DocumentConflict } from "../../kernel/documents/DocumentErrors.ts"
import * as DocumentId from "../../kernel/documents/DocumentId.ts"
import * as DocumentParts from "../../kernel/documents/DocumentParts.ts"
import * as Documents from "../../kernel/documents/Documents.ts"
import * as DocumentTime from "../../kernel/documents/DocumentTime.ts"
import { auto, ChosenChunking } from "../../kernel/text/ChunkingStrategy.ts"
import { Work } from "../../kernel/work/Work.ts"
import * as WorkKind from "../../kernel/work/WorkKind.ts"
import type { WorkOutcome, WorkTask } from "../../kernel/work/WorkTask.ts"
import * as FileChunks from "./FileChunks.ts"
import { FileJobChunks, FileJobKind } from "./FileJobKind.ts"
import * as FileProcessorEvents from "./FileProcessorEvents.ts"
import type { FileProcessors, ProcessFailure, ProcessRequest } from "./FileProcessors.ts"
import type { CreateFileJob, FileJob, FileJobsQuery, ProcessFileResponse } from "./FileProcessorsModels.ts"

export const FileProcessing = WorkKind.make({
  name: "file_processing",
  input: Schema.Struct({ job: Schema.String, file_id: Schema.String, chunking: ChosenChunking }),
  retries: 2
})
type Input = typeof FileProcessing.input.Type

/** Chunks in one event. */
const chunksAtOnce = 100

/** Progress stands in the log at steps of this. */
const progressStep = 0.1

/** What may go well another time. */
const retryable: ReadonlySet<string> = new Set(["busy", "processor_failed", "storage_failed"])

const workFailed = (error: ProcessFailure): WorkKind.WorkFailed => {
  const type = error._tag === "FileUnreadable"
    ? error.reason
    : error._tag === "DocumentNotFound"
    ? "file_not_found"
    : error._tag === "StorageFailed" && !error.missing
    ? "storage_failed"
    : "server_error"
  return new WorkKind.WorkFailed({ type, message: error.message, retryable: retryable.has(type) })
}

interface Processor {
  readonly process: FileProcessors["Service"]["process"]
  /** Fails where who asks may not read it. */
  readonly nameOf: (fileId: string) => Effect.Effect<string, Documents.ReadFailure>
}

const notOpen = ({ id, status }: FileJob) =>
  new DocumentConflict({
    type: "file_processing_job",
    code: "file_processing_job_ended",
    message: `The job ${id} is ${status}: there is nothing to cancel.`
  })

const isOpen = ({ status }: FileJob): boolean => status === "queued" || status === "in_progress"

export const make = Effect.fnUntraced(function*({ nameOf, process }: Processor) {
  const work = yield* Work
  const jobs = yield* Documents.of(FileJobKind)
  const chunks = yield* DocumentParts.of(FileJobChunks, jobs)

  const ended = Effect.fnUntraced(function*(
    status: "completed" | "failed" | "cancelled",
    { error = null, response }: {
      readonly response?: ProcessFileResponse
      readonly error?: { readonly code: string; readonly message: string } | null
    }
  ) {
    return yield* Draft.make(FileProcessorEvents.Ended, {
      status,
      completed_at: yield* DocumentTime.seconds,
      chunk_count: response?.chunks.length ?? null,
      metadata: response?.metadata ?? null,
      error
    })
  })

  const chunksAdded = (all: ProcessFileResponse["chunks"]) =>
    Effect.forEach(
      Array.from({ length: Math.ceil(all.length / chunksAtOnce) }, (_, at) => at * chunksAtOnce),
      (first) => Draft.make(FileProcessorEvents.ChunksAdded, { first, chunks: all.slice(first, first + chunksAtOnce) })
    )

  /** Runs `effect` with a way to say how far it is, of which the log hears now and then. */
  const withProgress = <A, E>(
    task: WorkTask<Input>,
    effect: (onProgress: NonNullable<ProcessRequest["onProgress"]>) => Effect.Effect<A, E>
  ) =>
    Effect.gen(function*() {
      const steps = yield* Queue.sliding<number>(1)
      let last = 0
      const append = Effect.forever(
        Effect.gen(function*() {
          const progress = yield* Queue.take(steps)
          yield* task.append([yield* Draft.make(FileProcessorEvents.Progressed, { progress })])
        })
      )
      const run = effect((done) => {
        if (done - last < progressStep) return
        last = done
        Queue.offerUnsafe(steps, Math.round(done * 100) / 100)
      })
      return yield* Effect.raceFirst(run, append)
    })

  const run = (task: WorkTask<Input>) =>
    Effect.gen(function*() {
      const { chunking, file_id: fileId } = task.input
      const asked = Effect.gen(function*() {
        const name = yield* nameOf(fileId)
        return {
          name,
          file: yield* withProgress(
            task,
            (onProgress) => Effect.mapError(process({ content: { fileId }, chunking, onProgress }), workFailed)
          )
        }
      })
      const { file, name } = yield* Effect.catchTags(asked, {
        DocumentNotFound: (error) => Effect.fail(workFailed(error))
      })
      const response = FileChunks.responseOf(file, { fileId, name, created_at: yield* DocumentTime.seconds })
      const end = yield* ended("completed", { response })
      yield* task.finish([...yield* chunksAdded(response.chunks), end])
    })

  yield* work.register(FileProcessing, run, (outcome: WorkOutcome) =>
    Effect.map(
      outcome.status === "cancelled"
        ? ended("cancelled", {})
        : ended("failed", { error: { code: outcome.error.type, message: outcome.error.message } }),
      (event) => [event]
    ))

  /** Who does it stops soon, and says so in the log. */
  const awaitEnd = Effect.fnUntraced(function*(id: string) {
    const until = (yield* Clock.currentTimeMillis) + 5000
    while (true) {
      const { job } = (yield* jobs.get(id)).value
      if (!isOpen(job) || (yield* Clock.currentTimeMillis) > until) return job
      yield* Effect.sleep("50 millis")
    }
  })

  return {
    createJob: Effect.fnUntraced(function*({ chunking_strategy: chunking = auto, file_id }: CreateFileJob) {
      yield* jobs.authorizeCreate
      yield* nameOf(file_id)
      const id = yield* DocumentId.make(FileJobKind.prefix)
      const job: FileJob = {
        id,
        object: "file_processing_job",
        file_id,
        chunking_strategy: chunking,
        status: "queued",
        progress: 0,
        chunk_count: null,
        error: null,
        created_at: yield* DocumentTime.seconds,
        completed_at: null
      }
      yield* work.submit({
        kind: FileProcessing,
        workId: id,
        stream: FileJobKind.streamOf(id),
        input: { job: id, file_id, chunking },
        events: [yield* Documents.draft(FileProcessorEvents.Created, { job, owner: yield* CurrentPrincipal })]
      }).pipe(Effect.catchTags({ VersionConflict: Effect.die, EventIdTaken: Effect.die }))
      return job
    }),
    listJobs: Effect.fnUntraced(function*({ after, limit, order, status }: FileJobsQuery) {
      const where = status === undefined ? undefined : { status }
      const { data, has_more } = yield* jobs.list({ after, limit, order, where })
      return { data: data.map(({ value }) => value.job), has_more }
    }),
    getJob: Effect.fnUntraced(function*(id: string) {
      const { job, metadata } = (yield* jobs.get(id)).value
      if (metadata === null) return { ...job, result: null }
      return { ...job, result: { chunks: (yield* chunks.all(id)).flat(), metadata } }
    }),
    cancelJob: Effect.fnUntraced(function*(id: string) {
      // Whether one may is asked as for any change.
      yield* jobs.change(
        id,
        "update",
        ({ value: { job } }) => isOpen(job) ? Effect.succeed([]) : Effect.fail(notOpen(job))
      )
      yield* work.cancel({ tenant: yield* CurrentTenant, workId: id, stream: FileJobKind.streamOf(id) })
      return yield* awaitEnd(id)
    })
  }
})
