/** Chat completion requests as Strata writes them itself: stricter than what it lets pass. */
import { Schema } from "effect"
import { nullable, openStruct } from "../../../events/types/OpenSchema.ts"
import { ChatCompletionRequest, ContentPart } from "./Wire.ts"

const text = Schema.Union([Schema.String, Schema.NonEmptyArray(ContentPart)]).annotate({
  description: "Text, or at least one part.",
  examples: ["What is the weather in Oslo?"]
})

export const SentToolCall = Schema.Union([
  openStruct({
    id: Schema.String.annotate({ description: "Its result names it.", examples: ["call_1"] }),
    type: Schema.Literal("function"),
    function: openStruct({
      name: Schema.String.annotate({ description: "The tool.", examples: ["get_weather"] }),
      arguments: Schema.String.annotate({ description: "JSON text.", examples: ["{\"city\":\"Oslo\"}"] })
    })
  }),
  openStruct({ type: Schema.Literal("custom"), custom: Schema.JsonObject })
]).annotate({ description: "A call a model wanted, as it goes back to it." })

export const SentMessage = Schema.Union([
  openStruct({
    role: Schema.Literals(["system", "developer", "user", "function"]),
    content: text,
    name: nullable(Schema.String)
  }),
  openStruct({
    role: Schema.Literal("assistant"),
    content: Schema.NullOr(text),
    tool_calls: Schema.optionalKey(Schema.NonEmptyArray(SentToolCall))
  }),
  openStruct({
    role: Schema.Literal("tool"),
    tool_call_id: Schema.String.annotate({ description: "The call it answers.", examples: ["call_1"] }),
    content: text
  })
]).annotate({ description: "A message, with what its role asks for." })

export const SentTool = Schema.Union([
  openStruct({
    type: Schema.Literal("function"),
    function: openStruct({ name: Schema.String, parameters: Schema.JsonObject })
  }),
  openStruct({ type: Schema.Literal("custom"), custom: Schema.JsonObject })
]).annotate({ description: "A tool, as a model is told of it." })

export const SentRequest = openStruct({
  ...ChatCompletionRequest.schema.fields,
  messages: Schema.NonEmptyArray(SentMessage),
  tools: Schema.optionalKey(Schema.NonEmptyArray(SentTool))
}).annotate({
  description: "A chat completion request as Strata writes it.",
  examples: [{ model: "gpt-5", messages: [{ role: "user", content: "What is the weather in Oslo?" }] }]
})
