/** Consumer groups: named subscriptions whose position is stored in the log's database. */
import { Context } from "effect"
import type { Effect } from "effect"
import type { Principal } from "../types/Principal.ts"
import type { EventLogUnavailable } from "./EventLog.ts"

/** A group by its name, which is unique within a tenant. */
export interface GroupKey {
  readonly tenant: string
  readonly group: string
}

export interface ConsumerGroup {
  readonly tenant: string
  readonly name: string
  /** Everything up to this position was handled. */
  readonly position: number
  /** Who reads for the group now; null: nobody. */
  readonly member: string | null
  /** When the member's claim ends unless it is renewed, milliseconds since 1970. */
  readonly claimedUntil: number | null
  /** Who made it; null: nobody's, as those that were made before groups had owners. */
  readonly owner: Principal | null
}

export interface Claim extends GroupKey {
  readonly member: string
  /** Whose a group becomes that is new. */
  readonly owner: Principal | null
  /** Milliseconds since 1970. */
  readonly now: number
  /** How long the claim holds, milliseconds. */
  readonly duration: number
}

export interface Move extends GroupKey {
  readonly position: number
  /** Who holds the claim; null: nobody does, and the position is moved by hand. */
  readonly member: string | null
  /** Whose the group is, for who asks has looked; whose it becomes where it is new. */
  readonly owner: Principal | null
  /** True: also back, so that events come again. */
  readonly reset: boolean
}

/** What a move came to. */
export interface Moved {
  readonly moved: boolean
  /** As it is then: what it says of a member, an owner or a position tells why it did not move. Undefined: there is none. */
  readonly group: ConsumerGroup | undefined
}

export class ConsumerGroups extends Context.Service<ConsumerGroups, {
  /**
   * Makes `member` the one who reads for the group, or renews its claim; gives the group as it is then. Its `member` is
   * another one where that one's claim still holds. A group that is new begins at position 0.
   */
  claim(claim: Claim): Effect.Effect<ConsumerGroup, EventLogUnavailable>
  /** Gives the claim up, if it still is the member's. */
  release(key: GroupKey, member: string): Effect.Effect<void, EventLogUnavailable>
  /**
   * Stores the position, in one step: by the member that holds the claim, or by hand where nobody does; of a group that
   * has this owner; and not back, unless it is a reset. By hand a group is made that is not there.
   */
  moveTo(move: Move): Effect.Effect<Moved, EventLogUnavailable>
  get(key: GroupKey): Effect.Effect<ConsumerGroup | undefined, EventLogUnavailable>
  /** In order of their names. */
  list(tenant: string): Effect.Effect<ReadonlyArray<ConsumerGroup>, EventLogUnavailable>
  /** False where there was none of this owner. */
  remove(key: GroupKey, owner: Principal | null): Effect.Effect<boolean, EventLogUnavailable>
}>()("strata/events/log/ConsumerGroups") {}

/** Owners are the same where their names are: their attributes are those of the moment. */
export const isOwnedBy = ({ owner }: Pick<ConsumerGroup, "owner">, other: Principal | null): boolean =>
  owner?.id === other?.id
