/** What Gemini is asked is understood, and said again in the same words. */
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { gemini } from "../../../../src/kernel/dialects/gemini/GeminiDialect.ts"
import { SentRequest } from "../../../../src/kernel/dialects/gemini/SentWire.ts"
import type { ChatRequest } from "../../../../src/kernel/messages/ChatRequest.ts"
import type { ContentBlock } from "../../../../src/kernel/messages/ContentBlock.ts"
import { requests } from "./GeminiSamples.ts"
import { lowered, raised, user } from "./GeminiWire.ts"

describe("GeminiDialect, requests", () => {
  it.each(requests)("says $name again in the same words", ({ body }) => {
    const { body: again, degradations } = lowered(raised(body))
    assert.deepStrictEqual(again, body)
    assert.deepStrictEqual(degradations, [])
    Schema.decodeUnknownSync(SentRequest)(again)
  })

  it("understands turns as messages: results before the rest of their turn", () => {
    const { messages, model, tool_choice, tools } = raised(requests[3]!.body)
    assert.deepStrictEqual(messages.map(({ role }) => role), [
      "user",
      "assistant",
      "tool",
      "tool",
      "tool",
      "tool",
      "user"
    ])
    assert.deepStrictEqual<unknown>(messages[1]!.content, [
      {
        type: "tool_call",
        id: "gemini_call_1_0",
        name: "f",
        input: { x: 1 },
        signature: "S1",
        producer_dialect: "gemini"
      },
      { type: "tool_call", id: "gemini_call_1_1", name: "g", input: { y: [1] } },
      { type: "tool_call", id: "c3", name: "f", input: {} },
      {
        type: "tool_call",
        id: "gemini_call_1_3",
        name: "h",
        input: {},
        provider_options: { gemini: { functionCall: { willContinue: false } } }
      }
    ])
    assert.deepStrictEqual(
      messages.slice(2, 6).flatMap(({ content }) => content as ReadonlyArray<ContentBlock>).map((block) => [
        block["tool_call_id"],
        block["output"],
        block["is_error"]
      ]),
      [
        ["gemini_call_1_0", "1", undefined],
        ["gemini_call_1_1", { code: 7 }, true],
        ["c3", { temperature: 4 }, undefined],
        ["gemini_call_1_3", [1], undefined]
      ]
    )
    assert.strictEqual(model, undefined)
    assert.strictEqual(tool_choice, "required")
    assert.deepStrictEqual(tools?.[1]?.parameters, {
      type: "object",
      properties: { y: { type: "array", items: { type: ["integer", "null"] } } }
    })
  })

  it("understands settings", () => {
    const { messages: _, provider_options: __, ...settings } = raised(requests[5]!.body)
    assert.deepStrictEqual<unknown>(settings, {
      temperature: 0.5,
      top_p: 0.9,
      top_k: 40,
      max_output_tokens: 100,
      stop: ["a", "b"],
      seed: 7,
      presence_penalty: 0.1,
      frequency_penalty: 0.2,
      reasoning_budget_tokens: 1024,
      response_format: { type: "json_schema", json_schema: { type: "object", properties: { a: { type: "string" } } } },
      tool_choice: { name: "f" }
    })
  })

  it("reads the names that Google's own documents write with underscores", () => {
    const body = {
      system_instruction: { parts: [{ text: "be brief" }] },
      contents: [{ role: "user", parts: [{ inline_data: { mime_type: "image/png", data: "AA==" } }] }],
      generation_config: { max_output_tokens: 5, thinking_config: { thinking_budget: 0 } },
      tools: [{ function_declarations: [{ name: "f" }] }],
      tool_config: { function_calling_config: { mode: "NONE" } },
      safety_settings: []
    }
    assert.deepStrictEqual<unknown>(lowered(raised(body)).body, {
      systemInstruction: { parts: [{ text: "be brief" }] },
      contents: [{ role: "user", parts: [{ inlineData: { mimeType: "image/png", data: "AA==" } }] }],
      generationConfig: { maxOutputTokens: 5, thinkingConfig: { thinkingBudget: 0 } },
      tools: [{ functionDeclarations: [{ name: "f" }] }],
      toolConfig: { functionCallingConfig: { mode: "NONE" } },
      safetySettings: []
    })
  })

  it("leaves settings that are not what they should be to the vendor, as they came", () => {
    const generationConfig = { temperature: "0.5", topK: 1.5, stopSequences: "a", responseJsonSchema: true }
    const request = raised({ contents: [user], generationConfig })
    assert.deepStrictEqual(Object.keys(request).toSorted(), ["messages", "provider_options"])
    assert.deepStrictEqual<unknown>(lowered(request).body, { contents: [user], generationConfig })
  })

  const unanswerable: ReadonlyArray<readonly [string, ChatRequest, string]> = [
    ["nothing to answer", { messages: [{ role: "system", content: "be brief" }] }, "messages"],
    [
      "a user's part that there is none for",
      { messages: [{ role: "user", content: [{ type: "chat_part", part: { type: "input_audio" } } as never] }] },
      "messages"
    ],
    [
      "a result of no call",
      { messages: [{ role: "tool", content: [{ type: "tool_result", tool_call_id: "x", output: "1" }] }] },
      "messages"
    ],
    ["a choice of tools", { messages: [{ role: "user", content: "a" }], tool_choice: "some" }, "tool_choice"]
  ]
  it.each(unanswerable)("says of what it can't ask which field it is: %s", (_, request, param) => {
    const refused = Result.getOrThrow(Result.flip(gemini.lower.request(request)))
    assert.deepStrictEqual([refused.dialect, refused.param], ["gemini", param])
  })
})
