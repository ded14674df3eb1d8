/** What Gemini's wire says is understood, and said again in the same words; streams say what their whole says. */
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { gemini } from "../../../../src/kernel/dialects/gemini/GeminiDialect.ts"
import { SentRequest } from "../../../../src/kernel/dialects/gemini/SentWire.ts"
import { SseReader } from "../../../../src/kernel/dialects/sse/SseReader.ts"
import type { ChatRequest } from "../../../../src/kernel/messages/ChatRequest.ts"
import type { ContentBlock } from "../../../../src/kernel/messages/ContentBlock.ts"
import * as OpaqueState from "../../../../src/kernel/messages/OpaqueState.ts"
import type { StreamPart } from "../../../../src/kernel/messages/StreamPart.ts"

const user = { role: "user", parts: [{ text: "Hello?" }] }
const signed = (part: Schema.JsonObject, thoughtSignature: string) => ({ ...part, thoughtSignature })
const call = (name: string, args: Schema.JsonObject, id?: string) => ({
  functionCall: { name, args, ...(id === undefined ? {} : { id }) }
})
const result = (name: string, response: Schema.JsonObject, id?: string) => ({
  functionResponse: { name, response, ...(id === undefined ? {} : { id }) }
})

const requests: ReadonlyArray<{ readonly name: string; readonly body: Schema.JsonObject }> = [
  { name: "a text", body: { contents: [user] } },
  {
    name: "a system's instruction, and fields of Google's own",
    body: {
      systemInstruction: { role: "system", parts: [{ text: "be brief" }, { text: "be kind" }] },
      contents: [user, { role: "model", parts: [{ text: "Hi" }] }, user],
      safetySettings: [{ category: "HARM_CATEGORY_HARASSMENT", threshold: "BLOCK_NONE" }],
      cachedContent: "cachedContents/1",
      labels: { team: "a" }
    }
  },
  {
    name: "parts of all kinds",
    body: {
      contents: [{
        role: "user",
        parts: [
          { text: "what is this?", partMetadata: { a: 1 } },
          { inlineData: { mimeType: "image/png", data: "AA==", displayName: "a" }, mediaResolution: { level: "LOW" } },
          { inlineData: { mimeType: "audio/wav", data: "AA==" } },
          { fileData: { mimeType: "image/png", fileUri: "gs://b/a.png" } },
          { fileData: { mimeType: "video/mp4", fileUri: "https://youtu.be/1" }, videoMetadata: { fps: 1 } },
          { fileData: { fileUri: "https://example.com/a" } },
          { text: "two", inlineData: { mimeType: "image/png", data: "AA==" } },
          { somethingNew: { a: [1, null] } }
        ]
      }, {
        role: "model",
        parts: [
          { text: "I think", thought: true },
          signed({ text: "I know", thought: true }, "T1"),
          { executableCode: { language: "PYTHON", code: "1+1" } },
          signed({ codeExecutionResult: { outcome: "OUTCOME_OK", output: "2" } }, "T2"),
          signed({ text: "two" }, "T3"),
          signed({ text: "" }, "T4"),
          signed({ inlineData: { mimeType: "image/png", data: "BB==" } }, "T5"),
          { toolCall: { toolType: "GOOGLE_SEARCH" } }
        ]
      }, user]
    }
  },
  {
    name: "functions, calls with and without ids, and results",
    body: {
      contents: [
        user,
        {
          role: "model",
          parts: [signed(call("f", { x: 1 }), "S1"), call("g", { y: [1] }), call("f", {}, "c3"), {
            functionCall: { name: "h", args: {}, willContinue: false }
          }]
        },
        {
          role: "user",
          parts: [
            result("f", { output: "1" }),
            result("g", { error: { code: 7 } }),
            result("f", { temperature: 4 }, "c3"),
            { functionResponse: { name: "h", response: { output: [1] }, scheduling: "SILENT" } },
            { text: "and now?" }
          ]
        }
      ],
      tools: [
        {
          functionDeclarations: [
            {
              name: "f",
              description: "d",
              parametersJsonSchema: { type: "object", properties: { x: { type: "number" } } }
            },
            {
              name: "g",
              parameters: {
                type: "OBJECT",
                properties: { y: { type: "ARRAY", items: { type: "INTEGER", nullable: true } } }
              },
              response: { type: "STRING" }
            },
            { name: "h", behavior: "NON_BLOCKING" }
          ]
        },
        { googleSearch: {} },
        { codeExecution: {} }
      ],
      toolConfig: {
        functionCallingConfig: { mode: "ANY", allowedFunctionNames: ["f", "g"] },
        retrievalConfig: { languageCode: "en" }
      }
    }
  },
  {
    name: "results with images",
    body: {
      contents: [
        user,
        { role: "model", parts: [call("see", {}, "c1"), call("see", {}, "c2")] },
        {
          role: "user",
          parts: [
            {
              functionResponse: {
                id: "c1",
                name: "see",
                response: { output: [{ type: "text", text: "a cat" }, { $ref: "image_0" }] },
                parts: [{ inlineData: { displayName: "image_0", mimeType: "image/png", data: "AA==" } }]
              }
            },
            {
              functionResponse: {
                id: "c2",
                name: "see",
                response: { cat: { $ref: "cat.jpg" } },
                parts: [
                  { inlineData: { displayName: "cat.jpg", mimeType: "image/jpeg", data: "BB==" } },
                  { inlineData: { mimeType: "application/pdf", data: "CC==" } }
                ]
              }
            }
          ]
        }
      ]
    }
  },
  {
    name: "settings",
    body: {
      contents: [user],
      toolConfig: { functionCallingConfig: { mode: "ANY", allowedFunctionNames: ["f"] } },
      generationConfig: {
        temperature: 0.5,
        topP: 0.9,
        topK: 40,
        maxOutputTokens: 100,
        stopSequences: ["a", "b"],
        seed: 7,
        presencePenalty: 0.1,
        frequencyPenalty: 0.2,
        responseMimeType: "application/json",
        responseJsonSchema: { type: "object", properties: { a: { type: "string" } } },
        candidateCount: 2,
        responseModalities: ["TEXT"],
        responseLogprobs: true,
        thinkingConfig: { thinkingBudget: 1024, includeThoughts: true }
      }
    }
  },
  {
    name: "a schema in Google's own words, and a level of thinking",
    body: {
      contents: [user],
      generationConfig: {
        responseMimeType: "application/json",
        responseSchema: {
          type: "OBJECT",
          properties: { a: { type: "STRING", nullable: true } },
          propertyOrdering: ["a"]
        },
        thinkingConfig: { thinkingLevel: "LOW" }
      }
    }
  },
  {
    name: "what has no canonical form",
    body: {
      contents: [user],
      toolConfig: { functionCallingConfig: { mode: "VALIDATED" } },
      generationConfig: {
        responseMimeType: "text/x.enum",
        responseSchema: { type: "STRING", enum: ["a"] },
        thinkingConfig: { thinkingLevel: "THINKING_LEVEL_UNSPECIFIED" }
      }
    }
  },
  { name: "any JSON", body: { contents: [user], generationConfig: { responseMimeType: "application/json" } } },
  { name: "plain text", body: { contents: [user], generationConfig: { responseMimeType: "text/plain" } } }
]

