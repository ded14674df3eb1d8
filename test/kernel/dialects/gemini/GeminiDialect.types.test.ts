/** What is sent fits what Google's SDK sends, and what that reads fits what is read: `tsc` reads these lines. */
import { describe, expectTypeOf, it } from "@effect/vitest"
import type {
  BlockedReason,
  Candidate,
  Content,
  FinishReason,
  GenerateContentResponse,
  GenerationConfig,
  ThinkingConfig,
  Tool,
  ToolConfig
} from "@google/genai"
import type { SentRequest } from "../../../../src/kernel/dialects/gemini/SentWire.ts"
import type * as Wire from "../../../../src/kernel/dialects/gemini/Wire.ts"
import type { Written } from "../../../support/WrittenTypes.ts"

/** The fields that are declared: an open struct has any others besides. */
type Declared<T> = { [K in keyof T as string extends K ? never : K]: T[K] }

/** An enumeration of the SDK is text on the wire. */
type OnWire<T> = T extends FinishReason | BlockedReason ? `${T}` : T

/** The same with words in place of enumerations. */
type InWords<T> = T extends string ? `${T}` : T extends ReadonlyArray<infer Each> ? Array<InWords<Each>>
: T extends object ? { [Name in keyof T]: InWords<T[Name]> }
: T

/** Names that the SDK does not have: as all of its fields may be absent, their types alone would not tell. */
type UnknownNames<Ours, Theirs> = Ours extends ReadonlyArray<infer Own>
  ? Theirs extends ReadonlyArray<infer Other> ? UnknownNames<Own, Other> : never
  : Ours extends object ? {
      [Name in keyof Ours]-?: Name extends keyof Theirs ?
        UnknownNames<NonNullable<Ours[Name]>, NonNullable<Theirs[Name]>>
        : Name
    }[keyof Ours]
  : never

type Sent = Written<SentRequest>
type Settings = NonNullable<Sent["generationConfig"]>

interface Theirs {
  contents: Array<Content>
  systemInstruction?: Content
  tools?: Array<Tool>
  toolConfig?: ToolConfig
  generationConfig?: Omit<GenerationConfig, "thinkingConfig"> & {
    thinkingConfig?: Omit<ThinkingConfig, "thinkingLevel">
  }
}

/** A level is Strata's word, or its client's, whatever that is. */
type Ours = Omit<Sent, "generationConfig"> & {
  generationConfig?: Omit<Settings, "thinkingConfig"> & {
    thinkingConfig?: Omit<NonNullable<Settings["thinkingConfig"]>, "thinkingLevel">
  }
}

describe("GeminiDialect, types", () => {
  it("sends what the SDK sends: turns, parts, calls, results, tools and settings", () => {
    expectTypeOf<Ours>().toExtend<InWords<Theirs>>()
    expectTypeOf<UnknownNames<Sent, InWords<Theirs>>>().toExtend<"thinkingLevel">()
    expectTypeOf<keyof NonNullable<Settings["thinkingConfig"]>>().toEqualTypeOf<keyof ThinkingConfig>()
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
