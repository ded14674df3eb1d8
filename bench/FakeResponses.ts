/** Responses of the fake vendor, with all fields and frames that OpenAI sends. */
// @effect-diagnostics *:off
import { chunks, placeholder, words } from "./FakeAnswer.ts"

const text = words.join("")
const item_id = `msg_${placeholder}`
const part = (text: string) => ({ type: "output_text", annotations: [], logprobs: [], text })
const item = (status: string, content: ReadonlyArray<object>) => ({
  id: item_id,
  type: "message",
  status,
  content,
  role: "assistant"
})

const response = (status: string, output: ReadonlyArray<object>, usage: object | null) => ({
  id: placeholder,
  object: "response",
  created_at: 1_760_000_000,
  status,
  background: false,
  completed_at: status === "completed" ? 1_760_000_001 : null,
  error: null,
  frequency_penalty: 0,
  incomplete_details: null,
  instructions: "You are terse.",
  max_output_tokens: null,
  max_tool_calls: null,
  model: "bench-model",
  output,
  parallel_tool_calls: true,
  presence_penalty: 0,
  previous_response_id: null,
  prompt_cache_key: null,
  reasoning: { effort: null, summary: null },
  safety_identifier: null,
  service_tier: "default",
  store: true,
  temperature: 1,
  text: { format: { type: "text" }, verbosity: "medium" },
  tool_choice: "auto",
  tools: [],
  top_logprobs: 0,
  top_p: 1,
  truncation: "disabled",
  usage,
  user: null,
  metadata: {}
})

const completed = response("completed", [item("completed", [part(text)])], {
  input_tokens: 10,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: chunks,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 10 + chunks
})
const begun = response("in_progress", [], null)
const at = { item_id, output_index: 0, content_index: 0 }

const events: ReadonlyArray<{ readonly type: string; readonly [name: string]: unknown }> = [
  { type: "response.created", response: begun },
  { type: "response.in_progress", response: begun },
  { type: "response.output_item.added", output_index: 0, item: item("in_progress", []) },
  { type: "response.content_part.added", ...at, part: part("") },
  ...words.map((delta) => ({ type: "response.output_text.delta", ...at, delta, logprobs: [] })),
  { type: "response.output_text.done", ...at, text, logprobs: [] },
  { type: "response.content_part.done", ...at, part: part(text) },
  { type: "response.output_item.done", output_index: 0, item: completed.output[0] },
  { type: "response.completed", response: completed }
]

export const responseParts: ReadonlyArray<string> = JSON.stringify(completed).split(placeholder)

export const responseStreamParts: ReadonlyArray<string> = events
  .map((event, sequence_number) => `event: ${event.type}\ndata: ${JSON.stringify({ ...event, sequence_number })}\n\n`)
  .join("")
  .split(placeholder)
