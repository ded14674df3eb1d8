/** Ollama's `/api/chat` as Strata asks it: stricter than what is read, so that the vendor refuses nothing of it. */
import { Schema } from "effect"
import { openStruct } from "../../../events/types/OpenSchema.ts"

const content = Schema.String.annotate({ description: "What is said.", examples: ["Hello?"] })
const images = Schema.optionalKey(Schema.NonEmptyArray(Schema.String)).annotate({ description: "Base64." })

const SentMessage = Schema.Union([
  openStruct({ role: Schema.Literals(["system", "user"]), content, images }),
  openStruct({
    role: Schema.Literal("assistant"),
    content,
    thinking: Schema.optionalKey(Schema.NonEmptyString),
    tool_calls: Schema.optionalKey(Schema.NonEmptyArray(openStruct({
      id: Schema.optionalKey(Schema.String),
      function: openStruct({ name: Schema.NonEmptyString, arguments: Schema.JsonObject })
    })))
  }),
  openStruct({
    role: Schema.Literal("tool"),
    content,
    images,
    tool_name: Schema.optionalKey(Schema.String),
    tool_call_id: Schema.optionalKey(Schema.String)
  })
])

const SentTool = openStruct({
  type: Schema.Literal("function"),
  function: openStruct({
    name: Schema.NonEmptyString,
    description: Schema.optionalKey(Schema.String),
    parameters: Schema.JsonObject
  })
})

export const SentRequest = openStruct({
  model: Schema.NonEmptyString,
  messages: Schema.NonEmptyArray(SentMessage),
  stream: Schema.Boolean.annotate({ description: "Always: without it the answer is a stream.", examples: [false] }),
  tools: Schema.optionalKey(Schema.NonEmptyArray(SentTool)),
  options: Schema.optionalKey(Schema.JsonObject)
}).annotate({
  description: "A request as Strata writes it.",
  examples: [{ model: "qwen3", messages: [{ role: "user", content: "Hello?" }], stream: false }]
})
export type SentRequest = typeof SentRequest.Type
