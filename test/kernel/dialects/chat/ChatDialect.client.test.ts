/** OpenAI's own client reads what Strata writes of another vendor's answer, plain and streamed. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream, Struct } from "effect"
import { chat } from "../../../../src/kernel/dialects/chat/ChatDialect.ts"
import type { ChatResponse } from "../../../../src/kernel/messages/ChatResponse.ts"
import type { StreamPart } from "../../../../src/kernel/messages/StreamPart.ts"
import * as RawVendor from "../../../support/RawVendor.ts"
import { hello, Sdk } from "../../../support/Sdk.ts"

const response: ChatResponse = {
  metadata: { id: "msg_1", model: "claude", created: 7 },
  content: [
    { type: "thinking", thinking: "hm", signature: "SIG" },
    { type: "text", text: "Hello" },
    { type: "text", text: " there" },
    { type: "tool_call", id: "call_1", name: "f", input: { a: 1 } },
    { type: "tool_call", id: "call_2", name: "g", input: {} }
  ],
  finish_reason: "pause_turn",
  usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5, cache_read_tokens: 1, cache_write_tokens: 2 }
}
const [thinking, first, second, call, other] = response.content

/** Two calls grow side by side, and one comes whole. */
const parts: ReadonlyArray<StreamPart> = [
  { type: "response_start", metadata: { id: "msg_1", model: "claude", created: 7 } },
  { type: "block_start", index: 0, block: "thinking" },
  { type: "block_delta", index: 0, text: "hm" },
  { type: "block_end", index: 0, block: thinking! },
  { type: "block_start", index: 1, block: "text" },
  { type: "block_delta", index: 1, text: "Hello" },
  { type: "block_end", index: 1, block: first! },
  { type: "block_start", index: 2, block: "text" },
  { type: "block_end", index: 2, block: second! },
  { type: "block_start", index: 3, block: "tool_call", id: "call_1", name: "f" },
  { type: "block_start", index: 4, block: "tool_call", id: "call_2", name: "g" },
  { type: "block_delta", index: 3, text: "{\"a\"" },
  { type: "block_end", index: 4, block: other! },
  { type: "block_delta", index: 3, text: ":1}" },
  { type: "block_end", index: 3, block: call! }
]

const answered = (type: string, body: Uint8Array) =>
  RawVendor.make((socket) => {
    socket.write(`HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-length: ${body.length}\r\n\r\n`)
    socket.write(body)
  }).pipe(Effect.map(({ url }) => Sdk.make(url)))

const streamed = (given: ReadonlyArray<StreamPart>) => {
  const { add } = chat.lower.stream()
  return answered("text/event-stream", Buffer.concat([...given.flatMap(add), chat.lastFrame]))
}

interface Called {
  readonly name: string
  readonly arguments: string
}

const calls = [
  { id: "call_1", type: "function", function: { name: "f", arguments: "{\"a\":1}" } },
  { id: "call_2", type: "function", function: { name: "g", arguments: "{}" } }
]

describe("ChatDialect, OpenAI's client", () => {
  it.live("reads an answer: one text, calls, usage, and an end that it knows", () =>
    Effect.gen(function*() {
      const client = yield* answered("application/json", Buffer.from(JSON.stringify(chat.lower.response(response))))
      const read = yield* Sdk.create(client, hello)
      const [choice] = read.choices
      assert.strictEqual(choice?.message.content, "Hello there")
      assert.deepStrictEqual<unknown>(choice?.message.tool_calls, calls)
      assert.strictEqual(choice?.finish_reason, "tool_calls")
      assert.deepInclude(read.usage?.prompt_tokens_details, { cached_tokens: 1, cache_write_tokens: 2 })
    }))

  it.live("adds up a stream to the same answer", () =>
    Effect.gen(function*() {
      const client = yield* streamed([...parts, { type: "response", response }])
      const read = yield* Effect.tryPromise(() => client.chat.completions.stream(hello).finalChatCompletion())
      const [choice] = read.choices
      assert.strictEqual(choice?.message.content, "Hello there")
      const given = JSON.parse(JSON.stringify(choice?.message.tool_calls)) as ReadonlyArray<{ function: object }>
      assert.deepStrictEqual<unknown>(
        given.map((each) => ({ ...each, function: Struct.pick(each.function as Called, ["name", "arguments"]) })),
        calls
      )
      assert.strictEqual(read.id, "msg_1")
    }))

  it.live("throws what an error in mid-stream says", () =>
    Effect.gen(function*() {
      const failure = { kind: "overloaded", message: "Overloaded", type: "overloaded_error" } as const
      const client = yield* streamed([...parts.slice(0, 6), { type: "error", error: {}, failure }])
      const stream = yield* Effect.tryPromise(() => client.chat.completions.create({ ...hello, stream: true }))
      const error = yield* Sdk.failureOf(Stream.runDrain(Sdk.readAll(stream)))
      assert.deepInclude(error, { code: "overloaded_error", type: "overloaded_error" })
      assert.include(error.message, "Overloaded")
    }))
})
