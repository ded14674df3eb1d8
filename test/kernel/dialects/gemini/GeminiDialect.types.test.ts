/** What is sent fits what Google's SDK sends, and what that reads fits what is read: `tsc` reads these lines. */
import { describe, expectTypeOf, it } from "@effect/vitest"
import type {
  BlockedReason,
  Candidate,
  Content,
  FinishReason,
  FunctionCall,
  FunctionDeclaration,
  FunctionResponse,
  GenerateContentConfig,
  GenerateContentParameters,
  GenerateContentResponse,
  Part,
  ThinkingConfig
} from "@google/genai"
import type { SentContent, SentPart, SentRequest } from "../../../../src/kernel/dialects/gemini/SentWire.ts"
import type * as Wire from "../../../../src/kernel/dialects/gemini/Wire.ts"

/** The fields that are declared: an open struct has any others besides. */
type Declared<T> = { [K in keyof T as string extends K ? never : K]: T[K] }

/** An enumeration of the SDK is text on the wire. */
type OnWire<T> = T extends FinishReason | BlockedReason ? `${T}` : T

type Sent = Declared<SentRequest>
type Settings = Declared<NonNullable<Sent["generationConfig"]>>
type SentParts = typeof SentPart.Type
type PartWith<K extends string> = Extract<SentParts, { readonly [Name in K]: unknown }>

/** The SDK's types know no `readonly`. */
type Writable<T> = { -readonly [K in keyof T]: T[K] extends ReadonlyArray<infer E> ? Array<E> : T[K] }

/** Each declared field is one of the SDK's, and its values are such as the SDK takes. */
type Fits<Ours, Theirs> = {
  [K in keyof Ours]: K extends keyof Theirs ? Ours[K] extends Theirs[K] ? true : [K, Ours[K], Theirs[K]]
    : [K, "unknown"]
}[keyof Ours]

describe("GeminiDialect, types", () => {
  it("sends settings that the SDK sends", () => {
    type Plain = Writable<Required<Omit<Settings, "thinkingConfig" | "responseSchema">>>
    expectTypeOf<Fits<Plain, Required<GenerateContentConfig>>>().toEqualTypeOf<true>()
    type Thinking = Declared<NonNullable<Settings["thinkingConfig"]>>
    expectTypeOf<keyof Thinking>().toEqualTypeOf<keyof ThinkingConfig>()
    expectTypeOf<NonNullable<Thinking["thinkingBudget"]>>().toExtend<NonNullable<ThinkingConfig["thinkingBudget"]>>()
    expectTypeOf<
      Exclude<keyof Sent, keyof GenerateContentConfig | keyof GenerateContentParameters | "generationConfig">
    >()
      .toEqualTypeOf<never>()
  })

  it("sends turns and parts that the SDK sends", () => {
    expectTypeOf<Fits<Omit<Writable<Declared<typeof SentContent.Type>>, "parts">, Required<Content>>>().toEqualTypeOf<
      true
    >()
    type Call = Declared<PartWith<"functionCall">["functionCall"]>
    type Result = Declared<PartWith<"functionResponse">["functionResponse"]>
    expectTypeOf<Fits<Required<Omit<Call, "args">>, Required<FunctionCall>>>().toEqualTypeOf<true>()
    expectTypeOf<Fits<Required<Omit<Result, "parts" | "response">>, Required<FunctionResponse>>>().toEqualTypeOf<true>()
    expectTypeOf<Call["args"]>().toExtend<NonNullable<FunctionCall["args"]>>()
    expectTypeOf<Result["response"]>().toExtend<NonNullable<FunctionResponse["response"]>>()
    expectTypeOf<Fits<Required<Declared<PartWith<"text">>>, Required<Part>>>().toEqualTypeOf<true>()
    expectTypeOf<Fits<Declared<PartWith<"inlineData">["inlineData"]>, Required<NonNullable<Part["inlineData"]>>>>()
      .toEqualTypeOf<true>()
    expectTypeOf<Fits<Required<Declared<PartWith<"fileData">["fileData"]>>, Required<NonNullable<Part["fileData"]>>>>()
      .toEqualTypeOf<true>()
    type Tool = Extract<NonNullable<Sent["tools"]>[number], { readonly functionDeclarations: unknown }>
    type Declaration = Declared<Tool["functionDeclarations"][number]>
    expectTypeOf<Fits<Required<Omit<Declaration, "parameters">>, Required<FunctionDeclaration>>>().toEqualTypeOf<true>()
  })

  it("reads answers that the SDK reads", () => {
    type Read = Declared<Wire.GenerateContentResponse>
    type ReadCandidate = Declared<NonNullable<Read["candidates"]>[number]>
    expectTypeOf<Exclude<keyof Read, keyof GenerateContentResponse>>().toEqualTypeOf<never>()
    expectTypeOf<Exclude<keyof ReadCandidate, keyof Candidate>>().toEqualTypeOf<never>()
    expectTypeOf<OnWire<FinishReason>>().toExtend<NonNullable<ReadCandidate["finishReason"]>>()
    expectTypeOf<OnWire<BlockedReason>>().toExtend<NonNullable<NonNullable<Read["promptFeedback"]>["blockReason"]>>()
    expectTypeOf<NonNullable<GenerateContentResponse["responseId"]>>().toExtend<NonNullable<Read["responseId"]>>()
    expectTypeOf<NonNullable<GenerateContentResponse["modelVersion"]>>().toExtend<NonNullable<Read["modelVersion"]>>()
    expectTypeOf<NonNullable<Content["role"]>>().toExtend<NonNullable<NonNullable<ReadCandidate["content"]>["role"]>>()
  })
})
