/** What is sent is what OpenAI's client takes, and what that client reads is read here: `tsc` reads these lines. */
import { describe, expectTypeOf, it } from "@effect/vitest"
import type OpenAI from "openai"
import type { SentMessage, SentRequest, SentToolCall } from "../../../../src/kernel/dialects/chat/SentWire.ts"
import type { ChatCompletion, ChatCompletionChunk } from "../../../../src/kernel/dialects/chat/Wire.ts"

/** The fields that are declared, without those that any name may have. */
type Declared<T> = T extends ReadonlyArray<infer Each> ? ReadonlyArray<Declared<Each>>
  : T extends object ? { [Name in keyof T as string extends Name ? never : Name]: Declared<T[Name]> }
  : T

/** Lists that nobody changes are the client's lists. */
type Mutable<T> = T extends ReadonlyArray<infer Each> ? Array<Mutable<Each>>
  : T extends object ? { -readonly [Name in keyof T]: Mutable<T[Name]> }
  : T

type Sent<T> = Mutable<Declared<T>>
type Message = Sent<typeof SentMessage.Type>
type Of<Role> = Extract<Message, { role: Role }>

describe("SentWire of chat completions, beside OpenAI's types", () => {
  it("sends what the client takes", () => {
    type Function = Extract<Sent<typeof SentToolCall.Type>, { type: "function" }>
    expectTypeOf<Function>().toExtend<OpenAI.ChatCompletionMessageFunctionToolCall>()
    expectTypeOf<Pick<Of<"assistant">, "role">>().toExtend<Pick<OpenAI.ChatCompletionAssistantMessageParam, "role">>()
    expectTypeOf<Omit<Of<"tool">, "content"> & { content: string }>().toExtend<OpenAI.ChatCompletionToolMessageParam>()
    expectTypeOf<Pick<Sent<typeof SentRequest.Type>, "model">>().toExtend<
      Pick<OpenAI.ChatCompletionCreateParams, "model">
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
