/** What is sent is what OpenAI's client takes, and what that client reads is read here: `tsc` reads these lines. */
import { describe, expectTypeOf, it } from "@effect/vitest"
import type { Responses } from "openai/resources/responses/responses"
import type {
  SentCall,
  SentFunction,
  SentReasoning,
  SentRequest,
  SentResult
} from "../../../../src/kernel/dialects/responses/SentWire.ts"
import type { ReadResponse, ResponsesRequest } from "../../../../src/kernel/dialects/responses/Wire.ts"

/** The fields that are declared, without those that any name may have. */
type Declared<T> = T extends ReadonlyArray<infer Each> ? ReadonlyArray<Declared<Each>>
  : T extends object ? { [Name in keyof T as string extends Name ? never : Name]: Declared<T[Name]> }
  : T

/** Lists that nobody changes are the client's lists. */
type Mutable<T> = T extends ReadonlyArray<infer Each> ? Array<Mutable<Each>>
  : T extends object ? { -readonly [Name in keyof T]: Mutable<T[Name]> }
  : T

type Sent<T> = Mutable<Declared<T>>

describe("SentWire, beside OpenAI's types", () => {
  it("sends what the client takes", () => {
    type Create = Responses.ResponseCreateParams
    type Other = "input" | "tools" | "include"
    expectTypeOf<Omit<Sent<typeof SentRequest.Type>, Other>>().toExtend<Omit<Create, Other>>()
    expectTypeOf<Sent<typeof SentCall.Type>>().toExtend<Responses.ResponseFunctionToolCall>()
    expectTypeOf<Pick<Sent<typeof SentResult.Type>, "type" | "call_id">>().toExtend<
      Pick<Responses.ResponseInputItem.FunctionCallOutput, "type" | "call_id">
    >()
    // An id that the vendor never gave is left out, which the client's type does not know.
    expectTypeOf<Sent<typeof SentReasoning.Type> & { id: string }>().toExtend<Responses.ResponseReasoningItem>()
    expectTypeOf<Omit<Sent<typeof SentFunction.Type>, "parameters"> & { parameters: Record<string, unknown> }>()
      .toExtend<Responses.FunctionTool>()
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
