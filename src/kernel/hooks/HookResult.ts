/** What a hook says of an event: go on, no, something else instead, something to know, or ask the user. */
import { Schema } from "effect"
import { Level, Role } from "./HookEvents.ts"

const shared = {
  user_message: Schema.optionalKey(Schema.String).annotateKey({ description: "For people to read; recorded." }),
  user_message_level: Schema.optionalKey(Level).annotateKey({ description: "Default info." }),
  user_message_source: Schema.optionalKey(Schema.String).annotateKey({ description: "Default the hook's name." }),
  suppress_output: Schema.optionalKey(Schema.Boolean).annotateKey({
    description: "The hook's own output is not meant for the user. Default false."
  })
}

/** Nothing to say against it. */
const Continue = Schema.Struct({ action: Schema.Literal("continue"), ...shared })

/** It must not happen; no hook behind this one is asked. */
const Deny = Schema.Struct({
  action: Schema.Literal("deny"),
  reason: Schema.optionalKey(Schema.String).annotateKey({ description: "For the client, and for the log." }),
  ...shared
})

/** Other data in place of what the hook was given: all of it, not a part. */
const Modify = Schema.Struct({ action: Schema.Literal("modify"), data: Schema.JsonObject, ...shared })

/** Something the model should know. */
const InjectContext = Schema.Struct({
  action: Schema.Literal("inject_context"),
  context_injection: Schema.NonEmptyString,
  context_injection_role: Schema.optionalKey(Role).annotateKey({ description: "Default system." }),
  ephemeral: Schema.optionalKey(Schema.Boolean).annotateKey({
    description: "For this request only, not for the conversation it belongs to. Default false."
  }),
  append_to_last_tool_result: Schema.optionalKey(Schema.Boolean).annotateKey({
    description: "Put it behind the result of a tool where the conversation ends in one. Default false."
  }),
  ...shared
})

/** Somebody has to allow it. */
const AskUser = Schema.Struct({
  action: Schema.Literal("ask_user"),
  approval_prompt: Schema.NonEmptyString,
  approval_options: Schema.optionalKey(Schema.Array(Schema.String).check(Schema.isMinLength(1))).annotateKey({
    description: "Default Allow and Deny."
  }),
  approval_timeout: Schema.optionalKey(Schema.Finite.check(Schema.isGreaterThan(0))).annotateKey({
    description: "How long the user may take, seconds. Default 300."
  }),
  approval_default: Schema.optionalKey(Schema.Literals(["allow", "deny"])).annotateKey({
    description: "Counts when nobody answers. Default deny."
  }),
  ...shared
})

export const HookResult = Schema.Union([Continue, Deny, Modify, InjectContext, AskUser]).annotate({
  identifier: "HookResult"
})
export type HookResult = typeof HookResult.Type
