/** Turns as they are asked for, answered and streamed over HTTP. */
import { Effect, Schema, Struct } from "effect"
import { listOf } from "../../kernel/http/Pagination.ts"
import { Message } from "../../kernel/messages/Message.ts"
import { ToolCall } from "../../kernel/messages/Tools.ts"
import { Usage } from "../../kernel/messages/Usage.ts"
import { ApprovalSource, CancelMode, EndStatus, TurnError } from "../../kernel/turn/TurnEvents.ts"
import { TurnSettings } from "../../kernel/turn/TurnSettings.ts"

const stream = Schema.optionalKey(Schema.Boolean).annotate({
  description: "Answer as server-sent events, each a `TurnStreamEvent`, while the turn runs. Default false.",
  default: false,
  examples: [true]
})

export const SubmittedResult = Schema.Struct({
  tool_call_id: Schema.String.annotate({ description: "The call it answers.", examples: ["call_1"] }),
  output: Schema.Json.annotate({ description: "What came of it.", examples: ["rain, 4 °C"] }),
  is_error: Schema.optionalKey(Schema.Boolean).annotate({ description: "The tool failed. Default false." })
}).annotate({ identifier: "SubmittedToolResult", description: "What came of a call of a tool of the client." })

export const CreateTurn = Schema.Struct({
  ...Struct.omit(TurnSettings.fields, ["model"]),
  model: Schema.optionalKey(Schema.String).annotate({
    description: "The model, as the registry calls it. Default: that of the session's turn before.",
    examples: ["openai/gpt-5"]
  }),
  input: Schema.optionalKey(
    Schema.Union([Schema.String, Schema.Array(Message)])
  ).annotate({
    description: "What is added to the conversation: a text of the user, or messages. Without it, and without " +
      "`tool_results`, the model goes on where the conversation stands: behind a limit, a failure, or a fork.",
    examples: ["What is the weather in Oslo?"]
  }),
  tool_results: Schema.optionalKey(Schema.Array(SubmittedResult)).annotate({
    description: "Results of the calls for which the turn before ended with `requires_action`: one for each."
  }),
  stream
}).annotate({
  identifier: "CreateTurn",
  description:
    "A turn of the session. What is left out of the settings is as in the turn before where nothing but `input`, " +
    "`tool_results`, `model` and `stream` is given; else it has its default.",
  examples: [{ model: "openai/gpt-5", input: "What is the weather in Oslo?", tool_groups: ["weather/weather"] }]
})
export type CreateTurn = typeof CreateTurn.Type

export const TurnStatus = Schema.Union([Schema.Literal("in_progress"), EndStatus]).annotate({
  identifier: "TurnStatus",
  description: "in_progress: it runs, or who ran it has gone without a word; completed: the model has answered; " +
    "requires_action: `required_action` has calls of the client's tools, send their results with the next turn; " +
    "requires_approval: `approvals` wait for an answer; incomplete: a limit is reached, `reason` says which; cancelled; " +
    "error: `error` says why."
})
export type TurnStatus = typeof TurnStatus.Type

export const PendingApproval = Schema.Struct({
  approval_id: Schema.String.annotate({ description: "For `POST …/approvals/{approval_id}`." }),
  tool_call_id: Schema.String,
  tool_name: Schema.String,
  arguments: Schema.JsonObject.annotate({ description: "What the tool is to be called with." }),
  required_by: ApprovalSource,
  prompt: Schema.NullOr(Schema.String).annotate({ description: "What a hook asks." })
}).annotate({ identifier: "TurnPendingApproval", description: "A call of a tool that waits for an approval." })
export type PendingApproval = typeof PendingApproval.Type

export const Turn = Schema.Struct({
  id: Schema.String,
  object: Schema.Literal("session.turn"),
  session_id: Schema.String.annotate({
    description: "The session that was asked; a fork shows what it inherits as its own."
  }),
  created_at: Schema.Int.annotate({ description: "Seconds since 1970." }),
  number: Schema.Int.annotate({ description: "In the session, from 1, with what it inherits." }),
  status: TurnStatus,
  reason: Schema.NullOr(Schema.String).annotate({
    description: "Of `incomplete` the limit; of others, what led to it."
  }),
  model: Schema.String.annotate({ description: "The model that is asked." }),
  iterations: Schema.Int.annotate({ description: "How often the model was called." }),
  output: Schema.Array(Message).annotate({ description: "What the turn added to the conversation behind its input." }),
  usage: Schema.NullOr(Usage).annotate({ description: "Of all calls of the model in it together." }),
  required_action: Schema.NullOr(Schema.Struct({ tool_calls: Schema.Array(ToolCall) })).annotate({
    description: "Calls of the client's tools that wait for their results."
  }),
  approvals: Schema.Array(PendingApproval).annotate({ description: "Calls that wait for an approval." }),
  error: Schema.NullOr(TurnError)
}).annotate({ identifier: "SessionTurn", description: "One turn of a session." })
export type Turn = typeof Turn.Type

