import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import type { Schema } from "effect"
import { chat } from "../../../../src/kernel/dialects/chat/ChatDialect.ts"
import * as SignedTexts from "../../../../src/kernel/dialects/chat/SignedTexts.ts"
import { SseReader } from "../../../../src/kernel/dialects/sse/SseReader.ts"
import * as Translation from "../../../../src/kernel/dialects/Translation.ts"
import type { ChatResponse } from "../../../../src/kernel/messages/ChatResponse.ts"
import type { ContentBlock } from "../../../../src/kernel/messages/ContentBlock.ts"
import { blocksOf } from "../../../../src/kernel/messages/Message.ts"
import * as OpaqueState from "../../../../src/kernel/messages/OpaqueState.ts"

const text = (text: string, signature?: string): ContentBlock =>
  signature === undefined ? { type: "text", text } : { type: "text", text, signature, producer_dialect: "gemini" }

const call: ContentBlock = { type: "tool_call", id: "c", name: "f", input: {} }

const answer = (content: ReadonlyArray<ContentBlock>): ChatResponse => ({ content, finish_reason: "stop" })

const essence = (block: ContentBlock) => ({ text: block["text"] ?? block.type, signature: block["signature"] ?? null })

const messageOf = (response: ChatResponse): Schema.JsonObject =>
  Object(chat.lower.response(response))["choices"][0].message

/** What comes back with the client's next request. */
const returned = (message: Schema.JsonObject) => {
  const request = Result.getOrThrow(chat.raise.request({ model: "m", messages: [message] }))
  return request.messages.flatMap(blocksOf).map(essence)
}

const streamed = (response: ChatResponse) => {
  const { add } = chat.lower.stream()
  const raiser = chat.raise.stream()
  const frames = new SseReader().feed(Buffer.concat([...Translation.partsOf(response).flatMap(add), chat.lastFrame]))
  return [...frames.flatMap((frame) => raiser.add(frame)), ...raiser.end()]
}

const contents: ReadonlyArray<readonly [given: string, content: ReadonlyArray<ContentBlock>]> = [
  ["one signed text", [text("a", "A")]],
  ["two signed texts", [text("ä🌧", "A"), text("b", "B")]],
  ["a signed text and one that is not", [text("a", "A"), text("b")]],
  ["a signature on nothing", [text("a"), text("", "A")].slice(1)],
  ["texts around a call", [text("a", "A"), call, text("b", "B")]],
  ["a signature on nothing behind a call", [text("a", "A"), call, text("", "B")]]
]

describe("SignedTexts", () => {
  it.each(contents)("come back with the client's next request: %s", (_, content) => {
    assert.deepStrictEqual(returned(messageOf(answer(content))), content.map(essence))
  })

  it.each(contents)("are the same in a stream: %s", (_, content) => {
    const parts = streamed(answer(content))
    const last = parts.at(-1)
    const blocks = last?.type === "response" ? last.response.content : []
    assert.deepStrictEqual(blocks.map(essence), content.map(essence))
    const ends = parts.flatMap((part) => part.type === "block_end" ? [part.block] : [])
    assert.sameDeepMembers(ends.map(essence), content.map(essence))
  })

  it("leave a single text its own signature, which Google reads itself", () => {
    assert.deepInclude(messageOf(answer([text("a", "A")])), {
      extra_content: { google: { thought_signature: "A" } }
    })
  })

  it("join what nobody signed with the signed text behind it", () => {
    assert.deepStrictEqual(returned(messageOf(answer([text("a"), text("b", "B")]))), [{ text: "ab", signature: "B" }])
  })

  it("stay with the text where the client has cut it", () => {
    const message = { ...messageOf(answer([text("aa", "A"), text("bb", "B")])), content: "aa" }
    assert.deepStrictEqual(returned(message), [{ text: "aa", signature: "B" }])
  })

  it("stay with the last of several parts", () => {
    const parts = [{ type: "text", text: "aa" }, { type: "text", text: "bb" }]
    const message = { ...messageOf(answer([text("aa", "A"), text("bb", "B")])), content: parts }
    assert.deepStrictEqual(returned(message), [{ text: "aa", signature: null }, { text: "bb", signature: "B" }])
  })

  it.each<Schema.Json>([-1, 1.5, "1", null])("are no envelope with a length of %s", (length) => {
    const sealed = OpaqueState.seal({ dialect: "gemini", fields: { texts: [{ length, signature: "A", calls: 0 }] } })
    assert.isUndefined(SignedTexts.open(sealed))
  })
})