const raised = (body: unknown) => Result.getOrThrow(gemini.raise.request(body))
const lowered = (request: ChatRequest) => Result.getOrThrow(gemini.lower.request(request))

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
      { type: "tool_call", id: "gemini_call_1_0", name: "f", input: { x: 1 }, signature: "S1" },
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

const head = { responseId: "r1", modelVersion: "gemini-3-flash", createTime: "2026-04-08T13:28:39.904801Z" }
const usageMetadata = {
  promptTokenCount: 10,
  candidatesTokenCount: 5,
  thoughtsTokenCount: 3,
  cachedContentTokenCount: 4,
  toolUsePromptTokenCount: 2,
  totalTokenCount: 20,
  promptTokensDetails: [{ modality: "TEXT", tokenCount: 10 }],
  trafficType: "ON_DEMAND"
}
const usage = { input_tokens: 12, output_tokens: 8, total_tokens: 20, reasoning_tokens: 3, cache_read_tokens: 4 }
const content = (...parts: ReadonlyArray<Schema.JsonObject>) => ({ role: "model", parts })

const answers: ReadonlyArray<
  { readonly name: string; readonly body: Schema.JsonObject; readonly finish: string | null }
> = [
  {
    name: "text with all that Google says of it",
    finish: "stop",
    body: {
      ...head,
      usageMetadata,
      modelStatus: { modelStage: "STABLE" },
      candidates: [{
        index: 0,
        content: content({ text: "Hello" }),
        finishReason: "STOP",
        avgLogprobs: -0.1,
        logprobsResult: { chosenCandidates: [{ token: "Hello" }], topCandidates: [] },
        safetyRatings: [{ category: "HARM_CATEGORY_HARASSMENT", probability: "NEGLIGIBLE" }],
        groundingMetadata: { webSearchQueries: ["a"], groundingChunks: [{ web: { uri: "u" } }] },
        citationMetadata: { citations: [{ startIndex: 1 }] }
      }]
    }
  },
  {
    name: "thoughts, calls and code",
    finish: "tool_calls",
    body: {
      ...head,
      usageMetadata,
      candidates: [{
        index: 0,
        content: content(
          { text: "hm", thought: true },
          { text: "So" },
          signed(call("f", { q: "a" }), "S"),
          call("f", { q: "b" }),
          call("g", {}, "given"),
          { executableCode: { language: "PYTHON", code: "1" } },
          signed({ text: "" }, "T")
        ),
        finishReason: "STOP"
      }]
    }
  },
  {
    name: "a word of Google's own",
    finish: "MALFORMED_FUNCTION_CALL",
    body: {
      ...head,
      candidates: [{
        index: 0,
        content: { role: "model" },
        finishReason: "MALFORMED_FUNCTION_CALL",
        finishMessage: "m"
      }]
    }
  },
  {
    name: "what is filtered",
    finish: "content_filter",
    body: { ...head, candidates: [{ index: 0, content: content({ text: "I" }), finishReason: "RECITATION" }] }
  },
  {
    name: "what is too long",
    finish: "length",
    body: { ...head, candidates: [{ index: 0, content: content({ text: "I" }), finishReason: "MAX_TOKENS" }] }
  },
  {
    name: "a prompt that is blocked",
    finish: "content_filter",
    body: { ...head, promptFeedback: { blockReason: "SAFETY", safetyRatings: [] } }
  },
  {
    name: "several answers",
    finish: "stop",
    body: {
      ...head,
      candidates: [
        { index: 0, content: content({ text: "a" }), finishReason: "STOP" },
        { index: 1, content: content({ text: "b" }), finishReason: "STOP" }
      ]
    }
  }
]

