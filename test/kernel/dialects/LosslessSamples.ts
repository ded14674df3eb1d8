/** Conversations and answers of three dialects that say as much as one can: what survives a trip over another is known by them. */
import type { Schema } from "effect"

export interface Sample {
  readonly name: string
  readonly body: Schema.JsonObject
}

const png = "iVBORw0KGgo="
const parameters = {
  type: "object",
  properties: { city: { type: "string", description: "Where." } },
  required: ["city"],
  additionalProperties: false
}
const place = { type: "object", properties: { city: { type: "string" } }, required: ["city"] }

const chatCall = (id: string, input: Schema.JsonObject, more: Schema.JsonObject = {}) => ({
  id,
  type: "function",
  function: { name: "get_weather", arguments: JSON.stringify(input) },
  ...more
})

const signed = (thought_signature: string) => ({ extra_content: { google: { thought_signature } } })

export const chatRequests: ReadonlyArray<Sample> = [
  {
    name: "parallel tools with results, and images",
    body: {
      model: "m",
      messages: [
        { role: "system", content: "Be brief." },
        { role: "developer", content: "Celsius." },
        {
          role: "user",
          content: [
            { type: "text", text: "Which is warmer?" },
            { type: "image_url", image_url: { url: "https://example.com/map.png", detail: "low" } },
            { type: "image_url", image_url: { url: `data:image/png;base64,${png}` } }
          ]
        },
        {
          role: "assistant",
          content: "I look.",
          tool_calls: [chatCall("call_1", { city: "Oslo" }), chatCall("call_2", { city: "Rom" })]
        },
        { role: "tool", tool_call_id: "call_1", content: "4 °C" },
        { role: "tool", tool_call_id: "call_2", content: [{ type: "text", text: "19 °C" }] },
        { role: "assistant", content: "Rome." },
        { role: "user", content: "As JSON." }
      ],
      tools: [{
        type: "function",
        function: { name: "get_weather", description: "The weather.", parameters, strict: true }
      }],
      tool_choice: "auto",
      parallel_tool_calls: false,
      response_format: { type: "json_schema", json_schema: { name: "place", schema: place, strict: true } },
      temperature: 0.5,
      top_p: 0.9,
      max_completion_tokens: 9000,
      stop: ["END", "\n\n"],
      seed: 7,
      presence_penalty: 0.1,
      frequency_penalty: 0.2,
      user: "ada",
      stream: true
    }
  },
  {
    name: "reasoning with signatures",
    body: {
      model: "m",
      reasoning_effort: "low",
      messages: [
        { role: "user", content: "Oslo?" },
        {
          role: "assistant",
          content: "I look.",
          thinking_blocks: [
            { type: "thinking", thinking: "Weather.", signature: "U0lHTg==", producer_dialect: "anthropic" },
            { type: "redacted_thinking", data: "T1BBUVVF", producer_dialect: "anthropic" }
          ],
          reasoning_content: "Weather.",
          tool_calls: [chatCall("call_1", { city: "Oslo" }, signed("R09PR0xF"))]
        },
        { role: "tool", tool_call_id: "call_1", content: "4 °C" }
      ],
      tools: [{ type: "function", function: { name: "get_weather", parameters } }],
      tool_choice: "auto"
    }
  },
  {
    name: "any JSON, and a tool that must be called",
    body: {
      model: "m",
      messages: [{ role: "user", content: "Oslo?" }],
      response_format: { type: "json_object" },
      tools: [{ type: "function", function: { name: "get_weather", parameters } }],
      tool_choice: { type: "function", function: { name: "get_weather" } }
    }
  }
]

const usage = {
  prompt_tokens: 30,
  completion_tokens: 12,
  total_tokens: 42,
  prompt_tokens_details: { cached_tokens: 16 },
  completion_tokens_details: { reasoning_tokens: 7 }
}

const completion = (message: Schema.JsonObject, finish_reason: string) => ({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1_700_000_000,
  model: "m",
  choices: [{ index: 0, message: { role: "assistant", ...message }, finish_reason }],
  usage
})

export const chatAnswers: ReadonlyArray<Sample> = [
  { name: "a text", body: completion({ content: "4 °C" }, "stop") },
  {
    name: "thoughts and parallel tools",
    body: completion({
      content: "I look.",
      reasoning_content: "Weather.",
      tool_calls: [chatCall("call_1", { city: "Oslo" }, signed("R09PR0xF")), chatCall("call_2", { city: "Rom" })]
    }, "tool_calls")
  },
  { name: "one that is too long", body: completion({ content: "4" }, "length") },
  { name: "one that is filtered", body: completion({ content: "" }, "content_filter") }
]

const cache_control = { type: "ephemeral" }
const text = (text: string, more: Schema.JsonObject = {}) => ({ type: "text", text, ...more })
const use = (id: string, input: Schema.JsonObject) => ({ type: "tool_use", id, name: "get_weather", input })
const image = { type: "image", source: { type: "base64", media_type: "image/png", data: png } }

