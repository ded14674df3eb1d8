/** How an interaction stands: why an answer ends, in the words of the wire. */
import { Predicate } from "effect"
import { tableOf } from "../../../events/types/Table.ts"

const reasons = tableOf<string>({
  completed: "stop",
  requires_action: "tool_calls",
  requires_continuation: "length",
  incomplete: "length"
})

const open: ReadonlySet<string> = new Set(["in_progress", "queued"])

/** Null while it is not at its end. */
export const raise = (status: unknown, calls: boolean): string | null => {
  if (!Predicate.isString(status)) return calls ? "tool_calls" : "stop"
  if (open.has(status)) return null
  return Object.hasOwn(reasons, status) ? reasons[status]! : status
}

const statuses = tableOf<string>({
  stop: "completed",
  tool_calls: "requires_action",
  length: "incomplete",
  content_filter: "incomplete",
  failed: "failed",
  cancelled: "cancelled",
  budget_exceeded: "budget_exceeded"
})

/** `own`: as it was said on this wire, which stands where it means the same. */
export const lower = (reason: string | null | undefined, own: unknown, calls: boolean): string => {
  if (Predicate.isString(own) && raise(own, calls) === (reason ?? null)) return own
  // It has ended, and nobody says why.
  if (reason == null) return "incomplete"
  return Object.hasOwn(statuses, reason) ? statuses[reason]! : "completed"
}
