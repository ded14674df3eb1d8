/** Batches as OpenAI's dialect shows them. */
import { Schema } from "effect"
import { nullable } from "../../events/types/OpenSchema.ts"
import { Metadata } from "../../kernel/documents/Metadata.ts"
import { count, listOf } from "../../kernel/http/Pagination.ts"
import { ExpiresAfter } from "../files/FilesModels.ts"
import { BatchEndpoint, BatchProvider } from "./BatchEndpoints.ts"
import { BatchError } from "./BatchEvents.ts"
import { BatchStatus } from "./BatchKind.ts"
import * as CompletionWindow from "./CompletionWindow.ts"

const id = Schema.String.annotate({ description: "The batch's.", examples: ["batch_0f1e2d"] })

const time = (description: string) =>
  Schema.NullOr(Schema.Int).annotate({
    description: `${description}, seconds since 1970. Null: it is not.`,
    examples: [1764000000]
  })

const file = (description: string) =>
  Schema.NullOr(Schema.String).annotate({
    description: `${description} Null: there is none.`,
    examples: ["file-0f1e2d"]
  })

const number = (description: string) => Schema.Int.annotate({ description, examples: [200] })

export const Batch = Schema.Struct({
  id,
  object: Schema.Literal("batch").annotate({ description: "What it is.", examples: ["batch"] }),
  endpoint: BatchEndpoint,
  model: Schema.NullOr(Schema.String).annotate({
    description: "The model of the first answer. Null: there is none.",
    examples: ["gpt-4o"]
  }),
  errors: Schema.NullOr(
    Schema.Struct({
      object: Schema.Literal("list").annotate({ description: "What it is.", examples: ["list"] }),
      data: Schema.Array(BatchError).annotate({
        description: "The first thousand; the file of errors has all of them.",
        examples: [[]]
      })
    })
  ).annotate({ description: "Why it failed, or which of its files could not be written. Null: neither." }),
  input_file_id: Schema.String.annotate({ description: "The file of its lines.", examples: ["file-0f1e2d"] }),
  completion_window: Schema.String.annotate({ description: "How long it may take.", examples: ["24h"] }),
  status: BatchStatus,
  output_file_id: file("The file of its good answers."),
  error_file_id: file("The file of all other lines."),
  created_at: Schema.Int.annotate({ description: "When it was made, seconds since 1970.", examples: [1764000000] }),
  in_progress_at: time("When its lines were begun to be asked"),
  expires_at: time("When it is over, done or not"),
  finalizing_at: time("When its files were begun to be written"),
  completed_at: time("When it was completed"),
  failed_at: time("When it failed"),
  expired_at: time("When its time was over"),
  cancelling_at: time("When somebody wanted it done no more"),
  cancelled_at: time("When it was cancelled"),
  request_counts: Schema.Struct({
    total: number("Lines it has; 0 before they are counted."),
    completed: number("Lines with a good answer."),
    failed: number("Lines with another answer.")
  }).annotate({ description: "How far it is." }),
  usage: Schema.Struct({
    input_tokens: number("Tokens that were read."),
    input_tokens_details: Schema.Struct({ cached_tokens: number("Those that a cache had.") }),
    output_tokens: number("Tokens that were written."),
    output_tokens_details: Schema.Struct({ reasoning_tokens: number("Those of thoughts.") }),
    total_tokens: number("Both.")
  }).annotate({ description: "The tokens of all answers so far." }),
  metadata: Schema.NullOr(Metadata),
  provider_id: Schema.optionalKey(Schema.String).annotate({
    description: "The provider whose vendor does it as a batch of its own. Absent: Strata asks each line.",
    examples: ["openai"]
  }),
  vendor_batch_id: Schema.optionalKey(Schema.String).annotate({
    description: "The vendor's id of it. Absent: no vendor has it, or not yet.",
    examples: ["batch_6778"]
  })
}).annotate({ identifier: "Batch", description: "Requests of a file that are asked one after the other." })
export type Batch = typeof Batch.Type

export const BatchList = listOf(Batch).annotate({ identifier: "BatchList" })

export const CreateBatch = Schema.Struct({
  input_file_id: Schema.String.annotate({
    description:
      "A file of purpose `batch`, a JSON object a line: `custom_id` (another one in each), `method` (POST), `url` (the " +
      "endpoint) and `body`.",
    examples: ["file-0f1e2d"]
  }),
  endpoint: BatchEndpoint,
  completion_window: CompletionWindow.Schema,
  metadata: nullable(Metadata).annotate({ description: "Notes of the client. Default none." }),
  output_expires_after: nullable(ExpiresAfter).annotate({
    description: "When its files are deleted of themselves. Default: when somebody deletes them."
  }),
  provider_id: nullable(BatchProvider),
  idempotency_key: nullable(Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(256))).annotate({
    description:
      "Who sends the same again with the same key gets the batch that was made then. The header `idempotency-key` is " +
      "the same.",
    examples: ["import-2026-11-27"]
  })
}).annotate({ identifier: "CreateBatch" })
export type CreateBatch = typeof CreateBatch.Type

export const BatchesQuery = Schema.Struct({
  after: Schema.optionalKey(Schema.String).annotate({
    description: "`last_id` of the page before.",
    examples: ["batch_0f1e2d"]
  }),
  limit: count({ default: 20, maximum: 100, description: "Batches on a page." })
})
export type BatchesQuery = typeof BatchesQuery.Type

export const BatchParams = { batch_id: id }
