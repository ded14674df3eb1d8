/** Requests, answers and streams of the Responses dialect, as OpenAI's documents have them. */
import type { Schema } from "effect"
import { SseReader } from "../../../../src/kernel/dialects/sse/SseReader.ts"

export const call = {
  type: "function_call",
  id: "fc_1",
  call_id: "call_1",
  status: "completed",
  name: "weather",
  arguments: "{\"city\":\"Oslo\"}"
}
export const reasoning = {
  type: "reasoning",
  id: "rs_1",
  summary: [{ type: "summary_text", text: "The user asks for weather." }],
  encrypted_content: "gAAAA1"
}
export const silent = { type: "reasoning", id: "rs_2", summary: [], encrypted_content: "gAAAA2" }
const user = { type: "message", role: "user", content: "Hello?" }

export const requests: ReadonlyArray<{ readonly name: string; readonly body: Schema.JsonObject }> = [
  { name: "a text", body: { model: "gpt-5", input: [user] } },
  {
    name: "all roles, in their places",
    body: {
      model: "gpt-5",
      instructions: "Be brief.",
      input: [
        { type: "message", role: "system", content: "Be kind." },
        user,
        { type: "message", role: "developer", content: [{ type: "input_text", text: "Be exact." }], id: "msg_9" },
        { type: "message", role: "assistant", content: "Hi" },
        user
      ]
    }
  },
  {
    name: "images and files",
    body: {
      model: "gpt-5",
      input: [{
        type: "message",
        role: "user",
        content: [
          { type: "input_text", text: "What is this?" },
          { type: "input_image", image_url: "https://example.com/a.png", detail: "low" },
          { type: "input_image", image_url: "data:image/png;base64,AA==", detail: "auto" },
          { type: "input_image", file_id: "file_1", detail: "auto" },
          { type: "input_file", filename: "a.pdf", file_data: "data:application/pdf;base64,AA==" }
        ]
      }]
    }
  },
  {
    name: "reasoning, calls and results",
    body: {
      model: "gpt-5",
      input: [
        user,
        reasoning,
        silent,
        {
          type: "message",
          id: "msg_1",
          status: "completed",
          role: "assistant",
          content: [
            { type: "output_text", text: "Let me", annotations: [] },
            { type: "output_text", text: " see.", annotations: [{ type: "url_citation", url: "https://example.com" }] }
          ]
        },
        {
          type: "message",
          id: "msg_2",
          status: "completed",
          role: "assistant",
          phase: "commentary",
          content: [{ type: "refusal", refusal: "No." }]
        },
        call,
        { ...call, id: "fc_2", call_id: "call_2", arguments: "{ \"city\" : 1 }" },
        { ...call, id: "fc_3", call_id: "call_3", arguments: "not json" },
        { type: "custom_tool_call", id: "ctc_1", call_id: "call_4", name: "sh", input: "ls" },
        { type: "web_search_call", id: "ws_1", status: "completed", action: { type: "search", query: "Oslo" } },
        { type: "function_call_output", call_id: "call_1", output: "rain" },
        {
          type: "function_call_output",
          call_id: "call_2",
          id: "fco_2",
          output: [
            { type: "input_text", text: "a map" },
            { type: "input_image", image_url: "https://example.com/map.png", detail: "high" },
            { type: "input_text", text: "of Oslo" }
          ]
        },
        { type: "function_call_output", call_id: "call_3", output: "{\"error\":\"no json\"}" },
        { type: "custom_tool_call_output", call_id: "call_4", output: "a b" },
        { type: "item_reference", id: "msg_0" }
      ]
    }
  },
  {
    name: "reasoning in plain words",
    body: {
      model: "gpt-oss",
      input: [
        user,
        {
          type: "reasoning",
          id: "rs_1",
          summary: [],
          content: [{ type: "reasoning_text", text: "hm" }],
          status: "completed"
        },
        {
          type: "reasoning",
          id: "rs_2",
          summary: [{ type: "summary_text", text: "a" }, { type: "summary_text", text: "b" }],
          encrypted_content: "x"
        }
      ]
    }
  },
  {
    name: "tools",
    body: {
      model: "gpt-5",
      input: [user],
      tools: [
        { type: "web_search" },
        { type: "function", name: "f", description: "d", parameters: { type: "object" }, strict: true },
        { type: "mcp", server_label: "s", server_url: "https://example.com" },
        { type: "function", name: "g", parameters: { type: "object" }, strict: false, defer_loading: true }
      ],
      tool_choice: { type: "function", name: "f" },
      parallel_tool_calls: false
    }
  },
  {
    name: "a choice among tools",
    body: {
      model: "gpt-5",
      input: [user],
      tool_choice: { type: "allowed_tools", mode: "auto", tools: [{ type: "function", name: "f" }] }
    }
  },
  {
    name: "settings",
    body: {
      model: "gpt-5",
      input: [user],
      stream: true,
      stream_options: { include_obfuscation: false },
      temperature: 0.5,
      top_p: 0.9,
      max_output_tokens: 99,
      max_tool_calls: 3,
      reasoning: { effort: "low", summary: "auto" },
      text: {
        format: { type: "json_schema", name: "n", schema: { type: "object" }, strict: true, description: "d" },
        verbosity: "low"
      },
      include: ["message.output_text.logprobs", "reasoning.encrypted_content"],
      metadata: { user: "ada" },
      safety_identifier: "u1",
      prompt_cache_key: "k",
      service_tier: "flex",
      truncation: "auto",
      presence_penalty: 0.5
    }
  },
  {
    name: "an answer that the vendor keeps",
    body: {
      model: "gpt-5",
      input: [user, { type: "reasoning", id: "rs_1", summary: [] }],
      store: true,
      previous_response_id: "resp_0",
      user: "u2"
    }
  },
  { name: "nothing but what the vendor keeps", body: { model: "gpt-5", previous_response_id: "resp_0", store: true } },
  { name: "any JSON", body: { model: "gpt-5", input: [user], text: { format: { type: "json_object" } } } }
]

