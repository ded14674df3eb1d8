/** Writes what came of a batch into files of its owner: the good answers, and the others. */
import { Effect, Stream } from "effect"
import type { EventHub } from "../../events/log/EventHub.ts"
import type { Files } from "../files/Files.ts"
import * as BatchAnswers from "./BatchAnswers.ts"
import * as BatchInput from "./BatchInput.ts"
import type { KeptBatch } from "./BatchKind.ts"
import { isGood } from "./BatchKind.ts"
import * as BatchOutput from "./BatchOutput.ts"
import * as BatchValidation from "./BatchValidation.ts"

export interface Written {
  readonly output_file_id: string | null
  readonly error_file_id: string | null
}

/** Of a batch whose answers stay in the log. */
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

export interface Sources {
  readonly hub: EventHub["Service"]
  readonly files: Files["Service"] | undefined
}

const store = <E>(
  files: Files["Service"],
  batch: KeptBatch,
  kind: "output" | "errors",
  lines: Stream.Stream<string, E>
) =>
  files.store({
    filename: `${batch.id}_${kind}.jsonl`,
    purpose: "batch_output",
    contentType: "application/jsonl",
    content: Stream.encodeText(lines),
    ...batch.output_expires_after === null
      ? {}
      : { expiresAfter: { anchor: "created_at" as const, seconds: batch.output_expires_after } }
  })

/** Every line of an input that is wrong. */
export const writeErrors = Effect.fnUntraced(function*(sources: Sources, batch: KeptBatch) {
  const { files } = sources
  if (files === undefined) return null
  const lines = BatchValidation.errors(BatchInput.read(sources, batch)).pipe(
    Stream.map(({ custom_id, error }) => BatchOutput.unanswered(batch.id, custom_id, error))
  )
  return (yield* store(files, batch, "errors", lines)).id
})

/** `end`: how the batch ends; lines that have no answer then say so among the errors. */
export const write = Effect.fnUntraced(function*(
  sources: Sources,
  batch: KeptBatch,
  end: "completed" | keyof typeof reasons
) {
  const { files, hub } = sources
  if (files === undefined || batch.surface !== "batches" || batch.in_progress_at === null) return none
  const answers = (good: boolean) =>
    BatchAnswers.all(hub, batch.id).pipe(
      Stream.filter(({ status_code }) => isGood(status_code) === good),
      Stream.map((answer) => BatchOutput.answered(batch.id, answer))
    )
  const missing = end === "completed" ? Stream.empty : Stream.unwrap(
    Effect.map(BatchAnswers.lines(hub, batch.id), (answered) =>
      BatchInput.lines(sources, batch).pipe(
        Stream.filter(({ line }) => !answered.has(line)),
        Stream.map(({ custom_id, line }) => BatchOutput.unanswered(batch.id, custom_id, { ...reasons[end], line }))
      ))
  )
  const output = batch.completed === 0 ? null : yield* store(files, batch, "output", answers(true))
  const errors = batch.completed === batch.total
    ? null
    : yield* store(files, batch, "errors", Stream.concat(answers(false), missing))
  return { output_file_id: output?.id ?? null, error_file_id: errors?.id ?? null } satisfies Written
})
