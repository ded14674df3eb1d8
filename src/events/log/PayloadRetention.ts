/** Removes the payloads of old observations, to save space; the events stay, and say that they were pruned. */
import { Context } from "effect"
import type { Effect } from "effect"
import type { EventLogUnavailable } from "./EventLog.ts"

/** State events and summaries are never pruned. */
export type PrunableLevel = "debug" | "raw"

export interface Prune {
  readonly level: PrunableLevel
  /** Only events that happened before this time, milliseconds since 1970. */
  readonly before: number
  /** At most so many, the oldest first: one call is one transaction. */
  readonly limit: number
  /** The time to note, milliseconds since 1970. */
  readonly now: number
}

export interface Pruned {
  readonly events: number
  /** Bytes of payload that were removed, as they were stored. */
  readonly bytes: number
}

export class PayloadRetention extends Context.Service<PayloadRetention, {
  /** Removes payloads of observations; positions, ids and envelopes stay. */
  prune(options: Prune): Effect.Effect<Pruned, EventLogUnavailable>
  /** Bytes of payload stored at the level, as they are stored (compressed, where they are). Scans the log. */
  size(level: PrunableLevel): Effect.Effect<number, EventLogUnavailable>
}>()("strata/events/log/PayloadRetention") {}
