/** The official SDK as oracle: of types, and as the client that reads what Strata writes. */
import Anthropic, { APIError, RateLimitError } from "@anthropic-ai/sdk"
import type { Message, MessageCreateParams, Tool } from "@anthropic-ai/sdk/resources/messages"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import { anthropic } from "../../../../src/kernel/dialects/anthropic/AnthropicDialect.ts"
import type { SentRequest } from "../../../../src/kernel/dialects/anthropic/SentWire.ts"
import type { AnthropicMessage, MessagesRequest } from "../../../../src/kernel/dialects/anthropic/Wire.ts"
import type { ChatResponse } from "../../../../src/kernel/messages/ChatResponse.ts"
import * as OpaqueState from "../../../../src/kernel/messages/OpaqueState.ts"
import type { StreamPart } from "../../../../src/kernel/messages/StreamPart.ts"
import type { Written } from "../../../support/WrittenTypes.ts"
import * as Samples from "./AnthropicSamples.ts"
import * as Streams from "./AnthropicStreams.ts"

type Assignable<From, To> = [From] extends [To] ? true : false
type Plain<T> = T extends ReadonlyArray<infer Each> ? Array<Plain<Each>>
  : T extends object ? { -readonly [Name in keyof T as string extends Name ? never : Name]: Plain<T[Name]> }
  : T

type Sent = Written<SentRequest>
type Turn = Sent["messages"][number]
type AssistantBlock = Extract<Turn, { role: "assistant" }>["content"][number]

/** The SDK has a type for each value of `stream`. */
type Apart = "stream" | "messages"

/** Of a vendor that signs nothing: it goes back as it came. */
type Unsigned = Extract<AssistantBlock, { type: "thinking"; signature?: never }>

/** What the compiler holds against the SDK; each line fails to compile where it is false. */
const types: ReadonlyArray<true> = [
  true satisfies Assignable<Omit<Sent, Apart>, Omit<Anthropic.MessageCreateParamsNonStreaming, Apart>>,
  true satisfies Assignable<Exclude<Turn, { role: "assistant" }>, Anthropic.MessageParam>,
  true satisfies Assignable<Exclude<AssistantBlock, Unsigned>, Anthropic.ContentBlockParam>,
  true satisfies Assignable<
    Pick<MessageCreateParams, "model" | "max_tokens" | "stream" | "stop_sequences">,
    Plain<Pick<MessagesRequest, "model" | "max_tokens" | "stream" | "stop_sequences">>
  >,
  true satisfies Assignable<
    MessageCreateParams["messages"][number]["role"],
    MessagesRequest["messages"][number]["role"]
  >,
  true satisfies Assignable<
    Pick<Message, "id" | "model" | "role" | "stop_reason" | "stop_sequence">,
    Pick<Plain<AnthropicMessage>, "id" | "model" | "role" | "stop_reason" | "stop_sequence">
  >,
  true satisfies Assignable<Tool["input_schema"]["type"], "object">
]

const ask = (body: string, contentType: string, status = 200) =>
  new Anthropic({
    apiKey: "none",
    maxRetries: 0,
    fetch: () => Promise.resolve(new Response(body, { status, headers: { "content-type": contentType } }))
  })

const question = { model: "m", max_tokens: 10, messages: [{ role: "user" as const, content: "Hello?" }] }

const streamed = (text: string) =>
  Effect.promise(() => ask(text, "text/event-stream").messages.stream(question).finalMessage())

const lastFrame = Buffer.from(anthropic.lastFrame).toString("utf8")

/** An answer of another vendor, in parts that stand between each other. */
const foreign: ChatResponse = {
  content: [
    {
      type: "thinking",
      thinking: "Weather.",
      content: ["ENCRYPTED", "rs_1"],
      producer_model: "openai/gpt-5",
      producer_dialect: "responses"
    },
    { type: "text", text: "I look." },
    {
      type: "tool_call",
      id: "call.1",
      name: "f",
      input: { city: "Oslo" },
      signature: "G-SIG",
      producer_dialect: "gemini",
      provider_options: { gemini: {} }
    },
    { type: "tool_call", id: "call.2", name: "f", input: { city: "Rome" } }
  ],
  usage: { input_tokens: 30, output_tokens: 9, total_tokens: 39, cache_read_tokens: 20, reasoning_tokens: 3 },
  finish_reason: "tool_calls",
  metadata: { id: "chatcmpl-1", model: "gpt-5" }
}

