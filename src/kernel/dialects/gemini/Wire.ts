/** `generateContent` of the Gemini API, as it is read: what is needed of it is declared, everything else is kept. */
import { Schema } from "effect"
import { nullable, openStruct } from "../../../events/types/OpenSchema.ts"

export const Part = Schema.JsonObject.annotate({
  identifier: "GeminiPart",
  description: "A part of a turn: text, inlineData, fileData, functionCall, functionResponse, executableCode …",
  examples: [{ text: "What is the weather in Oslo?" }]
})

export const Content = openStruct({
  role: nullable(Schema.String).annotate({ description: "`user` or `model`. Absent: the user.", examples: ["user"] }),
  parts: nullable(Schema.Array(Part)).annotate({ description: "In order." })
}).annotate({
  identifier: "GeminiContent",
  description: "A turn.",
  examples: [{ role: "user", parts: [{ text: "What is the weather in Oslo?" }] }]
})

export const GenerateContentRequest = openStruct({
  contents: Schema.Array(Content).annotate({ description: "The conversation, oldest first." }),
  systemInstruction: nullable(Schema.Union([Content, Schema.String])),
  tools: nullable(Schema.Array(Schema.JsonObject)).annotate({
    description: "Functions that the model may call, and tools of Google's own.",
    examples: [[{ functionDeclarations: [{ name: "get_weather" }] }]]
  }),
  toolConfig: nullable(Schema.JsonObject),
  generationConfig: nullable(Schema.JsonObject).annotate({
    description: "Sampling, limits, form of the answer, thinking.",
    examples: [{ temperature: 0.7, maxOutputTokens: 1024 }]
  })
}).annotate({
  identifier: "GenerateContentRequest",
  description: "What Gemini is asked; the model stands in the path.",
  examples: [{ contents: [{ role: "user", parts: [{ text: "What is the weather in Oslo?" }] }] }]
})

export const Candidate = openStruct({
  content: nullable(Content),
  finishReason: nullable(Schema.String).annotate({ description: "Why it ends there.", examples: ["STOP"] })
}).annotate({ identifier: "GeminiCandidate", description: "An answer." })

export const GenerateContentResponse = openStruct({
  candidates: nullable(Schema.Array(Candidate)),
  promptFeedback: nullable(openStruct({ blockReason: nullable(Schema.String) })),
  usageMetadata: nullable(Schema.JsonObject),
  modelVersion: nullable(Schema.String),
  responseId: nullable(Schema.String)
}).annotate({
  identifier: "GenerateContentResponse",
  description: "What Gemini answers, whole or in a frame of a stream.",
  examples: [{
    candidates: [{ content: { role: "model", parts: [{ text: "It is raining." }] }, finishReason: "STOP" }]
  }]
})
export type GenerateContentResponse = typeof GenerateContentResponse.Type
