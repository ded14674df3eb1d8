/** A message batch as Anthropic's clients get it. */
import { DateTime } from "effect"
import type { KeptBatch } from "./BatchKind.ts"
import { isOver } from "./BatchKind.ts"
import type { MessageBatch } from "./MessageBatchesModels.ts"

const timeOf = (seconds: number): string => DateTime.formatIso(DateTime.makeUnsafe(seconds * 1000))
const timeOrNull = (seconds: number | null): string | null => seconds === null ? null : timeOf(seconds)

/** As Anthropic counts: nothing but `processing` before the end. */
const countsOf = (batch: KeptBatch): MessageBatch["request_counts"] => {
  const none = { succeeded: 0, errored: 0, canceled: 0, expired: 0 }
  if (!isOver(batch)) return { ...none, processing: batch.total }
  const rest = batch.total - batch.completed - batch.failed
  const errored = batch.failed + (batch.status === "failed" ? rest : 0)
  return {
    processing: 0,
    succeeded: batch.completed,
    errored,
    canceled: batch.status === "cancelled" ? rest : 0,
    expired: batch.status === "expired" ? rest : 0
  }
}

/** `origin`: where the client asks, for its address of the results. */
export const of = (batch: KeptBatch, origin: string): MessageBatch => ({
  id: batch.id,
  type: "message_batch",
  processing_status: isOver(batch) ? "ended" : batch.status === "cancelling" ? "canceling" : "in_progress",
  request_counts: countsOf(batch),
  created_at: timeOf(batch.created_at),
  expires_at: timeOf(batch.expires_at),
  ended_at: timeOrNull(batch.ended_at),
  cancel_initiated_at: timeOrNull(batch.cancelling_at),
  archived_at: null,
  results_url: isOver(batch) ? `${origin}/v1/messages/batches/${batch.id}/results` : null,
  ...batch.provider_id === undefined ? {} : { provider_id: batch.provider_id },
  ...batch.vendor === undefined ? {} : { vendor_batch_id: batch.vendor.id }
})
