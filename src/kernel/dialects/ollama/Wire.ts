/** Ollama's `/api/chat`, as it is read: what is needed of it is declared, everything else is kept. */
import { Schema } from "effect"
import { nullable, openStruct } from "../../../events/types/OpenSchema.ts"

/** The name of the dialect, in options and failures. */
export const dialect = "ollama"

const ToolCall = openStruct({
  id: nullable(Schema.String).annotate({ description: "Absent from older servers.", examples: ["call_1"] }),
  function: openStruct({
    name: Schema.String.annotate({ description: "The tool.", examples: ["get_weather"] }),
    arguments: nullable(Schema.JsonObject).annotate({
      description: "An object, never text.",
      examples: [{ city: "Oslo" }]
    })
  })
})

export const WireMessage = openStruct({
  role: Schema.String.annotate({ description: "system, user, assistant or tool.", examples: ["user"] }),
  content: nullable(Schema.String).annotate({ description: "What is said.", examples: ["It is raining."] }),
  thinking: nullable(Schema.String).annotate({ description: "What the model thought.", examples: ["Weather."] }),
  images: nullable(Schema.Array(Schema.String)).annotate({ description: "Base64, without a type." }),
  tool_calls: nullable(Schema.Array(ToolCall)),
  tool_name: nullable(Schema.String).annotate({
    description: "Of a tool's message: the tool.",
    examples: ["get_weather"]
  }),
  tool_call_id: nullable(Schema.String).annotate({
    description: "Of a tool's message: the call it answers.",
    examples: ["call_1"]
  })
}).annotate({
  identifier: "OllamaMessage",
  description: "A message.",
  examples: [{ role: "user", content: "What is the weather in Oslo?" }]
})

export const WireRequest = openStruct({
  model: nullable(Schema.String),
  messages: nullable(Schema.Array(WireMessage)),
  tools: nullable(Schema.Array(Schema.JsonObject)),
  options: nullable(Schema.JsonObject).annotate({
    description: "What the model runs with: num_ctx, num_predict, temperature …",
    examples: [{ num_ctx: 16384 }]
  }),
  stream: nullable(Schema.Boolean).annotate({ description: "Absent: the answer is a stream.", examples: [false] })
}).annotate({
  identifier: "OllamaRequest",
  description: "What Ollama is asked.",
  examples: [{ model: "qwen3", messages: [{ role: "user", content: "What is the weather in Oslo?" }] }]
})

export const WireAnswer = openStruct({
  model: nullable(Schema.String),
  created_at: nullable(Schema.String).annotate({ description: "RFC 3339.", examples: ["2026-11-26T12:00:00Z"] }),
  message: openStruct({
    content: nullable(Schema.String),
    thinking: nullable(Schema.String),
    tool_calls: nullable(Schema.Array(ToolCall))
  }),
  done: nullable(Schema.Boolean),
  done_reason: nullable(Schema.String).annotate({ description: "Why it ends there.", examples: ["stop"] })
}).annotate({
  identifier: "OllamaAnswer",
  description: "What Ollama answers, whole or in a line of a stream.",
  examples: [{ model: "qwen3", message: { role: "assistant", content: "It is raining." }, done: true }]
})
