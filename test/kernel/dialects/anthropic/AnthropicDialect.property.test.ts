/** Whatever the canonical model says, the wire is what the vendor takes, or a refusal that names the field. */
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { anthropic } from "../../../../src/kernel/dialects/anthropic/AnthropicDialect.ts"
import { SentRequest } from "../../../../src/kernel/dialects/anthropic/SentWire.ts"
import { AnthropicMessage } from "../../../../src/kernel/dialects/anthropic/Wire.ts"
import { ChatRequest } from "../../../../src/kernel/messages/ChatRequest.ts"
import { ChatResponse } from "../../../../src/kernel/messages/ChatResponse.ts"
import type { ContentBlock } from "../../../../src/kernel/messages/ContentBlock.ts"
import { isModeled } from "../../../../src/kernel/messages/ContentBlock.ts"
import { blocksOf } from "../../../../src/kernel/messages/Message.ts"
import type { StreamPart } from "../../../../src/kernel/messages/StreamPart.ts"
import * as Streams from "./AnthropicStreams.ts"

const isSent = Schema.decodeUnknownResult(SentRequest)
const isMessage = Schema.decodeUnknownSync(AnthropicMessage)

const frozen = <T>(value: T): T => {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    Object.values(value).forEach(frozen)
  }
  return value
}

/** A dialect's own options are what it once raised itself: here, none. */
const withoutOwn = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (name, each) => name === "provider_options" ? undefined : each)

/** Blocks that no vendor refuses for what they hold. */
const isWritable = (block: ContentBlock): boolean => isModeled(block) && block.type !== "image"
const named = (block: ContentBlock): ContentBlock =>
  isModeled(block) && block.type === "tool_call" ? { ...block, name: `f${block.name}` } : block

const decodeRequest = Schema.decodeUnknownSync(ChatRequest)

/** Each block in a start, its words in pieces, and an end. */
const partsOf = (response: ChatResponse): ReadonlyArray<StreamPart> => [
  { type: "response_start", metadata: response.metadata ?? {} },
  ...response.content.flatMap((block, index): ReadonlyArray<StreamPart> => [
    {
      type: "block_start",
      index,
      block: block.type,
      ...(block.type === "tool_call" ? { id: String(block["id"]), name: String(block["name"]) } : {})
    },
    { type: "block_end", index, block }
  ]),
  { type: "response", response }
]

describe("AnthropicDialect, generated", () => {
  it.prop("sends what the vendor takes, or refuses with a field's name", { value: ChatRequest }, ({ value }) => {
    const request = frozen(decodeRequest(withoutOwn(value)))
    Result.match(anthropic.lower.request(request), {
      onSuccess: ({ body }) => {
        const sent = isSent(JSON.parse(JSON.stringify(body)))
        assert.isTrue(Result.isSuccess(sent), Result.isFailure(sent) ? sent.failure.message : "")
      },
      onFailure: ({ param }) => assert.isString(param)
    })
  })

  it.prop("sends conversations of whatever blocks, and says them again", { value: ChatRequest }, ({ value }) => {
    const given = decodeRequest(withoutOwn({ messages: value.messages }))
    const messages = given.messages.map((message) => ({
      ...message,
      content: blocksOf(message).filter(isWritable).map(named)
    }))
    const { body } = Result.getOrThrow(
      anthropic.lower.request(frozen({ model: "m", messages: [...messages, { role: "user", content: "Hello?" }] }))
    )
    Result.getOrThrow(isSent(JSON.parse(JSON.stringify(body))))
    const again = Result.flatMap(anthropic.raise.request(body), anthropic.lower.request)
    assert.deepStrictEqual(Result.getOrThrow(again).body, body)
  })

  it.prop("sends most of what is asked of a named model", { value: ChatRequest }, ({ value }) => {
    const { response_format: _, tool_choice: __, tools: ___, ...rest } = decodeRequest(withoutOwn(value))
    const messages = [{ role: "user" as const, content: "Hello?" }]
    const given = frozen({ ...rest, model: "m", messages, max_output_tokens: 5000 })
    const { body } = Result.getOrThrow(anthropic.lower.request(given))
    const sent = isSent(JSON.parse(JSON.stringify(body)))
    assert.isTrue(Result.isSuccess(sent), Result.isFailure(sent) ? sent.failure.message : "")
  })

  it.prop("says the same again of what it raised from its own wire", { value: ChatRequest }, ({ value }) => {
    const first = anthropic.lower.request(decodeRequest(withoutOwn(value)))
    if (Result.isFailure(first)) return
    const { body } = first.success
    const again = Result.flatMap(anthropic.raise.request(body), anthropic.lower.request)
    assert.deepStrictEqual(Result.getOrThrow(again).body, body)
  })

  it.prop("answers with a message, and streams the same", { value: ChatResponse }, ({ value }) => {
    const response = frozen(Schema.decodeUnknownSync(ChatResponse)(withoutOwn(value)))
    const plain = JSON.parse(JSON.stringify(anthropic.lower.response(response)))
    isMessage(plain)
    const text = Streams.written(anthropic.lower.stream(), partsOf(response))
    const last = Streams.partsOf(anthropic.raise.stream(), text).at(-1)
    assert.deepStrictEqual(
      last?.type === "response" ? last.response : last,
      Result.getOrThrow(anthropic.raise.response(plain))
    )
  })

  it.prop("gives thoughts and signatures of others back from a client", { value: ChatResponse }, ({ value }) => {
    const { content } = Schema.decodeUnknownSync(ChatResponse)(withoutOwn(value))
    const thoughts = content.filter(({ type }) => type === "thinking" || type === "reasoning")
      .map((block) => ({ ...block, provider_options: { gemini: { a: 1 } } }))
    const message = anthropic.lower.response({ content: thoughts })
    const request = { model: "m", messages: [{ role: "assistant", content: message["content"] }] }
    const raised = Result.getOrThrow(anthropic.raise.request(JSON.parse(JSON.stringify(request))))
    assert.deepStrictEqual<unknown>(raised.messages[0]?.content, thoughts)
  })
})
