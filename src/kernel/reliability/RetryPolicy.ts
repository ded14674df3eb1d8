/** How a call that failed is made again, as a provider's configuration says it. */
import { Effect, Schema } from "effect"
import * as FieldPrompt from "../provider/FieldPrompt.ts"
import { decimal, maximumTimerMs, whole } from "../provider/FieldSchema.ts"

export interface RetryPolicy {
  readonly max_retries: number
  readonly initial_delay_ms: number
  readonly max_delay_ms: number
  readonly multiplier: number
  /** The part of a delay that chance decides, from 0 to 1. */
  readonly jitter: number
  readonly deadline_ms: number
}

export const field = Schema.Struct({
  max_retries: whole(0, 20, {
    description: "So often a call that failed is made again. Default 0: the vendors' own clients retry twice " +
      "themselves, and a server that does, too, multiplies that.",
    default: 0
  }),
  initial_delay_ms: whole(1, maximumTimerMs, {
    description: "The first wait, milliseconds. Default 500.",
    default: 500
  }),
  max_delay_ms: whole(1, maximumTimerMs, {
    description: "The longest wait, milliseconds, where the vendor asks for none. Default 8000.",
    default: 8000
  }),
  multiplier: decimal(1, 10, { description: "So many times longer is each further wait. Default 2.", default: 2 }),
  jitter: decimal(0, 1, {
    description: "The part of a wait that chance decides, so that not all come back at once. Default 0.5.",
    default: 0.5
  }),
  deadline_ms: whole(1, maximumTimerMs, {
    description:
      "No retry begins later than this after the first attempt, milliseconds. Default 60000. A vendor that " +
      "asks to wait longer is not waited for.",
    default: 60_000
  })
}).annotate({ expected: "a mapping with max_retries" }).pipe(
  Schema.withDecodingDefaultKey(Effect.succeed({}))
).annotate({
  description:
    "How calls are made again that failed in a way that may pass: 408, 429, 5xx, what can't be reached or is " +
    "late, and what the vendor marks by `x-should-retry`. Never sooner than `retry-after` says, and not once the " +
    "answer has begun."
}).pipe(FieldPrompt.annotate({ prompt: "Make calls again that failed (max_retries, initial_delay_ms, deadline_ms)" }))

export interface Wait {
  /** Retries before this one. */
  readonly retries: number
  /** What the vendor asks to wait, milliseconds. */
  readonly retryAfter: number | undefined
  /** Drawn, from 0 to 1. */
  readonly random: number
}

/**
 * Milliseconds: exponential, less a part that chance decides, and never sooner than the vendor asks. Who is asked to wait
 * comes back a little later than that, by chance, for all are asked the same.
 */
export const delayOf = (policy: RetryPolicy, { random, retries, retryAfter }: Wait): number => {
  const { initial_delay_ms, jitter, max_delay_ms, multiplier } = policy
  const backoff = Math.min(max_delay_ms, initial_delay_ms * multiplier ** retries)
  const drawn = backoff * (1 - jitter * random)
  if (retryAfter === undefined || retryAfter <= drawn) return Math.round(drawn)
  return Math.ceil(retryAfter + Math.min(initial_delay_ms, max_delay_ms) * jitter * random)
}
