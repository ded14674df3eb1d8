/** A fake vendor of OpenAI's Responses: it reasons, calls a tool, and answers. */
import type { Schema } from "effect"
import type { ReceivedRequest } from "./FakeUpstream.ts"
import { ScriptedAnswer } from "./ScriptedAnswer.ts"
import * as Vendors from "./Vendors.ts"

type Item = Schema.JsonObject

export const reasoning = (n: number) => ({
  type: "reasoning",
  id: `rs_${n}`,
  summary: [{ type: "summary_text", text: `Thought ${n}.` }],
  encrypted_content: `gAAAA${n}==`
})

const call = (n: number) => ({
  type: "function_call",
  id: `fc_${n}`,
  call_id: `call_${n}`,
  status: "completed",
  name: "weather",
  arguments: "{\"city\":\"Oslo\"}"
})

const words = (n: number) => ({
  type: "message",
  id: `msg_${n}`,
  status: "completed",
  role: "assistant",
  content: [{ type: "output_text", text: "It rains.", annotations: [], logprobs: [] }]
})

export const response = (n: number, output: ReadonlyArray<Item>): Schema.JsonObject => ({
  id: `resp_${n}`,
  object: "response",
  created_at: 1_700_000_000,
  status: "completed",
  model: "o3-2025-04-16",
  output,
  usage: {
    input_tokens: 30,
    input_tokens_details: { cached_tokens: 10 },
    output_tokens: 20,
    output_tokens_details: { reasoning_tokens: 12 },
    total_tokens: 50
  }
})

/** Every event of a streamed answer, as the vendor sends them. */
const eventsOf = (whole: Schema.JsonObject): ScriptedAnswer => {
  const events: Array<Schema.JsonObject> = [{
    type: "response.created",
    response: { ...whole, status: "in_progress", output: [] }
  }]
  for (const [output_index, given] of (whole["output"] as ReadonlyArray<Item>).entries()) {
    const item_id = String(given["id"])
    const at = { item_id, output_index }
    if (given["type"] === "reasoning") {
      const { encrypted_content: _, ...begun } = given
      const part = { type: "summary_text", text: `Thought ${item_id.slice(3)}.` }
      events.push(
        { type: "response.output_item.added", output_index, item: { ...begun, summary: [] } },
        { type: "response.reasoning_summary_part.added", ...at, summary_index: 0, part: { ...part, text: "" } },
        { type: "response.reasoning_summary_text.delta", ...at, summary_index: 0, delta: part.text },
        { type: "response.reasoning_summary_text.done", ...at, summary_index: 0, text: part.text },
        { type: "response.reasoning_summary_part.done", ...at, summary_index: 0, part }
      )
    } else if (given["type"] === "function_call") {
      events.push(
        { type: "response.output_item.added", output_index, item: { ...given, arguments: "", status: "in_progress" } },
        { type: "response.function_call_arguments.delta", ...at, delta: "{\"city\":" },
        { type: "response.function_call_arguments.delta", ...at, delta: "\"Oslo\"}" },
        { type: "response.function_call_arguments.done", ...at, arguments: given["arguments"]! }
      )
    } else {
      const [part] = given["content"] as ReadonlyArray<Item>
      events.push(
        { type: "response.output_item.added", output_index, item: { ...given, content: [], status: "in_progress" } },
        { type: "response.content_part.added", ...at, content_index: 0, part: { ...part, text: "" } },
        { type: "response.output_text.delta", ...at, content_index: 0, delta: "It " },
        { type: "response.output_text.delta", ...at, content_index: 0, delta: "rains." },
        { type: "response.output_text.done", ...at, content_index: 0, text: "It rains." },
        { type: "response.content_part.done", ...at, content_index: 0, part: part! }
      )
    }
    events.push({ type: "response.output_item.done", output_index, item: given })
  }
  events.push({ type: "response.completed", response: whole })
  return Vendors.frames(
    events.map((event, sequence_number) =>
      `event: ${event["type"]}\ndata: ${JSON.stringify({ ...event, sequence_number })}\n\n`
    )
  )
}

export const inputOf = ({ body }: ReceivedRequest): ReadonlyArray<Item> => Object(body).input

/** Turns: a call of a tool after each question, and words behind its result. */
export const respond = (request: ReceivedRequest): ScriptedAnswer | undefined => {
  if (request.method === "GET") return undefined
  const { model, stream } = Object(request.body)
  if (model === "broken") return ScriptedAnswer.error(429, "Slow down.", "rate_limit_exceeded", "requests")
  const n = inputOf(request).length
  const isResult = inputOf(request).at(-1)?.["type"] === "function_call_output"
  const whole = response(n, [reasoning(n), isResult ? words(n) : call(n)])
  return stream === true ? eventsOf(whole) : ScriptedAnswer.json(200, whole)
}
