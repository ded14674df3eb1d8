/** What a chat client gets of thoughts, signatures and errors of any vendor, and that all of it comes back. */
import { assert, describe, it } from "@effect/vitest"
import { Result, Struct } from "effect"
import type { Schema } from "effect"
import { chat } from "../../../../src/kernel/dialects/chat/ChatDialect.ts"
import { SseReader } from "../../../../src/kernel/dialects/sse/SseReader.ts"
import type { ChatResponse } from "../../../../src/kernel/messages/ChatResponse.ts"
import type { ContentBlock } from "../../../../src/kernel/messages/ContentBlock.ts"
import type { StreamPart } from "../../../../src/kernel/messages/StreamPart.ts"

const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

const framesOf = (bytes: ReadonlyArray<Uint8Array>) => {
  const reader = new SseReader()
  return [...bytes.flatMap((each) => reader.feed(each)), ...reader.end()]
}
const valuesOf = (bytes: ReadonlyArray<Uint8Array>) =>
  framesOf(bytes).map(({ data }) => JSON.parse(data!) as Schema.JsonObject)

const deltasOf = (bytes: ReadonlyArray<Uint8Array>) =>
  valuesOf(bytes).flatMap(({ choices }) =>
    (choices as ReadonlyArray<{ delta: Schema.JsonObject }>).map(({ delta }) => delta)
  )

const raised = (bytes: ReadonlyArray<Uint8Array>, producer?: string) => {
  const raiser = chat.raise.stream(producer)
  return [...framesOf(bytes).flatMap((frame) => raiser.add(frame)), ...raiser.end()]
}

/** A block as a stream gives it: its words first, where it has any; a refusal comes whole. */
const streamed = (
  content: ReadonlyArray<ContentBlock>,
  more: Partial<ChatResponse> = {}
): ReadonlyArray<StreamPart> => [
  { type: "response_start", metadata: { id: "c", model: "m" } },
  ...content.flatMap((block, index): ReadonlyArray<StreamPart> => {
    const words = block["refusal"] === true ? "" : block["text"] ?? block["thinking"]
    return [
      {
        type: "block_start",
        index,
        block: block.type,
        ...(block.type === "tool_call" ? { id: String(block["id"]), name: String(block["name"]) } : {})
      },
      ...(typeof words === "string" && words !== "" ? [{ type: "block_delta" as const, index, text: words }] : []),
      { type: "block_end", index, block }
    ]
  }),
  { type: "response", response: { content, finish_reason: "tool_calls", ...more } }
]

const lowerStream = (parts: ReadonlyArray<StreamPart>) => {
  const { add } = chat.lower.stream()
  return parts.flatMap((part) => add(part))
}

/** What the client holds of a stream, which it sends back. */
const messageOf = (bytes: ReadonlyArray<Uint8Array>) => {
  const text = Buffer.concat(bytes).toString()
  return chat.conversation.answer(text, true)!.message
}

/** What a signature under `extra_content` says of whose it is. */
const ofGoogle = { producer_dialect: "gemini", provider_options: { chat: { signed: true } } } as const

const sentBack = (message: Schema.JsonObject) => {
  const body = { model: "m", messages: [{ role: "user", content: "a" }, message] }
  return Result.getOrThrow(chat.raise.request(json(body))).messages[1]!.content
}

const thinking: ReadonlyArray<ContentBlock> = [
  { type: "thinking", thinking: "alpha", signature: "SIG-1" },
  { type: "redacted_thinking", data: "OPAQUE" },
  { type: "thinking", thinking: "", signature: "SIG-2" },
  { type: "tool_call", id: "t1", name: "f", input: {} }
]