export const TurnList = listOf(Turn).annotate({ identifier: "SessionTurnList", description: "Turns, oldest first." })

export const CancelTurn = Schema.Struct({
  mode: CancelMode.pipe(Schema.withDecodingDefaultKey(Effect.succeed("graceful" as const))).annotate({
    description: "graceful: what runs is finished and its results are kept; immediate: what runs is given up. " +
      "Default graceful.",
    default: "graceful",
    examples: ["immediate"]
  })
}).annotate({ identifier: "CancelTurn" })

export const AnswerApproval = Schema.Struct({
  decision: Schema.Literals(["grant", "deny"]).annotate({
    description: "Whether the call is made.",
    examples: ["grant"]
  }),
  reason: Schema.optionalKey(Schema.String).annotate({ description: "The model learns why it is denied." }),
  stream
}).annotate({ identifier: "AnswerApproval" })
export type AnswerApproval = typeof AnswerApproval.Type

const at = { sequence_number: Schema.Int.annotate({ description: "From 1; also the event's `id`." }) }
const iteration = Schema.Int.annotate({ description: "Which call of the model in the turn, from 1." })
const index = Schema.Int.annotate({ description: "The block's number in the answer, from 0." })

export const TurnStreamEvent = Schema.Union([
  Schema.Struct({ type: Schema.Literal("turn.started"), ...at, turn_id: Schema.String }),
  Schema.Struct({
    type: Schema.Literal("content_block.start"),
    ...at,
    iteration,
    index,
    block: Schema.String.annotate({ description: "Its type: text, thinking, tool_call …" }),
    id: Schema.optionalKey(Schema.String).annotate({ description: "Of a tool call." }),
    name: Schema.optionalKey(Schema.String).annotate({ description: "Of a tool call." }),
    custom: Schema.optionalKey(Schema.Boolean).annotate({
      description: "true: a call of a tool that takes text. Its deltas are that text, and no JSON."
    })
  }),
  Schema.Struct({
    type: Schema.Literal("content_block.delta"),
    ...at,
    iteration,
    index,
    text: Schema.String.annotate({ description: "More text; of a tool call, more of its arguments as JSON text." })
  }),
  Schema.Struct({ type: Schema.Literal("content_block.end"), ...at, iteration, index }),
  Schema.Struct({
    type: Schema.Literal("message.completed"),
    ...at,
    iteration,
    message: Message,
    usage: Schema.NullOr(Usage)
  }),
  Schema.Struct({ type: Schema.Literal("tool.started"), ...at, iteration, call: ToolCall }),
  Schema.Struct({
    type: Schema.Literal("tool.completed"),
    ...at,
    iteration,
    tool_call_id: Schema.String,
    tool_name: Schema.String,
    output: Schema.Json,
    is_error: Schema.Boolean
  }),
  Schema.Struct({ type: Schema.Literal("approval.required"), ...at, approval: PendingApproval }),
  Schema.Struct({
    type: Schema.Literals(["approval.granted", "approval.denied"]),
    ...at,
    approval_id: Schema.String,
    tool_call_id: Schema.String,
    by: Schema.String
  }),
  Schema.Struct({
    type: Schema.Literal("context.compacted"),
    ...at,
    removed_count: Schema.Int,
    summary: Schema.NullOr(Message)
  }),
  Schema.Struct({
    type: Schema.Literal("turn.ended"),
    ...at,
    turn: Turn.annotate({ description: "The last event, however the turn ended." })
  })
]).annotate({
  identifier: "TurnStreamEvent",
  description:
    "What happens in a turn, in order. Results of tools come in the order of their calls, whichever is faster."
})
/** As it goes over the wire. */
export const TurnFrame = Schema.Struct({
  id: Schema.String,
  event: Schema.String,
  data: Schema.fromJsonString(TurnStreamEvent)
})
export type TurnStreamEvent = typeof TurnStreamEvent.Type