/** As Strata sends it: the vendor keeps nothing where nobody says otherwise. */
export const asSent = (body: Schema.JsonObject): Schema.JsonObject => {
  const { include = [], store = false } = body
  const encrypted = "reasoning.encrypted_content"
  const given = include as ReadonlyArray<Schema.Json>
  const all = store === true || given.includes(encrypted) ? given : [...given, encrypted]
  return { ...body, store, ...(all.length === 0 ? {} : { include: all }) }
}

export const text = (value: string) => ({
  type: "output_text",
  text: value,
  annotations: [] as ReadonlyArray<Schema.Json>,
  logprobs: [] as ReadonlyArray<Schema.Json>
})
export const message = (id: string, ...content: ReadonlyArray<Schema.JsonObject>) => ({
  type: "message",
  id,
  status: "completed",
  role: "assistant",
  content
})

export const usage = {
  input_tokens: 50,
  input_tokens_details: { cached_tokens: 20, cache_write_tokens: 5, cache_write_tokens_details: { ttl_30m_tokens: 5 } },
  output_tokens: 30,
  output_tokens_details: { reasoning_tokens: 10 },
  total_tokens: 80
}

export const answer = (output: ReadonlyArray<Schema.JsonObject>, more: Schema.JsonObject = {}): Schema.JsonObject => ({
  id: "resp_1",
  object: "response",
  created_at: 7,
  model: "gpt-5",
  status: "completed",
  error: null,
  incomplete_details: null,
  parallel_tool_calls: true,
  output,
  usage,
  ...more
})

export const frame = (event: Schema.JsonObject): Uint8Array =>
  Buffer.from(`event: ${String(event["type"])}\ndata: ${JSON.stringify(event)}\n\n`)

/** The events of a stream whose output is this. */
export const streamOf = (
  output: ReadonlyArray<Schema.JsonObject>,
  more: Schema.JsonObject = {}
): ReadonlyArray<Uint8Array> => {
  const events: Array<Schema.JsonObject> = [{
    type: "response.created",
    response: answer([], { status: "in_progress", usage: null })
  }]
  output.forEach((item, output_index) => {
    const place = { item_id: item["id"] ?? null, output_index }
    const pieces = (value: Schema.Json | undefined) => String(value ?? "").match(/.{1,4}/gs) ?? []
    const growth = (type: string, value: Schema.Json | undefined, at: Schema.JsonObject) =>
      pieces(value).forEach((delta) => events.push({ type, ...place, ...at, delta }))
    const { arguments: _, content, summary, ...head } = item
    const list = (value: Schema.Json | undefined) =>
      Array.isArray(value) ? value as ReadonlyArray<Schema.JsonObject> : []
    events.push({
      type: "response.output_item.added",
      output_index,
      item: {
        ...head,
        ...(content === undefined ? {} : { content: [] }),
        ...(summary === undefined ? {} : { summary: [] }),
        ...(_ === undefined ? {} : { arguments: "" })
      }
    })
    list(summary).forEach((part, summary_index) =>
      growth("response.reasoning_summary_text.delta", part["text"], { summary_index })
    )
    list(content).forEach((part, content_index) => {
      if (item["type"] === "reasoning") return growth("response.reasoning_text.delta", part["text"], { content_index })
      events.push({
        type: "response.content_part.added",
        ...place,
        content_index,
        part: { ...part, ...(part["text"] === undefined ? {} : { text: "" }) }
      })
      growth("response.output_text.delta", part["text"], { content_index })
      growth("response.refusal.delta", part["refusal"], { content_index })
      return undefined
    })
    growth("response.function_call_arguments.delta", item["arguments"], {})
    events.push({ type: "response.output_item.done", output_index, item })
  })
  const response = answer(output, more)
  events.push({ type: response["status"] === "incomplete" ? "response.incomplete" : "response.completed", response })
  return events.map((event, sequence_number) => frame({ ...event, sequence_number }))
}

export const framesOf = (bytes: ReadonlyArray<Uint8Array>) => {
  const reader = new SseReader()
  return [...bytes.flatMap((each) => reader.feed(each)), ...reader.end()]
}
