/** Bedrock's Converse, as it is read: what is needed of it is declared, everything else is kept. */
import { Schema } from "effect"
import { nullable, openStruct } from "../../../events/types/OpenSchema.ts"

/** The name of the dialect, in options and failures. */
export const dialect = "bedrock"

export const Block = Schema.JsonObject.annotate({
  identifier: "BedrockBlock",
  description: "One of text, image, document, toolUse, toolResult, reasoningContent, cachePoint …",
  examples: [{ text: "What is the weather in Oslo?" }]
})

export const WireMessage = openStruct({
  role: Schema.String.annotate({ description: "`user` or `assistant`.", examples: ["user"] }),
  content: nullable(Schema.Array(Block)).annotate({ description: "In order." })
}).annotate({
  identifier: "BedrockMessage",
  description: "A turn.",
  examples: [{ role: "user", content: [{ text: "What is the weather in Oslo?" }] }]
})

export const WireRequest = openStruct({
  messages: nullable(Schema.Array(WireMessage)),
  system: nullable(Schema.Array(Block)),
  inferenceConfig: nullable(Schema.JsonObject).annotate({
    description: "Sampling and limits.",
    examples: [{ maxTokens: 1024, temperature: 0.7 }]
  }),
  toolConfig: nullable(Schema.JsonObject),
  additionalModelRequestFields: nullable(Schema.JsonObject).annotate({
    description: "What the model itself takes besides.",
    examples: [{ top_k: 40 }]
  })
}).annotate({
  identifier: "ConverseRequest",
  description: "What Bedrock is asked; the model stands in the path.",
  examples: [{ messages: [{ role: "user", content: [{ text: "What is the weather in Oslo?" }] }] }]
})

export const WireAnswer = openStruct({
  output: openStruct({ message: openStruct({ content: nullable(Schema.Array(Block)) }) }),
  stopReason: nullable(Schema.String).annotate({ description: "Why it ends there.", examples: ["end_turn"] }),
  usage: nullable(Schema.JsonObject)
}).annotate({
  identifier: "ConverseAnswer",
  description: "What Bedrock answers.",
  examples: [{ output: { message: { role: "assistant", content: [{ text: "It rains." }] } }, stopReason: "end_turn" }]
})
