/** Requests and answers of Anthropic's dialect, with all that its documents have. */
import type { Schema } from "effect"

export interface Sample {
  readonly name: string
  readonly body: Schema.JsonObject
}

const cache_control = { type: "ephemeral", ttl: "1h" }
const text = (text: string, more: Schema.JsonObject = {}) => ({ type: "text", text, ...more })
const user = (...content: ReadonlyArray<Schema.JsonObject>) => ({ role: "user", content })
const assistant = (...content: ReadonlyArray<Schema.JsonObject>) => ({ role: "assistant", content })
const hello = user(text("Hello?"))
const request = (more: Schema.JsonObject) => ({ model: "m", max_tokens: 4096, messages: [hello], ...more })

const weather = {
  name: "get_weather",
  description: "The weather in a city.",
  input_schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] }
}

const citation = {
  type: "char_location",
  cited_text: "rain",
  document_index: 0,
  document_title: null,
  start_char_index: 0,
  end_char_index: 4
}

const toolUse = (id: string, input: Schema.JsonObject) => ({ type: "tool_use", id, name: "get_weather", input })
const search = { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: { query: "Oslo" } }
const hits = {
  type: "web_search_tool_result",
  tool_use_id: "srvtoolu_1",
  content: [{
    type: "web_search_result",
    url: "https://example.com",
    title: "Oslo",
    encrypted_content: "E",
    page_age: null
  }]
}

export const requests: ReadonlyArray<Sample> = [
  { name: "a text", body: request({}) },
  { name: "a plain system prompt", body: request({ system: "Be brief." }) },
  {
    name: "a system prompt in blocks, with a mark of the cache",
    body: request({ system: [text("Be brief."), text("Be kind.", { cache_control })] })
  },
  {
    name: "a system turn in its place",
    body: request({ messages: [hello, { role: "system", content: [text("Be brief.")] }, assistant(text("Hi."))] })
  },
  {
    name: "images, documents, files and marks of the cache",
    body: request({
      messages: [user(
        text("What is this?", { cache_control }),
        { type: "image", source: { type: "url", url: "https://example.com/a.png" }, cache_control },
        { type: "image", source: { type: "base64", media_type: "image/png", data: "AA==" }, transformations: { a: 1 } },
        { type: "image", source: { type: "file", file_id: "file_1" } },
        {
          type: "document",
          source: { type: "text", media_type: "text/plain", data: "rain" },
          title: "Weather",
          citations: { enabled: true },
          cache_control
        },
        { type: "search_result", source: "s", title: "t", content: [text("rain")] },
        { type: "container_upload", file_id: "file_2" },
        { type: "of_tomorrow", anything: [1, null] }
      )]
    })
  },
  {
    name: "thinking with signatures, redacted thinking, citations and calls",
    body: request({
      messages: [
        hello,
        assistant(
          { type: "thinking", thinking: "The user greets.", signature: "SIG-1" },
          { type: "redacted_thinking", data: "OPAQUE" },
          { type: "thinking", thinking: "", signature: "SIG-2" },
          text("It rains.", { citations: [citation] }),
          toolUse("toolu_1", { city: "Oslo" }),
          { ...toolUse("toolu_2", {}), cache_control, caller: { type: "direct" } }
        ),
        user(
          { type: "tool_result", tool_use_id: "toolu_1", content: "3 °C" },
          {
            type: "tool_result",
            tool_use_id: "toolu_2",
            is_error: true,
            cache_control,
            content: [
              text("before"),
              { type: "image", source: { type: "base64", media_type: "image/png", data: "AA==" } },
              text("behind", { cache_control }),
              { type: "tool_reference", tool_name: "get_weather" }
            ]
          },
          { type: "tool_result", tool_use_id: "toolu_3" },
          text("Which is warmer?")
        )
      ]
    })
  },
  {
    name: "thinking that is not signed, of a vendor that signs nothing",
    body: request({
      messages: [
        hello,
        assistant(
          { type: "thinking", thinking: "A greeting." },
          { type: "thinking", thinking: "", signature: "" },
          text("Hi.")
        )
      ]
    })
  },
  {
    name: "the vendor's own tools in a conversation",
    body: request({ messages: [hello, assistant(search, hits, text("Rain."))] })
  },
  {
    name: "tools of the client's and of the vendor's, in their order",
    body: request({
      tools: [
        { type: "web_search_20250305", name: "web_search", max_uses: 3, allowed_domains: ["example.com"] },
        { ...weather, strict: true, cache_control },
        { type: "bash_20250124", name: "bash" },
        { ...weather, name: "other", type: "custom", eager_input_streaming: true, input_examples: [{ city: "Oslo" }] },
        { type: "mcp_toolset", mcp_server_name: "s" }
      ],
      tool_choice: { type: "auto", disable_parallel_tool_use: true }
    })
  },
  ...[
    { type: "any" },
    { type: "none" },
    { type: "tool", name: "get_weather", disable_parallel_tool_use: false },
    { type: "of_tomorrow", a: 1 }
  ].map((tool_choice) => ({
    name: `the choice ${tool_choice.type}`,
    body: request({ tools: [weather], tool_choice })
  })),
  ...[
    { type: "enabled", budget_tokens: 2048, display: "omitted" },
    { type: "adaptive" },
    { type: "disabled" },
    { type: "between_tools" }
  ].map((thinking) => ({ name: `thinking ${thinking.type}`, body: request({ thinking }) })),
  { name: "an effort alone", body: request({ output_config: { effort: "high" } }) },
  {
    name: "an effort with thinking",
    body: request({ thinking: { type: "adaptive" }, output_config: { effort: "xhigh" } })
  },
  { name: "an effort of tomorrow", body: request({ output_config: { effort: "ultra", task_budget: { total: 1 } } }) },
  {
    name: "a schema for the answer",
    body: request({ output_config: { format: { type: "json_schema", schema: { type: "object" } } } })
  },
  {
    name: "a schema for the answer as the beta had it",
    body: request({ output_format: { type: "json_schema", schema: { type: "object" } } })
  },
  {
    name: "all numbers and texts",
    body: request({ temperature: 0.5, top_p: 0.9, top_k: 40, stop_sequences: ["\n\nHuman:", "END"], stream: true })
  },
  {
    name: "all that has no canonical place",
    body: request({
      metadata: { user_id: "u1", more: 1 },
      service_tier: "auto",
      container: "container_1",
      mcp_servers: [{ type: "url", name: "s", url: "https://example.com" }],
      context_management: { edits: [] },
      inference_geo: null,
      cache_control,
      of_tomorrow: { a: [1] }
    })
  }
]

