/** What the results of all hooks that were asked come to. */
import { Schema } from "effect"
import { Action, Approval, Ignored, Role, UserMessage } from "./HookEvents.ts"

export const HookDecision = Schema.Struct({
  action: Action,
  /** The data as the hooks left it, whatever the action: no change is lost because another hook said more. */
  data: Schema.JsonObject,
  /** Whose results make the action. */
  hooks: Schema.Array(Schema.String),
  /** Who changed the data, in order. */
  modified_by: Schema.Array(Schema.String),
  /** Why it was denied, where the hook said so. */
  reason: Schema.NullOr(Schema.String),
  /** The injections of all hooks, joined; also where an approval was asked for. Null where it was denied. */
  context: Schema.NullOr(Schema.Struct({
    text: Schema.String,
    role: Role,
    ephemeral: Schema.Boolean,
    append_to_last_tool_result: Schema.Boolean
  })),
  approval: Schema.NullOr(Approval),
  user_messages: Schema.Array(UserMessage),
  suppress_output: Schema.Boolean,
  /** Results that can have no effect on this event. */
  ignored: Schema.Array(Ignored)
})
export type HookDecision = typeof HookDecision.Type

/** True when there is nothing to tell of it. */
export const isSilent = ({ action, ignored, user_messages }: HookDecision): boolean =>
  action === "continue" && ignored.length === 0 && user_messages.length === 0

/** Why it must not happen; undefined where it may. */
export const refusal = ({ action, approval, reason }: HookDecision): string | undefined => {
  if (action === "deny") return reason ?? "it gave no reason"
  if (action !== "ask_user" || approval === null || approval.answer === "allow") return undefined
  return `it asks for an approval (${approval.prompt}); there is no approval system to ask, so its default counts: deny`
}
