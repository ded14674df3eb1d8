/** What the writer is told when it starts, and what it tells while it lives, a line of JSON each. */
// @effect-diagnostics *:off
import type { Appended } from "../../src/events/log/EventLog.ts"
import type { Attempt } from "./CrashEvents.ts"
import type { Place } from "./Stores.ts"

export interface WriterTask {
  readonly place: Place
  readonly round: number
  readonly seed: number
  readonly projectionVersion: number
  /** Large payloads: the write-ahead log grows, and checkpoints come soon. */
  readonly heavy: boolean
  /** Builds the tables anew, over and over, beside the appends. */
  readonly rebuild: boolean
  /** Appends of earlier rounds of which it is not known whether they were committed: they are tried again first. */
  readonly unknown: ReadonlyArray<Attempt>
}

/** Moments to kill it at. */
export type Moment = "opening" | "open" | "rebuilding" | "pruning"

export type WriterMessage =
  | { readonly at: Moment }
  /** Said before the append. */
  | { readonly trying: Attempt }
  /** Said after its commit. */
  | { readonly acknowledged: Attempt; readonly appended: Appended }
  /** Refused for good: none of these may ever be in the log. */
  | { readonly refused: ReadonlyArray<string> }
  /** The store broke its contract. */
  | { readonly wrong: string }
