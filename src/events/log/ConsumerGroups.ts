/** Consumer groups: named subscriptions whose position is stored in the log's database. */
import { Context } from "effect"
import type { Effect } from "effect"
import type { EventLogUnavailable } from "./EventLog.ts"

export interface ConsumerGroup {
  readonly name: string
  /** Everything up to this position was handled. */
  readonly position: number
  /** Who reads for the group now; null: nobody. */
  readonly member: string | null
  /** When the member's claim ends unless it is renewed, milliseconds since 1970. */
  readonly claimedUntil: number | null
}

export interface Claim {
  readonly group: string
  readonly member: string
  /** Milliseconds since 1970. */
  readonly now: number
  /** How long the claim holds, milliseconds. */
  readonly duration: number
}

export class ConsumerGroups extends Context.Service<ConsumerGroups, {
  /**
   * Makes `member` the one who reads for the group, or renews its claim; gives the group as it is then. Its `member` is
   * another one where that one's claim still holds. A group that is new begins at position 0.
   */
  claim(claim: Claim): Effect.Effect<ConsumerGroup, EventLogUnavailable>
  /** Gives the claim up, if it still is the member's. */
  release(group: string, member: string): Effect.Effect<void, EventLogUnavailable>
  /**
   * Stores the position, for the member that holds the claim, or for whoever asks with `member` null; false where it
   * is somebody else's. Going back is allowed: it delivers events again.
   */
  moveTo(group: string, position: number, member: string | null): Effect.Effect<boolean, EventLogUnavailable>
  get(group: string): Effect.Effect<ConsumerGroup | undefined, EventLogUnavailable>
  /** In order of their names. */
  readonly list: Effect.Effect<ReadonlyArray<ConsumerGroup>, EventLogUnavailable>
  /** False where there was none. */
  remove(group: string): Effect.Effect<boolean, EventLogUnavailable>
}>()("strata/events/log/ConsumerGroups") {}
