/** Events of the turn loop. Its state is the fold of its state events; what a message says stands in one of them, once. */
import { Schema } from "effect"
import * as Event from "../../events/types/Event.ts"
import { ToolResultBlock } from "../messages/ContentBlock.ts"
import { Message } from "../messages/Message.ts"
import { Usage } from "../messages/Usage.ts"
import { TurnSettings } from "./TurnSettings.ts"

const turn = Schema.String.annotate({ description: "The turn's id: that of the request that began it." })
const execution = Schema.String.annotate({ description: "The id of the request that runs the turn." })
const iteration = Schema.Int.annotate({ description: "Which call of the model in the turn, from 1." })
const tool_call_id = Schema.String.annotate({ description: "The call, as the model named it." })
const tool_name = Schema.String.annotate({ description: "The tool." })

/** How an execution ends. */
export const EndStatus = Schema.Literals([
  "completed",
  "requires_action",
  "requires_approval",
  "incomplete",
  "cancelled",
  "error"
]).annotate({
  identifier: "TurnEndStatus",
  description:
    "completed: the model has answered; requires_action: calls of the client's tools wait for their results; " +
    "requires_approval: calls wait for an approval; incomplete: a limit is reached; cancelled; error."
})
export type EndStatus = typeof EndStatus.Type

export const CancelMode = Schema.Literals(["graceful", "immediate"]).annotate({
  identifier: "TurnCancelMode",
  description: "graceful: what runs is finished and its results are kept; immediate: what runs is given up."
})
export type CancelMode = typeof CancelMode.Type

export const GoesOnFrom = Schema.Union([
  Schema.Literal("session"),
  Schema.Struct({ turn: Schema.NullOr(Schema.String) })
]).annotate({
  identifier: "TurnGoesOnFrom",
  description:
    "What a turn's conversation goes on from. session: from the session's as it stands, as where it is absent; a turn: from " +
    "the conversation of that one; turn null: from nothing, and what the session had before is no part of it.",
  examples: ["session", { turn: "resp_0f3a" }, { turn: null }]
})
export type GoesOnFrom = typeof GoesOnFrom.Type

export const Started = Event.define("turn:start", {
  durability: "state",
  description: "A turn of a session began: what is said to the model, and how the turn runs.",
  version: 2,
  // Version 1 did not tell what it goes on from: from its session as it stood.
  upcasters: { 1: (payload) => payload },
  added: ["from"],
  payload: Schema.Struct({
    from: Schema.optionalKey(GoesOnFrom),
    turn,
    messages: Schema.Array(Message).annotate({ description: "What is added to the conversation." }),
    settings: Schema.NullOr(TurnSettings).annotate({ description: "Null: as the turn before." }),
    calls: Schema.optionalKey(
      Schema.Record(Schema.String, Schema.String).annotate({
        description:
          "Open calls of the answer before that have another id from here on, by the id that the model gave.",
        examples: [{ call_1: "mcpr_resp_0f3a_1" }]
      })
    )
  })
})

export const ExecutionStarted = Event.define("execution:start", {
  durability: "state",
  description: "A request runs a turn: from its beginning, or from where it waited.",
  payload: Schema.Struct({ turn, execution })
})

export const TurnError = Schema.Struct({
  type: Schema.String.annotate({ description: "What kind of failure it is.", examples: ["rate_limit"] }),
  message: Schema.String
}).annotate({ identifier: "TurnError" })
export type TurnError = typeof TurnError.Type

export const ExecutionEnded = Event.define("execution:end", {
  durability: "state",
  description: "It runs no more. There is one for each execution:start, however it ends.",
  payload: Schema.Struct({
    turn,
    execution,
    status: EndStatus,
    reason: Schema.NullOr(Schema.String).annotate({
      description:
        "Of `incomplete` the limit: max_iterations, max_tokens, max_cost, max_seconds. Of others, what led to it: " +
        "client_closed, abandoned, …",
      examples: ["max_iterations"]
    }),
    error: Schema.NullOr(TurnError)
  })
})

export const Answered = Event.define("turn:message", {
  durability: "state",
  description: "What the model answered, or what is said in its place, is added to the conversation.",
  payload: Schema.Struct({
    turn,
    iteration,
    message: Message,
    model: Schema.String.annotate({ description: "The model that was asked." }),
    finish_reason: Schema.NullOr(Schema.String),
    usage: Schema.NullOr(Usage)
  })
})

export const ToolsAnswered = Event.define("turn:tool_results", {
  durability: "state",
  description: "Results of tools are added to the conversation, in the order of their calls.",
  payload: Schema.Struct({ turn, iteration, results: Schema.Array(ToolResultBlock) })
})

export const ApprovalSource = Schema.Literals(["request", "tool", "hook"]).annotate({
  description: "Who asks for it: the request's `approval.require`, the tool's definition, a hook."
})

export const ApprovalRequired = Event.define("approval:required", {
  durability: "state",
  description: "A call of a tool waits for an approval. Its arguments stand in the model's message.",
  payload: Schema.Struct({
    turn,
    approval_id: Schema.String,
    tool_call_id,
    tool_name,
    required_by: ApprovalSource,
    prompt: Schema.NullOr(Schema.String).annotate({ description: "What the hook asks." })
  })
})

