/** Which operations carry a conversation is a table, and each dialect in it keeps what all dialects promise. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { apis } from "../../../src/apis/Apis.ts"
import type { Dialect } from "../../../src/kernel/dialects/Dialect.ts"
import { SseReader } from "../../../src/kernel/dialects/sse/SseReader.ts"
import { blocksOf } from "../../../src/kernel/messages/Message.ts"

const carrying = [...apis.dialects].map(([id, dialect]) => ({ id, dialect, name: dialect.name }))

const framesOf = (bytes: ReadonlyArray<Uint8Array>) => bytes.flatMap((each) => new SseReader().feed(each))

const response = { content: [{ type: "text", text: "Hi" }], finish_reason: "stop" } as const

const lastFrame = (dialect: Dialect) => Buffer.from(dialect.lastFrame).toString()

describe("Dialects", () => {
  it("knows the operations of the served API that carry a conversation, and no other", () => {
    assert.deepStrictEqual(carrying.map(({ id, name }) => [id, name]), [
      ["createChatCompletion", "chat"],
      ["createMessage", "anthropic"],
      ["createInteraction", "interactions"],
      ["createBetaInteraction", "interactions"],
      ["createEarlierInteraction", "interactions"],
      ["createResponse", "responses"]
    ])
    for (const { id } of carrying) assert.isTrue(apis.operations.some((operation) => operation.id === id))
  })

  it.each(carrying)("$name knows its last frame and no other", ({ dialect }) => {
    assert.isTrue(dialect.isLastFrame(lastFrame(dialect)))
    for (const text of ["", ": ping\n\n", "data: {}\n\n"]) assert.isFalse(dialect.isLastFrame(text))
  })

  it.each(carrying)("$name says again what it has understood, plain and streamed", ({ dialect }) => {
    const request = { model: "m", max_output_tokens: 100, messages: [{ role: "user", content: "Hello?" }] } as const
    const again = Result.getOrThrow(dialect.raise.request(Result.getOrThrow(dialect.lower.request(request)).body))
    const { messages: [message], ...fields } = again
    // What is asked of vendors besides, a client of the dialect is taken to have asked for.
    const asked = { model: "m", max_output_tokens: 100, provider_options: undefined }
    assert.deepStrictEqual<unknown>({ ...fields, provider_options: undefined }, asked)
    assert.deepStrictEqual<unknown>(blocksOf(message!), [{ type: "text", text: "Hello?" }])
    const raised = Result.getOrThrow(dialect.raise.response(dialect.lower.response(response)))
    assert.deepInclude(raised.content[0], { type: "text", text: "Hi" })
    assert.deepStrictEqual<unknown>([raised.content.length, raised.finish_reason], [1, "stop"])

    const { add } = dialect.lower.stream()
    const source = dialect.raise.stream("p/m")
    const frames = framesOf([
      ...add({ type: "response_start", metadata: { id: "c", model: "m" } }),
      ...add({ type: "block_start", index: 0, block: "text" }),
      ...add({ type: "block_delta", index: 0, text: "Hi" }),
      ...add({ type: "block_end", index: 0, block: { type: "text", text: "Hi" } }),
      ...add({ type: "response", response }),
      dialect.lastFrame
    ])
    const last = [...frames.flatMap((frame) => source.add(frame)), ...source.end()].at(-1)
    assert.strictEqual(last?.type, "response")
    const [block, ...others] = last?.type === "response" ? last.response.content : []
    assert.deepInclude(block, { type: "text", text: "Hi", producer_model: "p/m" })
    assert.deepStrictEqual(others, [])
  })

  it.each(carrying)("$name finds its own answers in what it has said", ({ dialect }) => {
    const { conversation, lower } = dialect
    const found = conversation.answer(JSON.stringify(lower.response(response)), false)
    assert.strictEqual(found?.finish_reason, "stop")
    const result = conversation.toolResult("call_1", "rain")
    assert.deepStrictEqual(conversation.toolResults(result), ["call_1"])
    const replaced = conversation.replaceToolResults(result, { call_1: "sun" })
    assert.deepStrictEqual(replaced, conversation.toolResult("call_1", "sun"))
  })
})
