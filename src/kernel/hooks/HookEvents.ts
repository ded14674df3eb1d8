/** Events of hooks: what they decided of something that was about to happen, and which of them failed. */
import { Schema } from "effect"
import * as Event from "../../events/types/Event.ts"

/** What a hook may say, in order of precedence: the first wins over those behind it. */
export const Action = Schema.Literals(["deny", "ask_user", "inject_context", "modify", "continue"]).annotate({
  identifier: "HookAction",
  description: "What a hook says; of several hooks the first of this list that one of them said."
})
export type Action = typeof Action.Type

export const Level = Schema.Literals(["info", "warning", "error"])

export const Role = Schema.Literals(["system", "user", "assistant"])

const on = Schema.String.annotate({ description: "What the hooks were asked about: `llm:request`, `llm:response` …" })

const Names = Schema.Array(Schema.String)

/** An approval a hook asked for, and who gave the answer. */
export const Approval = Schema.Struct({
  prompt: Schema.String,
  options: Names.annotate({ description: "What the user may choose from." }),
  timeout: Schema.Finite.annotate({ description: "How long the user may take, seconds." }),
  default: Schema.Literals(["allow", "deny"]).annotate({ description: "Counts when nobody answers." }),
  answer: Schema.Literals(["allow", "deny"]),
  answered_by: Schema.Literals(["default"]).annotate({ description: "default: there is no approval system to ask." })
}).annotate({ identifier: "HookApproval" })

/** What a hook wants a person to read. */
export const UserMessage = Schema.Struct({
  message: Schema.String,
  level: Level,
  source: Schema.String.annotate({ description: "Who says it: the hook, unless it names another." })
}).annotate({ identifier: "HookUserMessage" })

/** A result that has no effect where it was given. */
export const Ignored = Schema.Struct({ hook: Schema.String, action: Action }).annotate({ identifier: "HookIgnored" })

export const Decided = Event.family("hook:decided", {
  base: {
    description: "Hooks decided other than to continue, or had something to say.",
    payload: Schema.Struct({
      on,
      action: Action,
      hooks: Names.annotate({ description: "Whose results make the action." }),
      modified_by: Names.annotate({ description: "Who changed the data, in order; also where another action won." }),
      reason: Schema.NullOr(Schema.String).annotate({ description: "Why it was denied." }),
      context_characters: Schema.Int.annotate({ description: "Length of the context that was injected." }),
      approval: Schema.NullOr(Approval),
      user_messages: Schema.Array(UserMessage),
      ignored: Schema.Array(Ignored).annotate({ description: "Results that can have no effect here." })
    })
  },
  debug: {
    description: "The decision, its data included, truncated.",
    payload: Schema.Struct({ decision: Schema.Json })
  },
  raw: {
    description: "The decision, complete: a replay takes it in place of the hooks.",
    payload: Schema.Struct({
      body: Schema.String.annotate({ description: "The decision as JSON text, with the data as the hooks left it." }),
      encoding: Schema.Literal("utf-8"),
      sha256: Schema.String.annotate({ description: "SHA-256 of the body: proves it unaltered." })
    })
  }
})

export const Failed = Event.define("hook:failed", {
  durability: "observation",
  description: "A hook gave no result; what it is set to do then was done.",
  payload: Schema.Struct({
    on,
    hook: Schema.String,
    reason: Schema.Literals(["error", "timeout", "interrupted", "invalid_result"]).annotate({
      description: "error: it failed or threw; timeout: it took too long; interrupted: it gave itself up; " +
        "invalid_result: what it gave is no result."
    }),
    message: Schema.String.annotate({ description: "At most 500 characters." }),
    decision: Schema.Literals(["continue", "deny"]).annotate({
      description: "continue: the hook fails open; deny: it fails closed."
    })
  })
})

/** The stream of what hooks decide outside of requests. */
export const stream = "hooks"
