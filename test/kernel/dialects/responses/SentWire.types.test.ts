/** What is sent is what OpenAI's client takes, and what that client reads is read here: `tsc` reads these lines. */
import { describe, expectTypeOf, it } from "@effect/vitest"
import type { Responses } from "openai/resources/responses/responses"
import type * as EncryptedReasoning from "../../../../src/kernel/dialects/responses/EncryptedReasoning.ts"
import type { SentRequest } from "../../../../src/kernel/dialects/responses/SentWire.ts"
import type { ReadResponse, ResponsesRequest } from "../../../../src/kernel/dialects/responses/Wire.ts"
import type { Written } from "../../../support/WrittenTypes.ts"

/** The fields that are declared, without those that any name may have. */
type Declared<T> = T extends ReadonlyArray<infer Each> ? ReadonlyArray<Declared<Each>>
  : T extends object ? { [Name in keyof T as string extends Name ? never : Name]: Declared<T[Name]> }
  : T

type Sent = Written<typeof SentRequest.Type>
type Item = NonNullable<Sent["input"]>[number]
type Reasoning = Extract<Item, { type: "reasoning" }>
type Answer = Extract<Item, { role: "assistant" }>
type AnswerIn<Content> = Omit<Answer, "content"> & { content: Extract<Answer["content"], Content> }

/** The client has a type for each value of `stream`; `include` has words of its clients besides the one that is added. */
type Apart = "stream" | "include" | "input"

describe("SentWire, beside OpenAI's types", () => {
  it("sends what the client takes: items, parts, calls, results, tools and settings", () => {
    expectTypeOf<Omit<Sent, Apart>>().toExtend<Omit<Responses.ResponseCreateParamsNonStreaming, Apart>>()
    expectTypeOf<Exclude<Item, Reasoning | Answer>>().toExtend<Responses.ResponseInputItem>()
    expectTypeOf<AnswerIn<string>>().toExtend<Responses.EasyInputMessage>()
    // An id that the vendor never gave is left out, which the client's types do not know.
    expectTypeOf<AnswerIn<ReadonlyArray<unknown>> & { id: string; status: "completed" }>().toExtend<
      Responses.ResponseOutputMessage
    >()
    expectTypeOf<Reasoning & { id: string }>().toExtend<Responses.ResponseReasoningItem>()
    expectTypeOf<typeof EncryptedReasoning.encrypted>().toExtend<Responses.ResponseIncludable>()
  })

  it("reads what the client reads and writes", () => {
    expectTypeOf<Pick<Responses.Response, "id" | "model" | "created_at" | "status" | "incomplete_details">>().toExtend<
      Omit<Declared<ReadResponse>, "output" | "incomplete_details"> & {
        readonly incomplete_details?: { readonly reason?: string | null } | null
      }
    >()
    expectTypeOf<Pick<Responses.ResponseCreateParams, "instructions">>().toExtend<
      { instructions?: ResponsesRequest["instructions"] | undefined }
    >()
  })
})
