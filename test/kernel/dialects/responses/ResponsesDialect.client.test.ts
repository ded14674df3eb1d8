/** OpenAI's own client reads what Strata writes, plain and streamed. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream, Struct } from "effect"
import type { Schema } from "effect"
import type { Responses } from "openai/resources/responses/responses"
import { responses } from "../../../../src/kernel/dialects/responses/ResponsesDialect.ts"
import type { ChatResponse } from "../../../../src/kernel/messages/ChatResponse.ts"
import type { StreamPart } from "../../../../src/kernel/messages/StreamPart.ts"
import * as RawVendor from "../../../support/RawVendor.ts"
import { Sdk } from "../../../support/Sdk.ts"

const response: ChatResponse = {
  metadata: { id: "resp_1", model: "m", created: 7 },
  content: [
    { type: "thinking", thinking: "hm", signature: "sig" },
    { type: "redacted_thinking", data: "OPAQUE" },
    { type: "text", text: "Hello" },
    { type: "tool_call", id: "call_1", name: "f", input: { a: 1 } },
    { type: "tool_call", id: "call_2", name: "g", input: {} }
  ],
  finish_reason: "tool_calls",
  usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5, cache_read_tokens: 1 }
}

const [thinking, redacted, text, first, second] = response.content

/** Two calls grow side by side. */
const parts: ReadonlyArray<StreamPart> = [
  { type: "response_start", metadata: { id: "resp_1", model: "m", created: 7 } },
  { type: "block_start", index: 0, block: "thinking" },
  { type: "block_delta", index: 0, text: "hm" },
  { type: "block_end", index: 0, block: thinking! },
  { type: "block_start", index: 1, block: "redacted_thinking" },
  { type: "block_end", index: 1, block: redacted! },
  { type: "block_start", index: 2, block: "text" },
  { type: "block_delta", index: 2, text: "Hel" },
  { type: "block_delta", index: 2, text: "lo" },
  { type: "block_end", index: 2, block: text! },
  { type: "block_start", index: 3, block: "tool_call", id: "call_1", name: "f" },
  { type: "block_start", index: 4, block: "tool_call", id: "call_2", name: "g" },
  { type: "block_delta", index: 3, text: "{\"a\"" },
  { type: "block_end", index: 4, block: second! },
  { type: "block_delta", index: 3, text: ":1}" },
  { type: "block_end", index: 3, block: first! }
]

const answered = (type: string, body: Uint8Array) =>
  RawVendor.make((socket) => {
    socket.write(`HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-length: ${body.length}\r\n\r\n`)
    socket.write(body)
  }).pipe(Effect.map(({ url }) => Sdk.make(url)))

const streamed = (given: ReadonlyArray<StreamPart>) => {
  const { add } = responses.lower.stream()
  return answered("text/event-stream", Buffer.concat([...given.flatMap(add), responses.lastFrame]))
}

const ask = { model: "m", input: "Hello?" }

/** What a client sends back, in the canonical model. */
const contentOf = (output: ReadonlyArray<Responses.ResponseOutputItem>) => {
  const [message] = responses.raise.request({ model: "m", input: output }).pipe((raised) =>
    raised._tag === "Success" ? raised.success.messages : []
  )
  return message?.content
}

const essence = (content: unknown) =>
  (content as ReadonlyArray<Schema.JsonObject>).map((block) => Struct.omit(block, ["provider_options"]))

describe("ResponsesDialect, OpenAI's client", () => {
  it.live("reads an answer, and sends back all that is in it", () =>
    Effect.gen(function*() {
      const client = yield* answered(
        "application/json",
        Buffer.from(JSON.stringify(responses.lower.response(response)))
      )
      const read = yield* Effect.tryPromise(() => client.responses.create(ask))
      assert.strictEqual(read.output_text, "Hello")
      assert.deepStrictEqual(read.output.map(({ type }) => type), [
        "reasoning",
        "reasoning",
        "message",
        "function_call",
        "function_call"
      ])
      assert.strictEqual(read.usage?.input_tokens_details.cached_tokens, 1)
      assert.deepStrictEqual<unknown>(essence(contentOf(read.output)), response.content)
    }))

  it.live("adds up a stream to the same answer", () =>
    Effect.gen(function*() {
      const client = yield* streamed([...parts, { type: "response", response }])
      const read = yield* Effect.tryPromise(() => client.responses.stream(ask).finalResponse())
      assert.strictEqual(read.output_text, "Hello")
      assert.strictEqual(read.status, "completed")
      assert.deepStrictEqual<unknown>(essence(contentOf(read.output)), response.content)
    }))

  it.live("reads why an answer is incomplete", () =>
    Effect.gen(function*() {
      const short = { ...response, content: [text!], finish_reason: "length" }
      const client = yield* streamed([...parts.slice(0, 1), ...parts.slice(6, 10), {
        type: "response",
        response: short
      }])
      const read = yield* Effect.tryPromise(() => client.responses.stream(ask).finalResponse())
      assert.deepStrictEqual([read.status, read.incomplete_details?.reason], ["incomplete", "max_output_tokens"])
    }))

  it.live("throws what an error in mid-stream says", () =>
    Effect.gen(function*() {
      const failure = { kind: "overloaded", message: "Overloaded", type: "overloaded_error" } as const
      const client = yield* streamed([...parts.slice(0, 9), { type: "error", error: {}, failure }])
      const stream = yield* Effect.tryPromise(() => client.responses.create({ ...ask, stream: true }))
      const error = yield* Sdk.failureOf(Stream.runDrain(Sdk.readAll(stream)))
      assert.deepInclude(error, { code: "overloaded_error", type: "overloaded_error" })
      assert.include(error.message, "Overloaded")
    }))
})
