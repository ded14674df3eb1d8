/** What a model is asked, in no vendor's form. */
import { Schema } from "effect"
import { nullable, openStruct } from "../../events/types/OpenSchema.ts"
import { Message } from "./Message.ts"
import { ProviderOptions } from "./ProviderOptions.ts"
import { ResponseFormat } from "./ResponseFormat.ts"
import { ToolChoice, ToolSpec } from "./Tools.ts"

export const ChatRequest = openStruct({
  messages: Schema.Array(Message).annotate({ description: "The conversation, oldest first." }),
  model: nullable(Schema.String).annotate({ description: "As who serves it calls it.", examples: ["openai/gpt-5"] }),
  tools: nullable(Schema.Array(ToolSpec)).annotate({ description: "Tools the model may call." }),
  tool_choice: nullable(ToolChoice),
  parallel_tool_calls: nullable(Schema.Boolean).annotate({
    description: "Whether one answer may call several tools. Absent: the vendor's default.",
    examples: [false]
  }),
  response_format: nullable(ResponseFormat),
  temperature: nullable(Schema.Finite).annotate({ description: "Sampling temperature.", examples: [0.7] }),
  top_p: nullable(Schema.Finite).annotate({ description: "Nucleus sampling.", examples: [0.9] }),
  top_k: nullable(Schema.Int).annotate({ description: "Only the likeliest so many tokens.", examples: [40] }),
  seed: nullable(Schema.Int).annotate({ description: "The same seed gives the same answer, mostly.", examples: [7] }),
  frequency_penalty: nullable(Schema.Finite).annotate({ description: "Against what was said often.", examples: [0.5] }),
  presence_penalty: nullable(Schema.Finite).annotate({ description: "Against what was said.", examples: [0.5] }),
  max_output_tokens: nullable(Schema.Int).annotate({ description: "Longest answer.", examples: [1024] }),
  stop: nullable(Schema.Array(Schema.String)).annotate({
    description: "Texts that end the answer.",
    examples: [["\n"]]
  }),
  reasoning_effort: nullable(Schema.String).annotate({
    description: "How long to think: none, minimal, low, medium, high …",
    examples: ["low"]
  }),
  reasoning_budget_tokens: nullable(Schema.Int).annotate({
    description:
      "Most tokens to think with; 0: no thinking, -1: as many as the model wants. It goes before the effort.",
    examples: [2048]
  }),
  stream: nullable(Schema.Boolean).annotate({ description: "Answer piece by piece.", examples: [true] }),
  timeout: nullable(Schema.Finite).annotate({ description: "Seconds the answer may take.", examples: [60] }),
  conversation_id: nullable(Schema.String).annotate({
    description: "The conversation it belongs to.",
    examples: ["conv_1"]
  }),
  user: nullable(Schema.String).annotate({ description: "The end user, for the vendor's abuse checks." }),
  metadata: nullable(Schema.JsonObject).annotate({
    description: "The application's own.",
    examples: [{ user: "ada" }]
  }),
  provider_options: nullable(ProviderOptions)
}).annotate({
  identifier: "ChatRequest",
  description: "What a model is asked, in no vendor's form. Fields not named here are kept.",
  examples: [{ model: "openai/gpt-5", messages: [{ role: "user", content: "What is the weather in Oslo?" }] }]
})
export type ChatRequest = typeof ChatRequest.Type
