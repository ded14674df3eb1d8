/** What is sent is what OpenAI's client takes, and what that client reads is read here: `tsc` reads these lines. */
import { describe, expectTypeOf, it } from "@effect/vitest"
import type OpenAI from "openai"
import type { SentRequest } from "../../../../src/kernel/dialects/chat/SentWire.ts"
import type { ChatCompletion, ChatCompletionChunk } from "../../../../src/kernel/dialects/chat/Wire.ts"
import type { Written } from "../../../support/WrittenTypes.ts"

/** The fields that are declared, without those that any name may have. */
type Declared<T> = T extends ReadonlyArray<infer Each> ? ReadonlyArray<Declared<Each>>
  : T extends object ? { [Name in keyof T as string extends Name ? never : Name]: Declared<T[Name]> }
  : T

/** Of these a request has what its client says, whatever that is: the vendor judges. */
type OfClients =
  | "logprobs"
  | "top_logprobs"
  | "n"
  | "logit_bias"
  | "service_tier"
  | "reasoning_effort"
  | "stream_options"

/** The client has a type for each value of it. */
type Apart = OfClients | "stream"

describe("SentWire of chat completions, beside OpenAI's types", () => {
  it("sends what the client takes: messages, parts, calls, results, tools and settings", () => {
    expectTypeOf<Omit<Written<typeof SentRequest.Type>, Apart>>().toExtend<
      Omit<OpenAI.ChatCompletionCreateParamsNonStreaming, Apart>
    >()
  })

  it("reads what the client reads", () => {
    type Head = "id" | "created" | "model" | "object"
    expectTypeOf<Pick<OpenAI.ChatCompletion, Head>>().toExtend<Pick<Declared<ChatCompletion>, Head>>()
    expectTypeOf<OpenAI.ChatCompletion.Choice>().toExtend<
      { readonly index: number; readonly message: { readonly role: string }; readonly finish_reason?: string | null }
    >()
    expectTypeOf<Pick<OpenAI.ChatCompletionChunk, Head>>().toExtend<Pick<Declared<ChatCompletionChunk>, Head>>()
    expectTypeOf<Pick<OpenAI.CompletionUsage, "prompt_tokens" | "completion_tokens" | "total_tokens">>().toExtend<
      Declared<NonNullable<ChatCompletion["usage"]>>
    >()
  })
})
