/** Requests as Strata writes them itself: stricter than what it reads. */
import { Schema } from "effect"
import { openStruct } from "../../../events/types/OpenSchema.ts"

const signature = Schema.optionalKey(Schema.NonEmptyString).annotate({
  description: "As the model gave it.",
  examples: ["CiQB…"]
})

const between = (minimum: number, maximum: number) => Schema.Finite.check(Schema.isBetween({ minimum, maximum }))

const modeled: ReadonlyArray<string> = ["text", "inlineData", "fileData", "functionCall", "functionResponse"]

export const SentPart = Schema.Union([
  openStruct({ text: Schema.String, thought: Schema.optionalKey(Schema.Boolean), thoughtSignature: signature }),
  openStruct({
    inlineData: openStruct({
      mimeType: Schema.NonEmptyString.annotate({ description: "The media type.", examples: ["image/png"] }),
      data: Schema.String.annotate({ description: "In base64." })
    }),
    thoughtSignature: signature
  }),
  openStruct({
    fileData: openStruct({
      fileUri: Schema.NonEmptyString.annotate({ description: "Where it is.", examples: ["https://example.com/a.png"] }),
      mimeType: Schema.optionalKey(Schema.NonEmptyString)
    }),
    thoughtSignature: signature
  }),
  openStruct({
    functionCall: openStruct({
      name: Schema.NonEmptyString.annotate({ description: "The function.", examples: ["get_weather"] }),
      args: Schema.JsonObject,
      id: Schema.optionalKey(Schema.NonEmptyString)
    }),
    thoughtSignature: signature
  }),
  openStruct({
    functionResponse: openStruct({
      name: Schema.NonEmptyString.annotate({ description: "The function.", examples: ["get_weather"] }),
      response: Schema.JsonObject.annotate({
        description: "`output`, `error`, or any other.",
        examples: [{ output: "rain" }]
      }),
      id: Schema.optionalKey(Schema.NonEmptyString),
      parts: Schema.optionalKey(Schema.NonEmptyArray(Schema.JsonObject))
    })
  }),
  Schema.JsonObject.check(
    Schema.makeFilter((part) =>
      !modeled.some((kind) => Object.hasOwn(part, kind)) || "a part of this kind has other fields"
    )
  ).annotate({ description: "A part of another kind, as it came." })
]).annotate({ description: "A part of a turn, with what its kind asks for." })

export const SentContent = openStruct({
  role: Schema.Literals(["user", "model"]),
  parts: Schema.NonEmptyArray(SentPart)
}).annotate({ description: "A turn with at least one part." })

export const SentTool = Schema.Union([
  openStruct({
    functionDeclarations: Schema.NonEmptyArray(openStruct({
      name: Schema.NonEmptyString,
      description: Schema.optionalKey(Schema.String),
      parametersJsonSchema: Schema.optionalKey(Schema.JsonObject),
      parameters: Schema.optionalKey(Schema.JsonObject)
    }))
  }),
  Schema.JsonObject.check(
    Schema.makeFilter((tool) => !Object.hasOwn(tool, "functionDeclarations") || "functions have a name and a schema")
  ).annotate({ description: "One of Google's own tools." })
]).annotate({ description: "Functions, or one of Google's own tools." })

export const SentRequest = openStruct({
  contents: Schema.NonEmptyArray(SentContent),
  systemInstruction: Schema.optionalKey(openStruct({ parts: Schema.NonEmptyArray(SentPart) })),
  tools: Schema.optionalKey(Schema.NonEmptyArray(SentTool)),
  toolConfig: Schema.optionalKey(openStruct({
    functionCallingConfig: Schema.optionalKey(openStruct({
      mode: Schema.Literals(["AUTO", "ANY", "NONE", "VALIDATED"]),
      allowedFunctionNames: Schema.optionalKey(Schema.NonEmptyArray(Schema.String))
    }))
  })),
  generationConfig: Schema.optionalKey(openStruct({
    temperature: Schema.optionalKey(between(0, 2)),
    topP: Schema.optionalKey(Schema.Finite),
    topK: Schema.optionalKey(Schema.Int),
    maxOutputTokens: Schema.optionalKey(Schema.Int),
    seed: Schema.optionalKey(Schema.Int.check(Schema.isInt32())),
    frequencyPenalty: Schema.optionalKey(Schema.Finite),
    presencePenalty: Schema.optionalKey(Schema.Finite),
    stopSequences: Schema.optionalKey(Schema.Array(Schema.NonEmptyString).check(Schema.isMaxLength(5))),
    responseMimeType: Schema.optionalKey(Schema.String),
    responseSchema: Schema.optionalKey(Schema.JsonObject),
    responseJsonSchema: Schema.optionalKey(Schema.JsonObject),
    thinkingConfig: Schema.optionalKey(openStruct({
      includeThoughts: Schema.optionalKey(Schema.Boolean),
      thinkingBudget: Schema.optionalKey(Schema.Int),
      thinkingLevel: Schema.optionalKey(Schema.String)
    }))
  }))
}).annotate({
  description: "A request as Strata writes it.",
  examples: [{ contents: [{ role: "user", parts: [{ text: "What is the weather in Oslo?" }] }] }]
})
export type SentRequest = typeof SentRequest.Type
