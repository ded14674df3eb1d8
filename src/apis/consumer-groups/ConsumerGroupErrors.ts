/** How consumer groups fail, and what each failure is to a client. */
import { Schema } from "effect"
import { accessDenied, eventLogUnavailable } from "../../kernel/http/CommonFailures.ts"
import * as FailureMap from "../../kernel/http/FailureMap.ts"
import { BadRequest, Conflict, envelope, NotFound } from "../../kernel/http/HttpErrors.ts"

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

export const failures = FailureMap.make({
  ConsumerGroupNotFound: ({ message }: ConsumerGroupNotFound) =>
    new NotFound(envelope(message, { param: "consumer_group", code: "consumer_group_not_found" })),
  PositionAhead: ({ message }: PositionAhead) =>
    new BadRequest(envelope(message, { param: "position", code: "position_ahead_of_log" })),
  PositionBehind: ({ message }: PositionBehind) =>
    new Conflict(envelope(message, { param: "position", code: "position_behind_group" })),
  ConsumerGroupBusy: ({ message }: ConsumerGroupBusy) =>
    new Conflict(envelope(message, { param: "consumer_group", code: "consumer_group_busy" })),
  AccessDenied: accessDenied,
  EventLogUnavailable: eventLogUnavailable
})
