/** How a turn runs: the model and its tools, how far it may go, what needs an approval, and what the context may hold. */
import { Schema, Struct } from "effect"
import { ChatRequest } from "../messages/ChatRequest.ts"
import { ToolSpec } from "../messages/Tools.ts"

const positive = Schema.Int.check(Schema.isGreaterThanOrEqualTo(1))

export const TurnLimits = Schema.Struct({
  max_iterations: Schema.optionalKey(positive).annotate({
    description: "Most calls of the model in this turn. Default 50.",
    default: 50,
    examples: [10]
  }),
  max_tool_calls: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))).annotate({
    description:
      "Most calls of tools in this turn; those beyond are answered to the model with an error. Default 1000.",
    default: 1000,
    examples: [20]
  }),
  max_tokens: Schema.optionalKey(positive).annotate({
    description: "No model is called once the turn has used so many tokens, input and output. Default: any.",
    examples: [100_000]
  }),
  max_cost: Schema.optionalKey(Schema.String.check(Schema.isPattern(/^\d{1,12}(\.\d{1,12})?$/))).annotate({
    description: "No model is called once the turn has cost so much, US dollars, decimal. Where a call's cost is not " +
      "known, the turn ends behind it. Default: any.",
    examples: ["0.50"]
  }),
  max_seconds: Schema.optionalKey(Schema.Finite.check(Schema.isGreaterThan(0))).annotate({
    description:
      "Seconds the turn may run; what runs then is given up. An approval has a time of its own. Default 3600.",
    default: 3600,
    examples: [120]
  })
}).annotate({
  identifier: "TurnLimits",
  description: "How far a turn may go. It ends `incomplete` where one is reached."
})
export type TurnLimits = typeof TurnLimits.Type

const Names = Schema.Array(Schema.String)

export const TurnApproval = Schema.Struct({
  require: Schema.optionalKey(Schema.Union([Schema.Literals(["always", "never"]), Names])).annotate({
    description:
      "Which of the server's tools are called only after an approval: `always` all of them, a list of names, " +
      "or `never`. Tools that ask for one themselves, and those a hook asks about, need it whatever this says. " +
      "Default `never`.",
    default: "never",
    examples: ["always", ["delete_file"]]
  }),
  policy: Schema.optionalKey(Schema.Literals(["ask", "allow", "deny"])).annotate({
    description: "`ask`: somebody answers (`POST …/approvals/{approval_id}`); `allow` or `deny`: this is the answer. " +
      "Default `ask`.",
    default: "ask",
    examples: ["ask"]
  }),
  timeout_seconds: Schema.optionalKey(Schema.Finite.check(Schema.isGreaterThan(0))).annotate({
    description:
      "The request waits so many seconds for the answers, then what is not answered is denied. Absent: the " +
      "request ends at once with the status `requires_approval`, and the answer goes on with the turn, whenever it comes.",
    examples: [300]
  })
}).annotate({ identifier: "TurnApproval", description: "Which tools need an approval, and how it is had." })
export type TurnApproval = typeof TurnApproval.Type

export const TurnCompaction = Schema.Struct({
  max_context_tokens: positive.annotate({
    description:
      "The conversation is made shorter before a call of the model that would send more tokens, by Strata's " +
      "own estimate.",
    examples: [100_000]
  }),
  strategy: Schema.optionalKey(Schema.Literals(["drop_oldest", "summarize"])).annotate({
    description:
      "`drop_oldest`: the oldest exchanges are left out; `summarize`: the model says what was in them, and " +
      "that takes their place. A tool's result is never parted from its call. Default `drop_oldest`.",
    default: "drop_oldest",
    examples: ["summarize"]
  }),
  keep_last: Schema.optionalKey(positive).annotate({
    description: "The last so many exchanges stay whatever their length. Default 1.",
    default: 1,
    examples: [2]
  })
}).annotate({ identifier: "TurnCompaction", description: "How the conversation is kept within a number of tokens." })
export type TurnCompaction = typeof TurnCompaction.Type

/** What a model is asked with besides the conversation. */
export const samplingNames = [
  "tool_choice",
  "parallel_tool_calls",
  "response_format",
  "temperature",
  "top_p",
  "top_k",
  "seed",
  "frequency_penalty",
  "presence_penalty",
  "max_output_tokens",
  "stop",
  "reasoning_effort",
  "reasoning_budget_tokens",
  "user",
  "metadata",
  "provider_options"
] as const

const sampling = Struct.pick(ChatRequest.schema.fields, samplingNames)

export const TurnSettings = Schema.Struct({
  model: Schema.String.annotate({ description: "The model, as the registry calls it.", examples: ["openai/gpt-5"] }),
  instructions: Schema.optionalKey(Schema.String).annotate({
    description: "What the model is told first, in each of its calls. It is no message of the conversation.",
    examples: ["Be brief."]
  }),
  tools: Schema.optionalKey(Schema.Array(ToolSpec)).annotate({
    description: "Tools of the client: a call of one ends the turn with `requires_action`."
  }),
  tool_groups: Schema.optionalKey(Names).annotate({
    description:
      "Tool groups of the server whose tools are called here. Where a tool's name has other characters than " +
      "letters, digits, _ and -, or more than 64, the model has another for it; requests may name either.",
    examples: [["weather/weather"]]
  }),
  allowed_tools: Schema.optionalKey(Names).annotate({
    description: "Of the tools of `tool_groups`, these alone. Default: all of them.",
    examples: [["get_weather"]]
  }),
  max_parallel_tools: Schema.optionalKey(positive).annotate({
    description: "So many tools of one answer run side by side. Default 8.",
    default: 8,
    examples: [4]
  }),
  limits: Schema.optionalKey(TurnLimits),
  approval: Schema.optionalKey(TurnApproval),
  compaction: Schema.optionalKey(TurnCompaction),
  truncation: Schema.optionalKey(Schema.Literals(["auto", "disabled"])).annotate({
    description:
      "What becomes of a conversation that the model refuses because it is too long: auto leaves out the oldest exchanges " +
      "and asks again. Default disabled: the turn fails.",
    default: "disabled",
    examples: ["auto"]
  }),
  ...sampling
})
export type TurnSettings = typeof TurnSettings.Type

export const defaultLimits = { max_iterations: 50, max_tool_calls: 1000, max_seconds: 3600, max_parallel_tools: 8 }