const raisedAnswer = (body: unknown, producer?: string) => Result.getOrThrow(gemini.raise.response(body, producer))

const frame = (value: unknown) => `data: ${JSON.stringify(value)}\r\n\r\n`

const raisedStream = (text: string | Uint8Array, producer?: string): ReadonlyArray<StreamPart> => {
  const raiser = gemini.raise.stream(producer)
  const reader = new SseReader()
  const frames = [...reader.feed(Buffer.from(text)), ...reader.end()]
  return [...frames.flatMap((each) => raiser.add(each)), ...raiser.end()]
}

const responseOf = (parts: ReadonlyArray<StreamPart>) => {
  const last = parts.at(-1)
  assert.strictEqual(last?.type, "response")
  return last?.type === "response" ? last.response : undefined
}

describe("GeminiDialect, answers", () => {
  it.each(answers)("says $name again in the same words", ({ body, finish }) => {
    const response = raisedAnswer(body, "google/m")
    assert.strictEqual(response.finish_reason, finish)
    assert.deepStrictEqual<unknown>(gemini.lower.response(response), body)
  })

  it.each(answers)("is the same of $name in one frame", ({ body }) => {
    assert.deepStrictEqual(responseOf(raisedStream(frame(body), "google/m")), raisedAnswer(body, "google/m"))
  })

  it("understands blocks, usage and what the vendor says of the answer", () => {
    const response = raisedAnswer(answers[1]!.body, "google/m")
    const producer_model = "google/m"
    const ids = response.content.flatMap((block) => block.type === "tool_call" ? [block["id"]] : [])
    assert.deepStrictEqual<unknown>(response.content, [
      { type: "thinking", thinking: "hm", provider_options: { gemini: { thought: true } }, producer_model },
      { type: "text", text: "So", producer_model },
      { type: "tool_call", id: ids[0]!, name: "f", input: { q: "a" }, signature: "S", producer_model },
      { type: "tool_call", id: ids[1]!, name: "f", input: { q: "b" }, producer_model },
      { type: "tool_call", id: "given", name: "g", input: {}, producer_model },
      { type: "gemini_block", block: { executableCode: { language: "PYTHON", code: "1" } }, producer_model },
      { type: "text", text: "", signature: "T", producer_model }
    ])
    assert.strictEqual(new Set(ids).size, 3)
    assert.deepStrictEqual<unknown>(response.usage, usage)
    assert.deepStrictEqual<unknown>(response.metadata, { id: "r1", model: "gemini-3-flash", created: 1_775_654_919 })
  })

  it("gives a call the same id whenever the answer is read, and others in another answer", () => {
    const body = { ...answers[1]!.body, responseId: "r2" }
    const ids = (of: Schema.JsonObject) =>
      raisedAnswer(of).content.flatMap((block) =>
        block.type === "tool_call" && block["id"] !== "given" ? [block["id"]] : []
      )
    assert.deepStrictEqual(ids(body), ids(structuredClone(body)))
    assert.isEmpty(ids(body).filter((id) => ids(answers[1]!.body).includes(id)))
  })

  it.each([
    [{ candidates: [{}] }, []],
    [{ candidates: [{ content: {} }] }, []],
    [{ candidates: [{ content: { parts: null } }], usageMetadata: null }, []],
    [{ candidates: [{ content: { parts: [{}, { text: "" }] } }] }, []]
  ])("takes %j for an answer that says nothing", (body, content) => {
    assert.deepStrictEqual<unknown>(raisedAnswer(body).content, content)
    assert.isNull(raisedAnswer(body).finish_reason)
  })

  it.each([undefined, null, 1, [], {}, { candidates: [] }, { error: { code: 500 } }, { candidates: "x" }])(
    "does not take %j for an answer",
    (body) => {
      assert.isTrue(Result.isFailure(gemini.raise.response(body)))
      assert.isEmpty(raisedStream(frame(body)).filter(({ type }) => type === "response"))
    }
  )
})

