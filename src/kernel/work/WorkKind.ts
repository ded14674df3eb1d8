/** A kind of durable work: what is done, of what input, and how often it is tried. */
import { Schema } from "effect"
import type { Duration } from "effect"

export interface WorkKind<Input = unknown> {
  /** In lower case, unique: `response`. */
  readonly name: string
  /** What it needs to know: JSON, kept in the log. */
  readonly input: Schema.Codec<Input, Schema.Json>
  /** How often what failed is tried again; default 0. A worker that was lost spends none. */
  readonly retries: number
  /** The pause before the first of these, doubled each time; default 1 second. */
  readonly retryDelay: Duration.Input
}

/**
 * @example
 * const Ingestion = WorkKind.make({ name: "ingestion", input: Schema.Struct({ file_id: Schema.String }), retries: 3 })
 */
export const make = <Input>(options: {
  readonly name: string
  readonly input: Schema.Codec<Input, Schema.Json>
  readonly retries?: number
  readonly retryDelay?: Duration.Input
}): WorkKind<Input> => ({ retries: 0, retryDelay: "1 second", ...options })

/** Why an attempt failed. */
export class WorkFailed extends Schema.TaggedError<WorkFailed>()("WorkFailed", {
  /** As a program reads it: `server_error`, `rate_limit_exceeded` … */
  type: Schema.String,
  message: Schema.String,
  /** Another attempt may succeed. */
  retryable: Schema.Boolean
}) {}
