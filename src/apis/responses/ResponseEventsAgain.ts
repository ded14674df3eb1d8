/** The events of a response that is made: as a stream of it would have them, each text in one piece. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { isFields, objectsIn } from "../../events/types/JsonAccess.ts"
import type { Item } from "./ResponseItems.ts"

type Event = Schema.JsonObject

const textIn = (value: Schema.Json | undefined): string => Predicate.isString(value) ? value : ""

/** A text that grows within a part. */
interface Grown {
  readonly added: string
  readonly delta: string
  readonly done: string
  readonly ended: string
  readonly place: Event
  readonly empty: Event
  readonly part: Event
  readonly text: string
  readonly more: Event
  readonly whole: Event
}

const grown = ({ added, delta, done, empty, ended, more, part, place, text, whole }: Grown): ReadonlyArray<Event> => [
  { type: added, ...place, part: empty },
  ...text === "" ? [] : [{ type: delta, ...place, delta: text, ...more }],
  { type: done, ...place, ...whole },
  { type: ended, ...place, part }
]

const contentPart = (at: Event, content_index: number, part: Event): ReadonlyArray<Event> => {
  const place = { ...at, content_index }
  const isRefusal = part["type"] === "refusal"
  const text = textIn(part[isRefusal ? "refusal" : "text"])
  const name = isRefusal ? "refusal" : "output_text"
  const more = isRefusal ? {} : { logprobs: [] }
  return grown({
    added: "response.content_part.added",
    delta: `response.${name}.delta`,
    done: `response.${name}.done`,
    ended: "response.content_part.done",
    place,
    empty: { ...part, [isRefusal ? "refusal" : "text"]: "" },
    part,
    text,
    more,
    whole: isRefusal ? { refusal: text } : { text, ...more }
  })
}

const summaryPart = (at: Event, summary_index: number, part: Event): ReadonlyArray<Event> => {
  const text = textIn(part["text"])
  return grown({
    added: "response.reasoning_summary_part.added",
    delta: "response.reasoning_summary_text.delta",
    done: "response.reasoning_summary_text.done",
    ended: "response.reasoning_summary_part.done",
    place: { ...at, summary_index },
    empty: { ...part, text: "" },
    part,
    text,
    more: {},
    whole: { text }
  })
}

const growing = (item: Item, output_index: number): readonly [begun: Event, events: ReadonlyArray<Event>] => {
  const at = { item_id: item["id"] ?? "", output_index }
  const text = textIn(item["arguments"])
  switch (item["type"]) {
    case "message":
      return [
        { ...item, status: "in_progress", content: [] },
        objectsIn(item["content"]).flatMap((part, index) => contentPart(at, index, part))
      ]
    case "reasoning":
      return [
        { ...item, summary: [] },
        objectsIn(item["summary"]).flatMap((part, index) => summaryPart(at, index, part))
      ]
    case "function_call":
      return [{ ...item, status: "in_progress", arguments: "" }, [
        { type: "response.function_call_arguments.delta", ...at, delta: text },
        { type: "response.function_call_arguments.done", ...at, arguments: text }
      ]]
    case "custom_tool_call": {
      const input = textIn(item["input"])
      return [{ ...item, status: "in_progress", input: "" }, [
        { type: "response.custom_tool_call_input.delta", ...at, delta: input },
        { type: "response.custom_tool_call_input.done", ...at, input }
      ]]
    }
    case "mcp_call":
      return [{ ...item, status: "in_progress", arguments: "", output: null, error: null }, [
        { type: "response.mcp_call.in_progress", ...at },
        { type: "response.mcp_call_arguments.delta", ...at, delta: text },
        { type: "response.mcp_call_arguments.done", ...at, arguments: text },
        { type: item["error"] == null ? "response.mcp_call.completed" : "response.mcp_call.failed", ...at }
      ]]
    case "mcp_list_tools":
      return [{ ...item, tools: [] }, [
        { type: "response.mcp_list_tools.in_progress", ...at },
        { type: "response.mcp_list_tools.completed", ...at }
      ]]
    default:
      return [item, []]
  }
}

/** `response`: as it is retrieved, at its end. */
export const of = (response: Item): ReadonlyArray<Event> => {
  const begun = {
    ...response,
    status: "in_progress",
    output: [],
    usage: null,
    completed_at: null,
    error: null,
    incomplete_details: null
  }
  const items = (Array.isArray(response["output"]) ? response["output"] : []).filter(isFields)
  const { status } = response
  const last = status === "failed" ? "failed" : status === "completed" ? "completed" : "incomplete"
  const events: ReadonlyArray<Event> = [
    { type: "response.created", response: begun },
    { type: "response.in_progress", response: begun },
    ...items.flatMap((item, output_index): ReadonlyArray<Event> => {
      const [first, events] = growing(item, output_index)
      return [
        { type: "response.output_item.added", output_index, item: first },
        ...events,
        { type: "response.output_item.done", output_index, item }
      ]
    }),
    { type: `response.${last}`, response }
  ]
  return events.map(({ type, ...event }, sequence_number) => ({ type: type!, sequence_number, ...event }))
}
