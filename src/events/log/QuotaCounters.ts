/** Counters of what each principal asked for, in the log's database: several requests count at once, none is lost. */
import { Context } from "effect"
import type { Effect } from "effect"
import type { EventLogUnavailable } from "./EventLog.ts"

export interface Take {
  readonly tenant: string
  /** Who is counted. */
  readonly key: string
  /** The window's begin, milliseconds since 1970; a count of an earlier window is over. */
  readonly window: number
  /** How many may be counted in the window; at least 1. */
  readonly limit: number
}

export class QuotaCounters extends Context.Service<QuotaCounters, {
  /** Counts one more where the limit leaves room, in one step, whoever else counts; false where it does not. */
  take(take: Take): Effect.Effect<boolean, EventLogUnavailable>
  /** Forgets the counts of windows that began before. */
  forget(before: number): Effect.Effect<void, EventLogUnavailable>
}>()("strata/events/log/QuotaCounters") {}
