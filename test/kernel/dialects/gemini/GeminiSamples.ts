/** Requests and answers of Gemini's wire that come back as they are. */
import type { Schema } from "effect"
import { call, content, head, result, signed, usageMetadata, user } from "./GeminiWire.ts"

export const requests: ReadonlyArray<{ readonly name: string; readonly body: Schema.JsonObject }> = [
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
          { toolCall: { toolType: "GOOGLE_SEARCH" } },
          { inlineData: { mimeType: "image/png", data: "CC==" }, thought: true }
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

export const answers: ReadonlyArray<
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
