/** A batch as OpenAI's clients get it. */
import type { Batch } from "./BatchesModels.ts"
import type { KeptBatch } from "./BatchKind.ts"
import { isOver } from "./BatchKind.ts"

export const of = (batch: KeptBatch): Batch => {
  const { cached, input, output, reasoning } = batch.tokens
  // Until its results are here, the vendor that does it counts.
  const counted = isOver(batch) ? undefined : batch.vendor
  const at = (status: KeptBatch["status"]) => batch.status === status ? batch.ended_at : null
  return {
    id: batch.id,
    object: "batch",
    endpoint: batch.endpoint as Batch["endpoint"],
    model: batch.model,
    errors: batch.errors.length === 0 ? null : { object: "list", data: batch.errors },
    input_file_id: batch.input_file_id ?? "",
    completion_window: batch.completion_window,
    status: batch.status,
    output_file_id: batch.output_file_id,
    error_file_id: batch.error_file_id,
    created_at: batch.created_at,
    in_progress_at: batch.in_progress_at,
    expires_at: batch.expires_at,
    finalizing_at: batch.finalizing_at,
    completed_at: at("completed"),
    failed_at: at("failed"),
    expired_at: at("expired"),
    cancelling_at: batch.cancelling_at,
    cancelled_at: at("cancelled"),
    request_counts: {
      total: batch.total,
      completed: Math.max(batch.completed, counted?.completed ?? 0),
      failed: Math.max(batch.failed, counted?.failed ?? 0)
    },
    usage: {
      input_tokens: input,
      input_tokens_details: { cached_tokens: cached },
      output_tokens: output,
      output_tokens_details: { reasoning_tokens: reasoning },
      total_tokens: input + output
    },
    metadata: batch.metadata,
    ...batch.provider_id === undefined ? {} : { provider_id: batch.provider_id },
    ...batch.vendor === undefined ? {} : { vendor_batch_id: batch.vendor.id }
  }
}
