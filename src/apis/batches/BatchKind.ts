/** Batches as documents: what was asked for, how far it is, and how it ended. Answers of lines stand in the log alone. */
import { Schema } from "effect"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { payloadOf } from "../../events/types/Envelope.ts"
import * as DocumentKind from "../../kernel/documents/DocumentKind.ts"
import * as WorkEvents from "../../kernel/work/WorkEvents.ts"
import * as BatchEvents from "./BatchEvents.ts"

const time = Schema.NullOr(Schema.Int)

export const BatchStatus = Schema.Literals([
  "validating",
  "failed",
  "in_progress",
  "finalizing",
  "completed",
  "expired",
  "cancelling",
  "cancelled"
]).annotate({ description: "How far it is.", examples: ["in_progress"] })

const { owner: _, ...asked } = BatchEvents.Created.payload.fields

export const KeptBatch = Schema.Struct({
  ...asked,
  status: BatchStatus,
  /** When a vendor was about to be sent it; absent: none was. */
  submitting_at: Schema.optionalKey(Schema.Int),
  /** As the vendor that does it says it is. */
  vendor: Schema.optionalKey(BatchEvents.VendorState),
  in_progress_at: time,
  cancelling_at: time,
  finalizing_at: time,
  ended_at: time,
  /** Lines with a good answer. */
  completed: Schema.Int,
  failed: Schema.Int,
  output_file_id: Schema.NullOr(Schema.String),
  error_file_id: Schema.NullOr(Schema.String),
  errors: Schema.Array(BatchEvents.BatchError),
  model: Schema.NullOr(Schema.String),
  tokens: BatchEvents.BatchTokens
})
export type KeptBatch = typeof KeptBatch.Type

const decode = {
  created: Schema.decodeUnknownSync(BatchEvents.Created.payload),
  started: Schema.decodeUnknownSync(BatchEvents.Started.payload),
  submitting: Schema.decodeUnknownSync(BatchEvents.VendorSubmitting.payload),
  vendor: Schema.decodeUnknownSync(BatchEvents.VendorProgress.payload),
  answered: Schema.decodeUnknownSync(
    Schema.Struct({
      status_code: Schema.Int,
      model: Schema.NullOr(Schema.String),
      tokens: BatchEvents.BatchTokens
    })
  ),
  finalizing: Schema.decodeUnknownSync(BatchEvents.Finalizing.payload),
  ended: Schema.decodeUnknownSync(BatchEvents.Ended.payload)
}

/** Statuses of answers that are good. */
export const isGood = (status: number): boolean => status < 400

export const isOver = ({ ended_at }: Pick<KeptBatch, "ended_at">): boolean => ended_at !== null

/** As it is when it is made. */
export const beginning = (created: typeof BatchEvents.Created.payload.Type): KeptBatch => {
  const { owner: _, ...asked } = created
  return {
    ...asked,
    status: "validating",
    in_progress_at: null,
    cancelling_at: null,
    finalizing_at: null,
    ended_at: null,
    completed: 0,
    failed: 0,
    output_file_id: null,
    error_file_id: null,
    errors: [],
    model: null,
    tokens: { input: 0, cached: 0, output: 0, reasoning: 0 }
  }
}

const withAnswer = (batch: KeptBatch, event: RecordedEvent): KeptBatch => {
  const { model, status_code, tokens } = decode.answered(payloadOf(event))
  const { cached, input, output, reasoning } = batch.tokens
  return {
    ...batch,
    ...isGood(status_code) ? { completed: batch.completed + 1 } : { failed: batch.failed + 1 },
    model: batch.model ?? model,
    tokens: {
      input: input + tokens.input,
      cached: cached + tokens.cached,
      output: output + tokens.output,
      reasoning: reasoning + tokens.reasoning
    }
  }
}

/** What somebody wants done no more stays so until its end. */
const unlessCancelling = (batch: KeptBatch, status: KeptBatch["status"]): KeptBatch["status"] =>
  batch.status === "cancelling" ? batch.status : status

const evolve = (batch: KeptBatch | undefined, event: RecordedEvent): KeptBatch | undefined => {
  if (event.type === BatchEvents.Created.type) return beginning(decode.created(payloadOf(event)))
  if (batch === undefined) return undefined
  switch (event.type) {
    case BatchEvents.Started.type: {
      const { at, total } = decode.started(payloadOf(event))
      return { ...batch, total, in_progress_at: at, status: unlessCancelling(batch, "in_progress") }
    }
    case BatchEvents.VendorSubmitting.type:
      return { ...batch, submitting_at: decode.submitting(payloadOf(event)).at }
    case BatchEvents.VendorProgress.type:
      return { ...batch, vendor: decode.vendor(payloadOf(event)) }
    case BatchEvents.LineAnswered.type:
      return withAnswer(batch, event)
    case BatchEvents.Finalizing.type: {
      const { at } = decode.finalizing(payloadOf(event))
      return { ...batch, finalizing_at: at, status: unlessCancelling(batch, "finalizing") }
    }
    case WorkEvents.CancelRequested.type:
      return { ...batch, cancelling_at: batch.cancelling_at ?? Math.floor(event.time / 1000), status: "cancelling" }
    case BatchEvents.Ended.type: {
      const { at, ...end } = decode.ended(payloadOf(event))
      return { ...batch, ...end, ended_at: at }
    }
    case BatchEvents.Deleted.type:
      return undefined
    default:
      return batch
  }
}

export const BatchKind = DocumentKind.make<KeptBatch>({
  type: "batch",
  prefix: "batch_",
  table: "batches",
  version: 2,
  description: "Batches of requests, of OpenAI's clients and of Anthropic's.",
  value: KeptBatch,
  created: BatchEvents.Created,
  events: [
    BatchEvents.Started,
    BatchEvents.VendorSubmitting,
    BatchEvents.VendorProgress,
    BatchEvents.LineAnswered,
    BatchEvents.Finalizing,
    WorkEvents.CancelRequested,
    BatchEvents.Ended,
    BatchEvents.Deleted
  ],
  evolve,
  index: { surface: ({ surface }) => surface }
})
