/** Tools: what a model is told of them, how it calls them, what comes of it. */
import { Schema } from "effect"
import { nullable, openStruct } from "../../events/types/OpenSchema.ts"
import { ProviderOptions } from "./ProviderOptions.ts"

export const ToolSpec = openStruct({
  name: Schema.String.annotate({ description: "What the model calls it.", examples: ["get_weather"] }),
  parameters: Schema.JsonObject.annotate({
    description: "JSON Schema of its arguments.",
    examples: [{ type: "object", properties: { city: { type: "string" } } }]
  }),
  description: nullable(Schema.String).annotate({
    description: "What it is for, for the model.",
    examples: ["The weather in a city, now."]
  }),
  strict: nullable(Schema.Boolean).annotate({
    description: "Arguments fit `parameters` and nothing else. Absent: the vendor's default.",
    examples: [true]
  }),
  custom: nullable(Schema.JsonObject).annotate({
    description:
      "Of a tool that takes text, and no JSON: what text, as OpenAI's Responses say it. A model that knows functions " +
      "alone is told of one with the parameter `input`.",
    examples: [{ type: "text" }]
  }),
  cache_control: nullable(Schema.JsonObject).annotate({
    description: "A mark that a vendor's cache of prompts may end here.",
    examples: [{ type: "ephemeral" }]
  }),
  provider_options: nullable(ProviderOptions)
}).annotate({
  identifier: "ToolSpec",
  description: "A tool, as a model is told of it.",
  examples: [{ name: "get_weather", parameters: { type: "object", properties: { city: { type: "string" } } } }]
})
export type ToolSpec = typeof ToolSpec.Type

export const ToolCall = openStruct({
  id: Schema.String.annotate({ description: "Its result names it.", examples: ["call_1"] }),
  name: Schema.String.annotate({ description: "The tool.", examples: ["get_weather"] }),
  arguments: Schema.JsonObject.annotate({ description: "As the tool's parameters ask.", examples: [{ city: "Oslo" }] })
}).annotate({
  identifier: "ToolCall",
  description: "A call of a tool that a model wants.",
  examples: [{ id: "call_1", name: "get_weather", arguments: { city: "Oslo" } }]
})
export type ToolCall = typeof ToolCall.Type

export const ToolResult = openStruct({
  success: Schema.Boolean.annotate({ description: "Whether the tool did what it was asked.", examples: [true] }),
  output: nullable(Schema.Json).annotate({ description: "What came of it.", examples: ["rain, 4 °C"] }),
  error: nullable(Schema.JsonObject).annotate({
    description: "Why it did not.",
    examples: [{ message: "There is no such city." }]
  })
}).annotate({
  identifier: "ToolResult",
  description: "What came of a call of a tool.",
  examples: [{ success: true, output: "rain, 4 °C" }]
})
export type ToolResult = typeof ToolResult.Type

export const ToolChoice = Schema.Union([Schema.String, Schema.JsonObject]).annotate({
  identifier: "ToolChoice",
  description: "`auto`, `none`, `required`, or the one tool that must be called.",
  examples: ["auto", { name: "get_weather" }]
})
export type ToolChoice = typeof ToolChoice.Type