const interleaved: ReadonlyArray<StreamPart> = [
  { type: "response_start", metadata: { id: "chatcmpl-1", model: "gpt-5" } },
  { type: "block_start", index: 0, block: "thinking" },
  { type: "block_start", index: 1, block: "text" },
  { type: "block_delta", index: 1, text: "I " },
  { type: "block_delta", index: 0, text: "Wea" },
  { type: "block_start", index: 2, block: "tool_call", id: "call.1", name: "f" },
  { type: "block_start", index: 3, block: "tool_call", id: "call.2", name: "f" },
  { type: "block_delta", index: 3, text: "{\"city\":" },
  { type: "block_delta", index: 2, text: "{\"city\":\"Oslo\"}" },
  { type: "block_delta", index: 1, text: "look." },
  { type: "block_delta", index: 0, text: "ther." },
  { type: "block_end", index: 0, block: foreign.content[0]! },
  { type: "block_end", index: 2, block: foreign.content[2]! },
  { type: "block_delta", index: 3, text: "\"Rome\"}" },
  { type: "block_end", index: 3, block: foreign.content[3]! },
  { type: "block_end", index: 1, block: foreign.content[1]! },
  { type: "response", response: foreign }
]

describe("AnthropicDialect, before @anthropic-ai/sdk", () => {
  it("has the SDK's types", () => assert.isTrue(types.every(Boolean)))

  it.effect.each(Samples.answers)(
    "is read in a stream as it is read plain: $name",
    ({ body }) =>
      Effect.gen(function*() {
        const parts = Streams.partsOf(anthropic.raise.stream(), Streams.streamOf(body))
        const message = yield* streamed(Streams.written(anthropic.lower.stream(), parts) + lastFrame)
        const read = Result.getOrThrow(anthropic.raise.response(JSON.parse(JSON.stringify(message))))
        const plain = Result.getOrThrow(anthropic.raise.response(body))
        assert.deepStrictEqual(read.content, plain.content)
        assert.deepStrictEqual(read.usage, plain.usage)
        assert.strictEqual(read.finish_reason, plain.finish_reason)
      })
  )

  it.effect("reads blocks one after the other, whatever stood between them, and gives all of it back", () =>
    Effect.gen(function*() {
      const text = Streams.written(anthropic.lower.stream(), interleaved)
      const message = yield* streamed(text + lastFrame)
      assert.deepStrictEqual(message.content.map(({ type }) => type), [
        "thinking",
        "text",
        "tool_use",
        "redacted_thinking",
        "tool_use"
      ])
      assert.deepInclude(message.content[2], { id: "call.1", name: "f", input: { city: "Oslo" } })
      assert.deepInclude(message.content[4], { id: "call.2", name: "f", input: { city: "Rome" } })
      assert.strictEqual(message.stop_reason, "tool_use")
      assert.deepInclude(message.usage, { input_tokens: 10, cache_read_input_tokens: 20, output_tokens: 9 })
      const again = Streams.partsOf(anthropic.raise.stream(), text)
      const ended = again.flatMap((part) => part.type === "block_end" ? [part.block] : [])
      assert.deepStrictEqual(ended, foreign.content)
      const next = { ...question, messages: [...question.messages, { role: "assistant", content: message.content }] }
      const raised = Result.getOrThrow(anthropic.raise.request(JSON.parse(JSON.stringify(next))))
      assert.deepStrictEqual(raised.messages[1]?.content, foreign.content)
    }))

  it.effect("reads a plain answer as the stream's", () =>
    Effect.gen(function*() {
      const body = JSON.stringify(anthropic.lower.response(foreign))
      const plain = yield* Effect.promise(() => ask(body, "application/json").messages.create(question))
      const message = yield* streamed(Streams.written(anthropic.lower.stream(), interleaved) + lastFrame)
      assert.deepStrictEqual(JSON.parse(JSON.stringify(message.content)), plain.content)
      const [thinking] = plain.content
      assert.isTrue(thinking?.type === "thinking" && OpaqueState.isSealed(thinking.signature))
    }))

  it.effect("gets a failure in mid-stream as an error", () =>
    Effect.gen(function*() {
      const text = Streams.written(anthropic.lower.stream(), [
        { type: "response_start", metadata: {} },
        { type: "error", error: "broken", failure: { kind: "overloaded", message: "Overloaded" } }
      ])
      const error = yield* Effect.flip(
        Effect.tryPromise(() => ask(text, "text/event-stream").messages.stream(question).finalMessage())
      )
      assert.instanceOf(error.cause, APIError)
      assert.include(String(error.cause), "overloaded_error")
    }))

  it.effect("gets an envelope as the error of its status", () =>
    Effect.gen(function*() {
      const body = JSON.stringify(anthropic.errors.envelope({ message: "slow down", type: "rate_limit_error" }))
      const error = yield* Effect.flip(
        Effect.tryPromise(() => ask(body, "application/json", 429).messages.create(question))
      )
      assert.instanceOf(error.cause, RateLimitError)
      assert.strictEqual((error.cause as InstanceType<typeof RateLimitError>).type, "rate_limit_error")
    }))
})
