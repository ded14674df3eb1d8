/** What a model is asked, in no vendor's form. */
import { Schema } from "effect"
import { nullable, openStruct } from "../../events/types/OpenSchema.ts"
import { Message } from "./Message.ts"
import { ResponseFormat } from "./ResponseFormat.ts"
import { ToolChoice, ToolSpec } from "./Tools.ts"

export const ChatRequest = openStruct({
  messages: Schema.Array(Message).annotate({ description: "The conversation, oldest first." }),
  model: nullable(Schema.String).annotate({ description: "As who serves it calls it.", examples: ["openai/gpt-5"] }),
  tools: nullable(Schema.Array(ToolSpec)).annotate({ description: "Tools the model may call." }),
  tool_choice: nullable(ToolChoice),
  response_format: nullable(ResponseFormat),
  temperature: nullable(Schema.Finite).annotate({ description: "Sampling temperature.", examples: [0.7] }),
  top_p: nullable(Schema.Finite).annotate({ description: "Nucleus sampling.", examples: [0.9] }),
  max_output_tokens: nullable(Schema.Int).annotate({ description: "Longest answer.", examples: [1024] }),
  stop: nullable(Schema.Array(Schema.String)).annotate({
    description: "Texts that end the answer.",
    examples: [["\n"]]
  }),
  reasoning_effort: nullable(Schema.String).annotate({ description: "How long to think.", examples: ["low"] }),
  stream: nullable(Schema.Boolean).annotate({ description: "Answer piece by piece.", examples: [true] }),
  timeout: nullable(Schema.Finite).annotate({ description: "Seconds the answer may take.", examples: [60] }),
  conversation_id: nullable(Schema.String).annotate({
    description: "The conversation it belongs to.",
    examples: ["conv_1"]
  }),
  metadata: nullable(Schema.JsonObject).annotate({ description: "The application's own.", examples: [{ user: "ada" }] })
}).annotate({
  identifier: "ChatRequest",
  description: "What a model is asked, in no vendor's form. Fields not named here are kept.",
  examples: [{ model: "openai/gpt-5", messages: [{ role: "user", content: "What is the weather in Oslo?" }] }]
})
export type ChatRequest = typeof ChatRequest.Type
