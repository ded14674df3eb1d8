/** A response of OpenAI's as its stream. */
import type { Schema } from "effect"
import type { ScriptedAnswer } from "./ScriptedAnswer.ts"
import * as Vendors from "./Vendors.ts"

type Item = Schema.JsonObject

/** Every event of a streamed answer, as the vendor sends them. */
export const eventsOf = (whole: Schema.JsonObject): ScriptedAnswer => {
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