export const ApprovalAnswered = Event.define("approval:answered", {
  durability: "state",
  description: "Somebody has answered an approval. Whoever runs the turn takes the answer up.",
  payload: Schema.Struct({
    turn,
    approval_id: Schema.String,
    decision: Schema.Literals(["grant", "deny"]),
    reason: Schema.NullOr(Schema.String)
  })
})

const decided = {
  turn,
  approval_id: Schema.String,
  tool_call_id,
  tool_name,
  by: Schema.Literals(["api", "hook", "policy", "timeout"]).annotate({ description: "Who decided." }),
  reason: Schema.NullOr(Schema.String)
}

export const ApprovalGranted = Event.define("approval:granted", {
  durability: "state",
  description: "The call of the tool is made.",
  payload: Schema.Struct(decided)
})

export const ApprovalDenied = Event.define("approval:denied", {
  durability: "state",
  description: "The call of the tool is not made; the model learns why.",
  payload: Schema.Struct(decided)
})

export const CancelRequested = Event.define("cancel:requested", {
  durability: "state",
  description: "Somebody wants the turn to end.",
  payload: Schema.Struct({ turn, mode: CancelMode })
})

export const CancelCompleted = Event.define("cancel:completed", {
  durability: "state",
  description: "The turn goes no further.",
  payload: Schema.Struct({ turn, was_immediate: Schema.Boolean })
})

export const PreCompact = Event.define("context:pre_compact", {
  durability: "observation",
  description: "The conversation is longer than it may be, and is made shorter.",
  payload: Schema.Struct({ turn, message_count: Schema.Int, token_count: Schema.Int })
})

export const Compacted = Event.define("context:post_compact", {
  durability: "state",
  description: "The conversation is shorter: what was left out, and what stands in its place.",
  payload: Schema.Struct({
    turn,
    strategy: Schema.Literals(["drop_oldest", "summarize"]),
    removed_count: Schema.Int.annotate({ description: "So many of its first messages are left out." }),
    summary: Schema.NullOr(Message).annotate({ description: "What stands in their place." }),
    usage: Schema.NullOr(Usage).annotate({ description: "Of the call that made the summary." }),
    message_count: Schema.Int,
    token_count: Schema.Int.annotate({ description: "By Strata's own estimate." })
  })
})

export const LimitReached = Event.define("turn:limit", {
  durability: "state",
  description: "The turn may not go on: this limit is reached.",
  payload: Schema.Struct({
    turn,
    limit: Schema.Literals(["max_iterations", "max_tokens", "max_cost", "max_seconds"]),
    value: Schema.String.annotate({
      description: "How much it was: a number, or what is not known.",
      examples: ["0.52"]
    })
  })
})

export const PromptSubmitted = Event.define("prompt:submit", {
  durability: "observation",
  description: "A turn is given to the loop.",
  payload: Schema.Struct({ turn, message_count: Schema.Int })
})

export const ProviderRequested = Event.define("provider:request", {
  durability: "observation",
  description: "The model is to be called with the conversation.",
  payload: Schema.Struct({ turn, iteration, model: Schema.String, message_count: Schema.Int, tool_count: Schema.Int })
})

export const ProviderAnswered = Event.define("provider:response", {
  durability: "observation",
  description: "The model has answered.",
  payload: Schema.Struct({
    turn,
    iteration,
    model: Schema.String,
    finish_reason: Schema.NullOr(Schema.String),
    tool_call_count: Schema.Int,
    usage: Schema.NullOr(Usage)
  })
})

export const ProviderFailed = Event.define("provider:error", {
  durability: "observation",
  description: "The model has not answered.",
  payload: Schema.Struct({ turn, iteration, model: Schema.String, error: TurnError })
})

const parallel_group_id = Schema.String.annotate({
  description: "Shared by the calls of one answer.",
  examples: ["step1"]
})

export const ToolStarted = Event.define("tool:pre", {
  durability: "observation",
  description: "A tool is to be called for the model. Its arguments stand in the model's message.",
  payload: Schema.Struct({ turn, tool_call_id, tool_name, parallel_group_id })
})

export const ToolEnded = Event.define("tool:post", {
  durability: "observation",
  description: "The call has ended: the result stands in turn:tool_results.",
  payload: Schema.Struct({ turn, tool_call_id, tool_name, parallel_group_id, is_error: Schema.Boolean })
})

export const ToolSkipped = Event.define("tool:skipped", {
  durability: "observation",
  description: "The call had not begun when the turn was cancelled, and is not made.",
  payload: Schema.Struct({ turn, tool_call_id, tool_name })
})

export const Completed = Event.define("orchestrator:complete", {
  durability: "observation",
  description: "The loop has ended for this request.",
  payload: Schema.Struct({
    turn,
    orchestrator: Schema.String,
    turn_count: Schema.Int.annotate({ description: "Calls of the model in the turn." }),
    status: EndStatus
  })
})

/** What its state is folded from. */
export const state = [
  Started,
  ExecutionStarted,
  ExecutionEnded,
  Answered,
  ToolsAnswered,
  ApprovalRequired,
  ApprovalAnswered,
  ApprovalGranted,
  ApprovalDenied,
  CancelRequested,
  CancelCompleted,
  Compacted,
  LimitReached
]

export const all = [
  ...state,
  PreCompact,
  PromptSubmitted,
  ProviderRequested,
  ProviderAnswered,
  ProviderFailed,
  ToolStarted,
  ToolEnded,
  ToolSkipped,
  Completed
]
export type StateDefinition = (typeof state)[number]