const states: ReadonlyArray<{ readonly name: string; readonly content: ReadonlyArray<ContentBlock> }> = [
  { name: "thoughts of Anthropic", content: thinking },
  {
    name: "encrypted reasoning of OpenAI",
    content: [
      { type: "thinking", thinking: "", content: ["gAAA", "rs_1"], producer_model: "openai/gpt-5" },
      {
        type: "thinking",
        thinking: "hm",
        content: ["gAAB", "rs_2"],
        provider_options: { responses: { status: "completed" } }
      },
      { type: "text", text: "So" }
    ]
  },
  {
    name: "signatures of Google",
    content: [
      { type: "thinking", thinking: "hm", signature: "s0", provider_options: { gemini: { a: 1 } } },
      { type: "text", text: "So", signature: "s1", ...ofGoogle },
      { type: "tool_call", id: "a", name: "f", input: { x: 1 }, signature: "s2", ...ofGoogle },
      { type: "tool_call", id: "b", name: "g", input: {} }
    ]
  },
  {
    name: "thoughts between text and calls",
    content: [
      { type: "thinking", thinking: "a", content: ["A", "rs_1"] },
      { type: "text", text: "So" },
      { type: "thinking", thinking: "", content: ["B", "rs_2"] },
      { type: "tool_call", id: "a", name: "f", input: {} },
      { type: "redacted_thinking", data: "C" },
      { type: "thinking", thinking: "d", content: ["D", "rs_3"] },
      { type: "tool_call", id: "b", name: "f", input: {} },
      { type: "redacted_thinking", data: "E" }
    ]
  },
  { name: "a refusal", content: [{ type: "text", text: "I will not.", refusal: true }] }
]

