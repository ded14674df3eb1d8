/** Writes what came of a batch into files of its owner: the good answers, and the others. */
import { Cause, Effect, Stream } from "effect"
import { createHash } from "node:crypto"
import type { EventHub } from "../../events/log/EventHub.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import type { Files } from "../files/Files.ts"
import { FileKind } from "../files/FilesKinds.ts"
import * as BatchAnswers from "./BatchAnswers.ts"
import type { BatchError } from "./BatchEvents.ts"
import * as BatchInput from "./BatchInput.ts"
import type { KeptBatch } from "./BatchKind.ts"
import { isGood } from "./BatchKind.ts"
import * as BatchOutput from "./BatchOutput.ts"
import * as BatchValidation from "./BatchValidation.ts"

export interface Written {
  readonly output_file_id: string | null
  readonly error_file_id: string | null
}

/** Of a batch that has none yet, or whose answers stay in the log. */
export const none: Written = { output_file_id: null, error_file_id: null }

/** Why lines have no answer, by the end of their batch. */
const reasons = {
  expired: {
    code: "batch_expired",
    message: "The request was not made before the batch's completion window was over. Send it again in another batch."
  },
  cancelled: { code: "batch_cancelled", message: "The batch was cancelled before the request had an answer." },
  failed: { code: "batch_failed", message: "The batch failed before the request had an answer." }
} as const

type Kind = "output" | "errors"
type End = "completed" | keyof typeof reasons

const fieldOf = { output: "output_file_id", errors: "error_file_id" } as const

export interface Sources {
  readonly hub: EventHub["Service"]
  readonly files: Files["Service"] | undefined
}

/** The same each time a file of the same lines is written: what is there already is not written twice. */
export const idOf = (tenant: string, batch: KeptBatch, kind: Kind, end: End): string => {
  const { completed, failed, id } = batch
  const of = JSON.stringify([tenant, id, kind, end, completed, failed])
  return FileKind.prefix + createHash("sha256").update(of).digest("hex").slice(0, 48)
}

const store = Effect.fnUntraced(function*<E>(
  files: Files["Service"],
  batch: KeptBatch,
  kind: Kind,
  end: End,
  lines: Stream.Stream<string, E>
) {
  const file = yield* files.store({
    id: idOf(yield* CurrentTenant, batch, kind, end),
    filename: `${batch.id}_${kind}.jsonl`,
    purpose: "batch_output",
    contentType: "application/jsonl",
    content: Stream.encodeText(lines),
    ...batch.output_expires_after === null
      ? {}
      : { expiresAfter: { anchor: "created_at" as const, seconds: batch.output_expires_after } }
  })
  return file.id
})

/** What is wrong with a batch whose file can't be written: it ends all the same. */
const notWritten = (kind: Kind, cause: Cause.Cause<Error>): BatchError => {
  const reason = Cause.squash(cause)
  return {
    code: "file_not_written",
    line: null,
    message: `The file of ${kind === "output" ? "answers" : "errors"} could not be written: ` +
      `${reason instanceof Error ? reason.message : String(reason)}. The batch's events have what would stand in it.`,
    param: fieldOf[kind]
  }
}

/** Null with what is wrong, where it can't be written. */
const attempted = <E extends Error>(kind: Kind, file: Effect.Effect<string | null, E>) =>
  Effect.matchCauseEffect(file, {
    onSuccess: (id) => Effect.succeed({ id, errors: [] as ReadonlyArray<BatchError> }),
    onFailure: (cause) =>
      Cause.hasInterrupts(cause)
        ? Effect.failCause(cause)
        : Effect.as(Effect.logWarning("A file of a batch could not be written", cause), {
          id: null,
          errors: [notWritten(kind, cause)]
        })
  })

/** Every line of an input that is wrong. */
const wrongLines = Effect.fnUntraced(function*(sources: Sources, batch: KeptBatch) {
  const { files } = sources
  if (files === undefined) return null
  const lines = BatchValidation.errors(BatchInput.read(sources, batch)).pipe(
    Stream.map(({ custom_id, error }) => BatchOutput.unanswered(batch.id, custom_id, error))
  )
  return yield* store(files, batch, "errors", "failed", lines)
})

/** Of an input that is wrong: where the file can't be written, the batch says so behind its errors. */
export const writeErrors = (sources: Sources, batch: KeptBatch) => attempted("errors", wrongLines(sources, batch))

const filesOf = ({ files, hub }: Sources, batch: KeptBatch, end: End) => {
  const none: Effect.Effect<string | null> = Effect.succeed(null)
  if (files === undefined || batch.surface !== "batches" || batch.in_progress_at === null) {
    return { output: none, errors: none }
  }
  const answers = (good: boolean) =>
    BatchAnswers.all(hub, batch.id).pipe(
      Stream.filter(({ status_code }) => isGood(status_code) === good),
      Stream.map((answer) => BatchOutput.answered(batch.id, answer))
    )
  const missing = end === "completed" ? Stream.empty : Stream.unwrap(
    Effect.map(BatchAnswers.lines(hub, batch.id), (answered) =>
      BatchInput.lines({ files, hub }, batch).pipe(
        Stream.filter(({ line }) => !answered.has(line)),
        Stream.map(({ custom_id, line }) => BatchOutput.unanswered(batch.id, custom_id, { ...reasons[end], line }))
      ))
  )
  return {
    output: batch.completed === 0 ? none : store(files, batch, "output", end, answers(true)),
    errors: batch.completed === batch.total
      ? none
      : store(files, batch, "errors", end, Stream.concat(answers(false), missing))
  }
}

/** `end`: how the batch ends; lines that have no answer then say so among the errors. */
export const write = Effect.fnUntraced(function*(sources: Sources, batch: KeptBatch, end: End) {
  const { errors, output } = filesOf(sources, batch, end)
  return { output_file_id: yield* output, error_file_id: yield* errors } satisfies Written
})

/** The same of a batch that ends in any case: each file that can be written, and what is wrong with the others. */
export const writeWhatCanBe = Effect.fnUntraced(function*(sources: Sources, batch: KeptBatch, end: End) {
  const files = filesOf(sources, batch, end)
  const output = yield* attempted("output", files.output)
  const errors = yield* attempted("errors", files.errors)
  return {
    written: { output_file_id: output.id, error_file_id: errors.id } satisfies Written,
    errors: [...output.errors, ...errors.errors]
  }
})
