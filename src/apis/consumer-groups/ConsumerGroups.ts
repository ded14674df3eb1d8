/** The contract of consumer groups: where each named subscription has come to. */
import { Context } from "effect"
import type { Effect } from "effect"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { AccessDenied } from "../../kernel/http/AccessDenied.ts"
import type { ConsumerGroupBusy, ConsumerGroupNotFound, PositionAhead, PositionBehind } from "./ConsumerGroupErrors.ts"
import type { ConsumerGroup } from "./ConsumerGroupsModels.ts"

export class ConsumerGroups extends Context.Service<ConsumerGroups, {
  readonly list: Effect.Effect<ReadonlyArray<ConsumerGroup>, EventLogUnavailable>
  get(group: string): Effect.Effect<ConsumerGroup, ConsumerGroupNotFound | EventLogUnavailable>
  /**
   * Stores how far the group has come; back only where it is a reset. A group that is new is its principal's. A name that
   * is somebody else's is denied as one that the rules do not let be used.
   */
  acknowledge(
    group: string,
    position: number,
    reset: boolean
  ): Effect.Effect<
    ConsumerGroup,
    ConsumerGroupBusy | PositionAhead | PositionBehind | AccessDenied | EventLogUnavailable
  >
  remove(group: string): Effect.Effect<void, ConsumerGroupNotFound | AccessDenied | EventLogUnavailable>
}>()("strata/apis/consumer-groups/ConsumerGroups") {}