describe("ThinkingBlocks", () => {
  it.each(states)("gives a client $name, and gets all of it back, plain and streamed", ({ content }) => {
    const bytes = lowerStream(streamed(content))
    const { message } =
      (json(chat.lower.response({ content })) as { choices: ReadonlyArray<{ message: Schema.JsonObject }> })
        .choices[0]!
    assert.deepStrictEqual<unknown>(json(sentBack(message)), json(content))
    assert.deepStrictEqual<unknown>(json(sentBack(messageOf(bytes))), json(content))
  })

  it("streams words as reasoning_content, and each block whole at its end", () => {
    const deltas = deltasOf(lowerStream(streamed(thinking))).map((delta) => Struct.omit(delta, ["role"]))
    assert.deepStrictEqual(deltas.slice(0, 4), [
      { reasoning_content: "alpha" },
      { thinking_blocks: [{ type: "thinking", thinking: "alpha", signature: "SIG-1" }] },
      { thinking_blocks: [{ type: "redacted_thinking", data: "OPAQUE" }] },
      { thinking_blocks: [{ type: "thinking", thinking: "", signature: "SIG-2" }] }
    ])
  })

  it("streams all blocks once more at the end, for clients that keep the last value, and takes each once", () => {
    const lists = deltasOf(lowerStream(streamed(thinking))).flatMap((delta) =>
      Array.isArray(delta["thinking_blocks"]) ? [delta["thinking_blocks"]] : []
    )
    for (const thinking_blocks of [lists.at(-1)!, lists.flat()]) {
      const content = sentBack({ role: "assistant", content: null, thinking_blocks })
      assert.deepStrictEqual<unknown>(json(content), json(thinking.slice(0, 3)))
    }
    const [first, ...others] = deltasOf(lowerStream(streamed(thinking.slice(0, 1)))).filter((delta) =>
      "thinking_blocks" in delta
    )
    assert.isDefined(first)
    assert.deepStrictEqual(others, [])
  })

  it("writes no more than the words of a thought that has nothing else", () => {
    const content: ReadonlyArray<ContentBlock> = [{ type: "thinking", thinking: "hm" }, { type: "text", text: "So" }]
    const { message } =
      (chat.lower.response({ content })["choices"] as ReadonlyArray<{ message: Schema.JsonObject }>)[0]!
    assert.deepStrictEqual(message, { role: "assistant", content: "So", reasoning_content: "hm" })
    assert.isFalse(deltasOf(lowerStream(streamed(content))).some((delta) => "thinking_blocks" in delta))
  })

  it("understands the stream part by part, each block with its signature", () => {
    const parts = raised(lowerStream(streamed(thinking)), "p/m")
    const ended = parts.flatMap((part) => part.type === "block_end" ? [[part.index, part.block] as const] : [])
    const last = parts.at(-1)
    assert.deepStrictEqual(ended.map(([index]) => index), [0, 1, 2, 3])
    assert.deepStrictEqual(
      json(ended.map(([, block]) => block)),
      json(last?.type === "response" ? last.response.content : last)
    )
    assert.deepStrictEqual(ended.map(([, { signature }]) => signature), ["SIG-1", undefined, "SIG-2", undefined])
  })

  it("adds up thinking blocks that come in pieces, as LiteLLM sends them", () => {
    const chunk = (delta: Schema.JsonObject) =>
      Buffer.from(`data: ${JSON.stringify({ id: "c", choices: [{ index: 0, delta }] })}\n\n`)
    const piece = (thinking: string, signature = "") =>
      chunk({ reasoning_content: thinking, thinking_blocks: [{ type: "thinking", thinking, signature }] })
    const parts = raised([piece("al"), piece("pha"), piece("", "SIG-1"), chunk({ content: "So" })])
    assert.deepStrictEqual(json(parts.flatMap((part) => part.type === "block_end" ? [part.block] : [])), [
      {
        type: "thinking",
        thinking: "alpha",
        signature: "SIG-1",
        producer_dialect: "chat",
        provider_options: { chat: { field: "thinking_blocks" } }
      },
      { type: "text", text: "So" }
    ])
  })

  it("sends a vendor what it gave itself, where it gave it, and nothing of others", () => {
    const answer = (message: Schema.JsonObject) =>
      Result.getOrThrow(
        chat.raise.response({ choices: [{ message: { role: "assistant", content: "So", ...message } }] }, "p/m")
      )
    const lowered = (content: ReadonlyArray<ContentBlock>) =>
      Result.getOrThrow(chat.lower.request({ model: "m", messages: [{ role: "assistant", content }] }))
    const plain = { role: "assistant", content: "So" }
    for (
      const fields of [
        { reasoning_content: "hm" },
        { reasoning: "hm" },
        { thinking_blocks: [{ type: "thinking", thinking: "hm", signature: "s" }] }
      ]
    ) {
      const { body, degradations } = lowered(answer(fields).content)
      assert.deepStrictEqual<unknown>(json(body["messages"]), [{ ...plain, ...fields }])
      assert.deepStrictEqual(degradations, [])
    }
    const { body, degradations } = lowered([...thinking.slice(0, 2), { type: "text", text: "So" }])
    assert.deepStrictEqual(json(body["messages"]), [plain])
    assert.strictEqual(degradations.length, 2)
  })

  it("ends a stream that fails with the vendor's error in OpenAI's words", () => {
    const failure = { kind: "overloaded", message: "Overloaded", type: "overloaded_error" } as const
    const bytes = lowerStream([
      ...streamed([{ type: "text", text: "Hel" }]).slice(0, 3),
      { type: "error", error: { type: "error", error: { type: "overloaded_error", message: "Overloaded" } }, failure }
    ])
    const values = valuesOf(bytes)
    assert.deepStrictEqual(values.at(-1), {
      error: { message: "Overloaded", type: "overloaded_error", param: null, code: "overloaded_error" }
    })
    assert.isFalse(JSON.stringify(values).includes("\"stop\""))
    const last = raised(bytes).at(-1)
    assert.deepInclude(last?.type === "error" ? last.failure : last, { kind: "overloaded", message: "Overloaded" })
  })

  it("counts what a cache holds within the prompt, once", () => {
    const usage = {
      input_tokens: 1104,
      output_tokens: 20,
      total_tokens: 1124,
      cache_read_tokens: 1000,
      cache_write_tokens: 100
    }
    const wire = chat.lower.response({ content: [], usage })["usage"]
    assert.deepStrictEqual(wire, {
      prompt_tokens: 1104,
      completion_tokens: 20,
      prompt_tokens_details: { cached_tokens: 1000, cache_write_tokens: 100 },
      total_tokens: 1124
    })
    const last = valuesOf(lowerStream(streamed([], { usage }))).at(-1)
    assert.deepStrictEqual([last?.["choices"], last?.["usage"]], [[], wire])
    const again = Result.getOrThrow(chat.raise.response({ choices: [{ message: {} }], usage: wire })).usage
    assert.deepInclude(again, usage)
  })

  it("writes no usage where the client wants none", () => {
    const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2 }
    const { add } = chat.lower.stream({ includeUsage: false })
    assert.isFalse(valuesOf(streamed([], { usage }).flatMap((part) => add(part))).some((value) => "usage" in value))
  })
})