describe("GeminiDialect, streams", () => {
  const frames = [
    {
      candidates: [{ content: content({ text: "h", thought: true }), index: 0 }],
      ...head,
      usageMetadata: { promptTokenCount: 10, totalTokenCount: 10 }
    },
    { candidates: [{ content: content({ text: "m", thought: true }, { text: "S" }), index: 0 }], ...head },
    {
      candidates: [{ content: content({ text: "o" }), index: 0, citationMetadata: { citations: [{ a: 1 }] } }],
      ...head
    },
    { candidates: [{ content: content(signed(call("f", { q: "a" }), "S")), index: 0 }], ...head },
    {
      candidates: [{ content: content(call("f", { q: "b" })), index: 0, citationMetadata: { citations: [{ a: 2 }] } }],
      ...head
    },
    { candidates: [{ content: content({ text: "" }), finishReason: "STOP", index: 0 }], ...head, usageMetadata }
  ]
  const text = frames.map(frame).join("")
  const whole = {
    ...head,
    usageMetadata,
    candidates: [{
      index: 0,
      content: content(
        { text: "hm", thought: true },
        { text: "So" },
        signed(call("f", { q: "a" }), "S"),
        call("f", { q: "b" })
      ),
      finishReason: "STOP",
      citationMetadata: { citations: [{ a: 1 }, { a: 2 }] }
    }]
  }

  it("adds up to what the plain answer says", () => {
    const parts = raisedStream(text, "google/m")
    assert.deepStrictEqual(responseOf(parts), raisedAnswer(whole, "google/m"))
    assert.deepStrictEqual(
      parts.flatMap((part) => part.type === "block_end" ? [part.block] : []),
      raisedAnswer(whole, "google/m").content
    )
  })

  it("comes part by part", () => {
    const parts = raisedStream(text)
    const [one, two] = raisedAnswer(whole).content.filter(({ type }) => type === "tool_call")
    assert.deepStrictEqual(
      parts.slice(0, -1).map((part) => ({
        ...part,
        block: part.type === "block_end" ? 0 : "block" in part ? part.block : 0
      })),
      [
        {
          type: "response_start",
          metadata: { id: "r1", model: "gemini-3-flash", created: 1_775_654_919 },
          usage: { input_tokens: 10, output_tokens: 0, total_tokens: 10 },
          block: 0
        },
        { type: "block_start", index: 0, block: "thinking" },
        { type: "block_delta", index: 0, text: "h", block: 0 },
        { type: "block_delta", index: 0, text: "m", block: 0 },
        { type: "block_end", index: 0, block: 0 },
        { type: "block_start", index: 1, block: "text" },
        { type: "block_delta", index: 1, text: "S", block: 0 },
        { type: "block_delta", index: 1, text: "o", block: 0 },
        { type: "block_end", index: 1, block: 0 },
        { type: "block_start", index: 2, block: "tool_call", id: one!["id"] as string, name: "f" },
        { type: "block_delta", index: 2, text: "{\"q\":\"a\"}", block: 0 },
        { type: "block_end", index: 2, block: 0 },
        { type: "block_start", index: 3, block: "tool_call", id: two!["id"] as string, name: "f" },
        { type: "block_delta", index: 3, text: "{\"q\":\"b\"}", block: 0 },
        { type: "block_end", index: 3, block: 0 }
      ]
    )
  })

  it("is said again so that it adds up to the same", () => {
    const lowerer = gemini.lower.stream()
    const again = Buffer.concat(raisedStream(text, "google/m").flatMap((part) => lowerer.add(part)))
    assert.deepStrictEqual(responseOf(raisedStream(again, "google/m")), raisedAnswer(whole, "google/m"))
  })

  const error = { code: 503, message: "The model is overloaded.", status: "UNAVAILABLE" }
  it.each([
    ["in a frame", frame({ error })],
    ["as JSON of its own", `${JSON.stringify({ error }, null, 2)}\n\n`],
    ["in a list", `${JSON.stringify([{ error }])}\n\n`],
    ["in a frame of a list", frame([{ error }])]
  ])("breaks off with the vendor's error %s", (_, broken) => {
    const parts = raisedStream(frame(frames[0]) + broken + frame(frames[5]))
    assert.deepStrictEqual<unknown>(parts.at(-1), {
      type: "error",
      error,
      failure: { kind: "overloaded", message: "The model is overloaded.", type: "UNAVAILABLE", code: "503" }
    })
    assert.strictEqual(gemini.endingOf?.(frame(frames[0]) + broken), "failed")
    const lowerer = gemini.lower.stream()
    const again = Buffer.concat(parts.flatMap((part) => lowerer.add(part)))
    assert.deepStrictEqual(raisedStream(again).at(-1), parts.at(-1))
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

describe("gemini-thought-signature", () => {
  it("comes back on the first call only, with both results in one turn", () => {
    const vendor = {
      ...head,
      candidates: [{
        index: 0,
        finishReason: "STOP",
        content: content(signed(call("search", { q: "a" }), "SIG-A"), call("search", { q: "b" }))
      }]
    }
    const answer = raisedAnswer(vendor)
    const calls = answer.content.map((block) => [block["id"], block["signature"]] as const)
    assert.deepStrictEqual(calls.map(([, signature]) => signature), ["SIG-A", undefined])
    const { body } = lowered({
      model: "gemini-3-pro-preview",
      messages: [
        { role: "user", content: "search" },
        { role: "assistant", content: answer.content },
        ...calls.map(([id]) => ({
          role: "tool" as const,
          content: [{ type: "tool_result" as const, tool_call_id: String(id), output: "x" }]
        }))
      ]
    })
    assert.deepStrictEqual<unknown>((body["contents"] as ReadonlyArray<unknown>).slice(1), [
      content(signed(call("search", { q: "a" }), "SIG-A"), call("search", { q: "b" })),
      { role: "user", parts: [result("search", { output: "x" }), result("search", { output: "x" })] }
    ])
  })
})