const usage = {
  input_tokens: 4,
  cache_creation_input_tokens: 100,
  cache_read_input_tokens: 1000,
  output_tokens: 20,
  cache_creation: { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 0 },
  service_tier: "standard",
  server_tool_use: { web_search_requests: 1, web_fetch_requests: 0 },
  output_tokens_details: { thinking_tokens: 7 }
}

const answer = (more: Schema.JsonObject) => ({
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-x",
  content: [text("Hi.")],
  stop_reason: "end_turn",
  stop_sequence: null,
  usage,
  ...more
})

export const answers: ReadonlyArray<Sample> = [
  { name: "a text", body: answer({}) },
  { name: "no content", body: answer({ content: [] }) },
  {
    name: "all blocks",
    body: answer({
      stop_reason: "tool_use",
      content: [
        { type: "thinking", thinking: "The user greets.", signature: "SIG-1" },
        { type: "redacted_thinking", data: "OPAQUE" },
        { type: "thinking", thinking: "", signature: "SIG-2" },
        search,
        hits,
        text("It rains.", { citations: [citation] }),
        toolUse("toolu_1", { city: "Oslo", days: [1, 2] }),
        toolUse("toolu_2", {}),
        { type: "of_tomorrow", a: { b: null } }
      ]
    })
  },
  ...["max_tokens", "pause_turn", "model_context_window_exceeded", "of_tomorrow"].map((stop_reason) => ({
    name: `the end ${stop_reason}`,
    body: answer({ stop_reason })
  })),
  { name: "a text that stops it", body: answer({ stop_reason: "stop_sequence", stop_sequence: "END" }) },
  {
    name: "a refusal",
    body: answer({ stop_reason: "refusal", stop_details: { type: "refusal", category: "cyber", explanation: "no" } })
  },
  { name: "a container", body: answer({ container: { id: "c", expires_at: "2026-11-26T00:00:00Z" }, of_tomorrow: 1 }) }
]
