/** A rule, or the absence of one, denies what was asked; every API may fail with it. */
import { Schema } from "effect"

export class AccessDenied extends Schema.TaggedError<AccessDenied>()("AccessDenied", {
  action: Schema.String,
  /** `type::id` */
  resource: Schema.String
}) {
  override get message(): string {
    return `You may not ${this.action} ${this.resource}. Who runs this server can permit it: server.auth.access_policy.`
  }
}
