/** The contract of consumer groups: where each named subscription has come to. */
import { Context, Schema } from "effect"
import type { Effect } from "effect"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { AccessDenied } from "../../kernel/http/AccessDenied.ts"
import type { ConsumerGroup } from "./ConsumerGroupsModels.ts"

export class ConsumerGroupNotFound extends Schema.TaggedError<ConsumerGroupNotFound>()("ConsumerGroupNotFound", {
  group: Schema.String
}) {
  override get message(): string {
    return `There is no consumer group \`${this.group}\`. It begins with its first acknowledged position.`
  }
}

export class PositionAhead extends Schema.TaggedError<PositionAhead>()("PositionAhead", {
  position: Schema.Int,
  head: Schema.Int
}) {
  override get message(): string {
    return `The log ends at position ${this.head}: ${this.position} can't have been handled.`
  }
}

export class PositionBehind extends Schema.TaggedError<PositionBehind>()("PositionBehind", {
  group: Schema.String,
  position: Schema.Int,
  /** Where the group is. */
  reached: Schema.Int
}) {
  override get message(): string {
    return `\`${this.group}\` has come to position ${this.reached}, and ${this.position} is before it. To have the ` +
      "events behind it come again, send the same with ?reset=true."
  }
}

export class ConsumerGroupBusy extends Schema.TaggedError<ConsumerGroupBusy>()("ConsumerGroupBusy", {
  group: Schema.String
}) {
  override get message(): string {
    return `A consumer inside a server reads for \`${this.group}\` and moves its position. Use a group of another name.`
  }
}

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