export const anthropicRequests: ReadonlyArray<Sample> = [
  {
    name: "signed thinking, parallel tools with an image and an error, marks of the cache",
    body: {
      model: "m",
      max_tokens: 9000,
      system: [text("Be brief.", { cache_control })],
      messages: [
        { role: "user", content: [text("Which is warmer?", { cache_control }), image] },
        {
          role: "assistant",
          content: [
            { type: "thinking", thinking: "Weather.", signature: "U0lHTjE=" },
            { type: "redacted_thinking", data: "T1BBUVVF" },
            { type: "thinking", thinking: "", signature: "U0lHTjI=" },
            text("I look."),
            use("toolu_1", { city: "Oslo" }),
            use("toolu_2", { city: "Rom" })
          ]
        },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "toolu_1", content: [text("4 °C"), image] },
            { type: "tool_result", tool_use_id: "toolu_2", content: "no such city", is_error: true },
            text("And?", { cache_control })
          ]
        }
      ],
      tools: [{ name: "get_weather", description: "The weather.", input_schema: parameters, cache_control }],
      tool_choice: { type: "auto" },
      thinking: { type: "enabled", budget_tokens: 2048 },
      stop_sequences: ["END"],
      metadata: { user_id: "ada" },
      stream: true
    }
  },
  {
    name: "sampling, and one tool at a time",
    body: {
      model: "m",
      max_tokens: 100,
      messages: [{ role: "user", content: [text("Oslo?")] }],
      tools: [{ name: "get_weather", input_schema: parameters }],
      tool_choice: { type: "tool", name: "get_weather", disable_parallel_tool_use: true },
      temperature: 0.5,
      top_p: 0.9,
      top_k: 40,
      output_config: { format: { type: "json_schema", schema: place } }
    }
  }
]

const message = (content: ReadonlyArray<Schema.JsonObject>, stop_reason: string) => ({
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "m",
  content,
  stop_reason,
  stop_sequence: null,
  usage: { input_tokens: 4, output_tokens: 20, cache_creation_input_tokens: 100, cache_read_input_tokens: 1000 }
})

export const anthropicAnswers: ReadonlyArray<Sample> = [
  { name: "a text", body: message([text("4 °C")], "end_turn") },
  {
    name: "signed thinking between parallel tools",
    body: message([
      { type: "thinking", thinking: "Weather.", signature: "U0lHTjE=" },
      { type: "redacted_thinking", data: "T1BBUVVF" },
      text("I look."),
      use("toolu_1", { city: "Oslo" }),
      { type: "thinking", thinking: "And Rome.", signature: "U0lHTjI=" },
      use("toolu_2", { city: "Rom" })
    ], "tool_use")
  },
  { name: "one that is too long", body: message([text("4")], "max_tokens") },
  { name: "one that is refused", body: message([], "refusal") }
]

const call = (name: string, args: Schema.JsonObject, id: string) => ({ functionCall: { id, name, args } })

export const geminiRequests: ReadonlyArray<Sample> = [
  {
    name: "signatures on their parts, parallel functions with an image and an error",
    body: {
      systemInstruction: { parts: [{ text: "Be brief." }] },
      contents: [
        {
          role: "user",
          parts: [{ text: "Which is warmer?" }, { inlineData: { mimeType: "image/png", data: png } }, {
            fileData: { mimeType: "image/png", fileUri: "https://example.com/map.png" }
          }]
        },
        {
          role: "model",
          parts: [
            { text: "Weather.", thought: true },
            { text: "I look.", thoughtSignature: "U0lHTjE=" },
            { ...call("get_weather", { city: "Oslo" }, "c1"), thoughtSignature: "U0lHTjI=" },
            call("get_weather", { city: "Rom" }, "c2")
          ]
        },
        {
          role: "user",
          parts: [
            {
              functionResponse: {
                id: "c1",
                name: "get_weather",
                response: { output: [{ type: "text", text: "4 °C" }, { $ref: "image_0" }] },
                parts: [{ inlineData: { displayName: "image_0", mimeType: "image/png", data: png } }]
              }
            },
            { functionResponse: { id: "c2", name: "get_weather", response: { error: "no such city" } } },
            { text: "And?" }
          ]
        }
      ],
      tools: [{
        functionDeclarations: [{
          name: "get_weather",
          description: "The weather.",
          parametersJsonSchema: parameters
        }]
      }],
      toolConfig: { functionCallingConfig: { mode: "ANY", allowedFunctionNames: ["get_weather"] } },
      generationConfig: {
        temperature: 0.5,
        topP: 0.9,
        maxOutputTokens: 9000,
        stopSequences: ["END"],
        seed: 7,
        presencePenalty: 0.1,
        frequencyPenalty: 0.2,
        responseMimeType: "application/json",
        responseJsonSchema: place,
        thinkingConfig: { thinkingLevel: "LOW", includeThoughts: true }
      }
    }
  }
]

const answer = (parts: ReadonlyArray<Schema.JsonObject>, finishReason: string) => ({
  candidates: [{ index: 0, content: { role: "model", parts }, finishReason }],
  usageMetadata: {
    promptTokenCount: 10,
    candidatesTokenCount: 5,
    thoughtsTokenCount: 3,
    cachedContentTokenCount: 4,
    totalTokenCount: 18
  },
  modelVersion: "m",
  responseId: "r1"
})

export const geminiAnswers: ReadonlyArray<Sample> = [
  { name: "a text", body: answer([{ text: "4 °C" }], "STOP") },
  {
    name: "thoughts, and signatures on their parts",
    body: answer([
      { text: "Weather.", thought: true },
      { text: "I look.", thoughtSignature: "U0lHTjE=" },
      { ...call("get_weather", { city: "Oslo" }, "c1"), thoughtSignature: "U0lHTjI=" },
      call("get_weather", { city: "Rom" }, "c2"),
      { text: "", thoughtSignature: "U0lHTjM=" }
    ], "STOP")
  },
  { name: "one that is too long", body: answer([{ text: "4" }], "MAX_TOKENS") },
  { name: "one that is filtered", body: answer([{ text: "4" }], "SAFETY") }
]
