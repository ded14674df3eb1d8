/** Messages in Anthropic's dialect, as they are read: what is looked at is declared, everything else is kept. */
import { Schema } from "effect"
import { nullable, openStruct } from "../../../events/types/OpenSchema.ts"

export const WireBlock = openStruct({
  type: Schema.String.annotate({ description: "text, image, document, thinking, tool_use, tool_result …" })
}).annotate({
  identifier: "AnthropicBlock",
  description: "A block of a message.",
  examples: [{ type: "text", text: "What is the weather in Oslo?" }]
})
export type WireBlock = typeof WireBlock.Type

const content = Schema.Union([Schema.String, Schema.Array(WireBlock)]).annotate({
  description: "Text, or blocks.",
  examples: ["What is the weather in Oslo?"]
})

export const WireTurn = openStruct({
  role: Schema.Literals(["user", "assistant", "system"]).annotate({
    description: "Who says it; results of tools are the user's.",
    examples: ["user"]
  }),
  content
}).annotate({ identifier: "AnthropicTurn", description: "A turn of the conversation." })
export type WireTurn = typeof WireTurn.Type

export const WireTool = openStruct({
  type: nullable(Schema.String).annotate({ description: "Absent or `custom`: the client's; else one of the vendor's." })
}).annotate({ identifier: "AnthropicTool", description: "A tool, of the client's or of the vendor's." })

/** What of a request is read before the answer begins. */
const input = {
  model: Schema.NonEmptyString.annotate({ description: "`provider_id/model_id`, as `GET /v1/models` lists it." }),
  messages: Schema.Array(WireTurn).annotate({ description: "The conversation, oldest first." }),
  system: nullable(content),
  tools: nullable(Schema.Array(WireTool)),
  tool_choice: nullable(openStruct({ type: Schema.String })),
  thinking: nullable(openStruct({ type: Schema.String })),
  output_config: nullable(Schema.JsonObject),
  output_format: nullable(Schema.JsonObject)
}

export const MessagesRequest = openStruct({
  ...input,
  max_tokens: nullable(Schema.Int).annotate({ description: "Longest answer, thinking included.", examples: [1024] }),
  stop_sequences: nullable(Schema.Array(Schema.String)).annotate({
    description: "Texts that end the answer.",
    examples: [["\n\nHuman:"]]
  }),
  stream: nullable(Schema.Boolean).annotate({ description: "true: answer with server-sent events. Default false." }),
  temperature: nullable(Schema.Finite).annotate({ description: "Sampling temperature: 0 to 1.", examples: [0.7] }),
  top_p: nullable(Schema.Finite).annotate({ description: "Nucleus sampling.", examples: [0.9] }),
  top_k: nullable(Schema.Int).annotate({ description: "Only the likeliest so many tokens.", examples: [40] }),
  metadata: nullable(Schema.JsonObject)
}).annotate({
  identifier: "AnthropicMessagesRequest",
  description: "A request for a message in Anthropic's dialect.",
  examples: [{
    model: "anthropic/claude-sonnet-4-5",
    max_tokens: 1024,
    messages: [{ role: "user", content: "What is the weather in Oslo?" }]
  }]
})
export type MessagesRequest = typeof MessagesRequest.Type

export const CountTokensRequest = openStruct(input).annotate({
  identifier: "AnthropicCountTokensRequest",
  description: "A message whose tokens are to be counted, in Anthropic's dialect.",
  examples: [{
    model: "anthropic/claude-sonnet-4-5",
    messages: [{ role: "user", content: "What is the weather in Oslo?" }]
  }]
})
export type CountTokensRequest = typeof CountTokensRequest.Type

export const AnthropicTokenCount = openStruct({
  input_tokens: Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)).annotate({
    description: "Of messages, system prompt and tools together.",
    examples: [2095]
  })
}).annotate({
  identifier: "AnthropicTokenCount",
  description: "How many tokens a message has before it is answered.",
  examples: [{ input_tokens: 2095 }]
})

export const WireUsage = openStruct({
  input_tokens: nullable(Schema.Finite).annotate({ description: "Fresh ones: neither from a cache nor to one." }),
  output_tokens: nullable(Schema.Finite).annotate({ description: "With those spent on thinking." }),
  cache_creation_input_tokens: nullable(Schema.Finite).annotate({ description: "Written to a cache." }),
  cache_read_input_tokens: nullable(Schema.Finite).annotate({ description: "Read from a cache." })
}).annotate({ identifier: "AnthropicUsage", description: "Tokens, as Anthropic counts them." })

export const AnthropicMessage = openStruct({
  content: Schema.Array(WireBlock),
  id: nullable(Schema.String).annotate({ description: "The vendor's id.", examples: ["msg_1"] }),
  model: nullable(Schema.String).annotate({ description: "The model that answered." }),
  role: nullable(Schema.String),
  stop_reason: nullable(Schema.String).annotate({ description: "end_turn, max_tokens, tool_use, refusal …" }),
  stop_sequence: nullable(Schema.String).annotate({ description: "The text that ended it, of those asked for." }),
  usage: nullable(WireUsage)
}).annotate({ identifier: "AnthropicMessage", description: "A message that a model answers." })
export type AnthropicMessage = typeof AnthropicMessage.Type

/** The stream's events: each with its type as name and in its data, `message_stop` at the end. */
export const AnthropicEvent = Schema.Struct({
  event: Schema.String.annotate({ description: "message_start, content_block_delta, message_stop, ping, error …" }),
  data: Schema.fromJsonString(openStruct({ type: Schema.String }))
}).annotate({ identifier: "AnthropicEvent", description: "An event of a streamed message." })
