/** Conversations of other dialects before Gemini, and answers of other vendors before its clients. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { gemini } from "../../../../src/kernel/dialects/gemini/GeminiDialect.ts"
import { SentRequest } from "../../../../src/kernel/dialects/gemini/SentWire.ts"
import type { ChatRequest } from "../../../../src/kernel/messages/ChatRequest.ts"
import type { ContentBlock } from "../../../../src/kernel/messages/ContentBlock.ts"
import * as OpaqueState from "../../../../src/kernel/messages/OpaqueState.ts"
import type { StreamPart } from "../../../../src/kernel/messages/StreamPart.ts"
import { call, lowered, raised, raisedStream, responseOf, result, signed, user } from "./GeminiWire.ts"

describe("GeminiDialect, a conversation of other dialects", () => {
  const request: ChatRequest = {
    model: "gemini-3-flash",
    messages: [
      { role: "system", content: "be brief" },
      { role: "user", content: "a" },
      { role: "user", content: [{ type: "image", source: { type: "url", url: "https://example.com/a.png?x=1" } }] },
      {
        role: "assistant",
        producer_model: "anthropic/claude",
        content: [
          { type: "thinking", thinking: "hm", signature: "EqQB", producer_model: "anthropic/claude" },
          { type: "redacted_thinking", data: "Em" },
          { type: "reasoning", content: [], summary: [], producer_model: "openai/gpt-5" },
          { type: "text", text: "So", cache_control: { type: "ephemeral" } },
          { type: "tool_call", id: "toolu_1", name: "f", input: {} },
          { type: "tool_call", id: "toolu_2", name: "g", input: {} }
        ]
      },
      { role: "user", content: "wait" },
      { role: "tool", content: [{ type: "tool_result", tool_call_id: "toolu_1", output: "one", is_error: true }] },
      {
        role: "tool",
        tool_call_id: "toolu_2",
        content: "two"
      },
      { role: "developer", content: "mind the gap" }
    ],
    tools: [{ name: "f", parameters: { type: "object" }, strict: true, provider_options: { chat: { odd: 1 } } }],
    provider_options: { chat: { logit_bias: {} } },
    reasoning_effort: "high"
  }

  it("is one of turns that alternate, with what Google asks for", () => {
    const before = structuredClone(request)
    const { body } = lowered(request)
    assert.deepStrictEqual<unknown>(body, {
      systemInstruction: { parts: [{ text: "be brief" }] },
      contents: [
        {
          role: "user",
          parts: [{ text: "a" }, { fileData: { fileUri: "https://example.com/a.png?x=1", mimeType: "image/png" } }]
        },
        {
          role: "model",
          parts: [
            { text: "So" },
            signed(call("f", {}, "toolu_1"), "skip_thought_signature_validator"),
            call("g", {}, "toolu_2")
          ]
        },
        {
          role: "user",
          parts: [
            result("f", { error: "one" }, "toolu_1"),
            result("g", { output: "two" }, "toolu_2"),
            { text: "wait" },
            { text: "<context_file>\nmind the gap\n</context_file>" }
          ]
        }
      ],
      tools: [{ functionDeclarations: [{ name: "f", parametersJsonSchema: { type: "object" } }] }],
      generationConfig: { thinkingConfig: { thinkingLevel: "HIGH", includeThoughts: true } }
    })
    Schema.decodeUnknownSync(SentRequest)(body)
    assert.deepStrictEqual(request, before)
  })

  it("says what it leaves out", () => {
    assert.deepStrictEqual(lowered(request).degradations.map(({ actual, requested }) => [requested, actual]), [
      ["strict tools", "tools"],
      ["thinking of anthropic/claude", "without it"],
      ["thinking of another model", "without it"],
      ["thinking of openai/gpt-5", "without it"],
      ["function calls as the model signs them", "the signature skip_thought_signature_validator"]
    ])
  })

  it("puts no signature into calls for models that ask for none", () => {
    for (const model of ["gemini-2.5-pro", "gemma-3", undefined]) {
      const { body } = lowered({ ...request, ...(model === undefined ? { model: null } : { model }) })
      assert.notInclude(JSON.stringify(body), "thoughtSignature")
    }
  })

  it("lowers a signature in an envelope only where it is Google's", () => {
    const block = (signature: string): ContentBlock => ({ type: "tool_call", id: "c", name: "f", input: {}, signature })
    const asked = (signature: string) =>
      lowered({ messages: [{ role: "user", content: "a" }, { role: "assistant", content: [block(signature)] }] })
    const own = asked(OpaqueState.seal({ dialect: "gemini", fields: { signature: "R0VN" } }))
    assert.include(JSON.stringify(own.body), "\"thoughtSignature\":\"R0VN\"")
    const foreign = asked(OpaqueState.seal({ dialect: "anthropic", fields: { signature: "EqQB" } }))
    assert.notInclude(JSON.stringify(foreign.body), "thoughtSignature")
    assert.lengthOf(foreign.degradations, 1)
  })

  it("keeps a signature that is good in another dialect alone from Google, and gives it back to who can read it", () => {
    const block: ContentBlock = {
      type: "tool_call",
      id: "c",
      name: "f",
      input: {},
      signature: "EqQB",
      producer_dialect: "other"
    }
    const assistant = { role: "assistant", content: [block] } as const
    const { body, degradations } = lowered({ messages: [{ role: "user", content: "a" }, assistant] })
    assert.notInclude(JSON.stringify(body), "EqQB")
    assert.lengthOf(degradations, 1)
    const [candidate] = gemini.lower.response({ content: [block] })["candidates"] as ReadonlyArray<Schema.JsonObject>
    assert.deepStrictEqual(raised({ contents: [candidate!["content"]!] }).messages[0]!.content, [block])
  })

  it("gives a thought back to Google that is good in its dialect, whatever else is lost", () => {
    const block: ContentBlock = { type: "thinking", thinking: "hm", signature: "R0VN", producer_dialect: "gemini" }
    const { body, degradations } = lowered({ messages: [{ role: "assistant", content: [block] }] })
    assert.deepStrictEqual<unknown>(body["contents"], [{
      role: "model",
      parts: [signed({ text: "hm", thought: true }, "R0VN")]
    }])
    assert.isEmpty(degradations)
    const [foreign] = [{ ...block, producer_dialect: "anthropic", provider_options: { gemini: { thought: true } } }]
    assert.isNotEmpty(
      lowered({ messages: [{ role: "user", content: "a" }, { role: "assistant", content: [foreign] }] }).degradations
    )
  })

  it("puts images behind a result where the model takes none within", () => {
    const output = [{ type: "text", text: "a cat" }, {
      type: "image",
      source: { type: "base64", media_type: "image/png", data: "AA==" }
    }]
    const messages: ChatRequest["messages"] = [
      { role: "assistant", content: [{ type: "tool_call", id: "c", name: "see", input: {} }] },
      { role: "tool", content: [{ type: "tool_result", tool_call_id: "c", output }] }
    ]
    const response = { output: [{ type: "text", text: "a cat" }, { $ref: "image_0" }] }
    const parts = (model: string) =>
      (lowered({ model, messages }).body["contents"] as ReadonlyArray<Schema.JsonObject>)[1]!["parts"]
    assert.deepStrictEqual<unknown>(parts("gemini-2.5-flash"), [
      result("see", response, "c"),
      { inlineData: { mimeType: "image/png", data: "AA==" } }
    ])
    assert.deepStrictEqual<unknown>(parts("gemini-3-flash"), [{
      functionResponse: {
        id: "c",
        name: "see",
        response,
        parts: [{ inlineData: { displayName: "image_0", mimeType: "image/png", data: "AA==" } }]
      }
    }])
    const again = raised(lowered({ model: "gemini-3-flash", messages }).body)
    assert.deepStrictEqual<unknown>((again.messages[1]!.content as ReadonlyArray<ContentBlock>)[0]!["output"], output)
  })
})

describe("GeminiDialect, to a client of its own before other vendors", () => {
  const blocks: ReadonlyArray<ContentBlock> = [
    { type: "thinking", thinking: "hm", signature: "EqQB", producer_model: "anthropic/claude" },
    { type: "redacted_thinking", data: "Em", producer_model: "anthropic/claude" },
    { type: "thinking", thinking: "so", content: ["gAAA", "rs_1"], producer_model: "openai/gpt-5" },
    {
      type: "reasoning",
      content: [],
      summary: [{ type: "summary_text", text: "looked" }],
      producer_model: "openai/gpt-5",
      provider_options: { responses: { id: "rs_2" } }
    },
    { type: "text", text: "So" },
    { type: "tool_call", id: "toolu_1", name: "f", input: { a: 1 } }
  ]

  it("carries what only those vendors read, and gives it back to them", () => {
    const body = gemini.lower.response({ content: blocks, finish_reason: "tool_calls" })
    const [candidate] = body["candidates"] as ReadonlyArray<Schema.JsonObject>
    assert.strictEqual(candidate!["finishReason"], "STOP")
    const sent = {
      contents: [user, candidate!["content"]!, { role: "user", parts: [result("f", { output: "1" }, "toolu_1")] }]
    }
    const { messages } = raised(sent)
    assert.deepStrictEqual(messages[1]!.content, blocks)
  })

  it("carries it in a stream, too", () => {
    const lowerer = gemini.lower.stream()
    const parts: ReadonlyArray<StreamPart> = [
      { type: "response_start", metadata: { id: "msg_1", model: "claude" } },
      { type: "block_start", index: 0, block: "thinking" },
      { type: "block_delta", index: 0, text: "h" },
      { type: "block_delta", index: 0, text: "m" },
      { type: "block_end", index: 0, block: blocks[0]! },
      {
        type: "response",
        response: { content: [blocks[0]!], finish_reason: "stop", metadata: { id: "msg_1", model: "claude" } }
      }
    ]
    const response = responseOf(raisedStream(Buffer.concat(parts.flatMap((part) => lowerer.add(part)))))
    assert.deepStrictEqual(response?.metadata, { id: "msg_1", model: "claude" })
    const said = gemini.lower.response(response!)
    const [candidate] = said["candidates"] as ReadonlyArray<Schema.JsonObject>
    const content = raised({ contents: [candidate!["content"]!, user] }).messages[0]!.content as ReadonlyArray<
      ContentBlock
    >
    assert.strictEqual(content.map((block) => block["thinking"]).join(""), "hm")
    assert.strictEqual(content.find((block) => block["signature"] !== undefined)?.["signature"], "EqQB")
  })
})
